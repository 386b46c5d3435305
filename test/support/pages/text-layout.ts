/** Looks at the text of a page as it is drawn: what is cut off, what lies over other text, what runs out of the window. */
import type { Page } from 'playwright-core';

/** What is wrong with one piece of text. */
export interface TextFault {
  readonly fault: 'clipped' | 'overlapping' | 'outside';
  readonly text: string;
}

/**
 * Runs in the page. Text may be cut only where it is marked `data-cut` (its whole is in the tooltip) or can be scrolled
 * to. While a dialog is open, only what is in it is looked at.
 */
const inspect = (): TextFault[] => {
  const SLACK = 1.5;
  /** What lies over the page on purpose: toasts, what is said of something dragged. */
  const FLOATS = '[data-floats]';
  interface Box {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }
  interface Piece {
    readonly element: Element;
    readonly text: string;
    readonly box: Box;
  }
  const dialogs = [...document.querySelectorAll('[role="dialog"]')];
  const root = dialogs.at(-1) ?? document.body;
  const faults: TextFault[] = [];
  const pieces: Piece[] = [];

  const isCut = (overflow: string): boolean => overflow === 'hidden' || overflow === 'clip';
  const hides = (style: CSSStyleDeclaration): boolean => style.clipPath !== 'none' || style.opacity === '0';

  const visit = (node: Text): void => {
    const text = (node.textContent ?? '').trim();
    const element = node.parentElement;
    if (text === '' || !element?.checkVisibility()) return;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      let box: Box = rect;
      let scrolls = false;
      for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (hides(style)) return;
        if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
        const edge = at.getBoundingClientRect();
        const marked = at.closest('[data-cut]') !== null || element.closest('[data-cut]') !== null;
        const over = rect.right > edge.right + SLACK || rect.left < edge.left - SLACK;
        const under = rect.bottom > edge.bottom + SLACK + 2 || rect.top < edge.top - SLACK - 2;
        const cut = (isCut(style.overflowX) && over) || (isCut(style.overflowY) && under);
        if (cut && !marked && !scrolls) faults.push({ fault: 'clipped', text });
        if (!isCut(style.overflowX) || !isCut(style.overflowY)) scrolls = true;
        box = {
          left: Math.max(box.left, edge.left),
          top: Math.max(box.top, edge.top),
          right: Math.min(box.right, edge.right),
          bottom: Math.min(box.bottom, edge.bottom),
        };
      }
      if (box.right - box.left < 1 || box.bottom - box.top < 1) continue;
      if (box.right > window.innerWidth + SLACK || box.left < -SLACK) faults.push({ fault: 'outside', text });
      pieces.push({ element, text, box });
    }
  };

  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) visit(node as Text);

  for (const [index, one] of pieces.entries()) {
    for (const other of pieces.slice(index + 1)) {
      if (one.element === other.element) continue;
      if (one.element.closest(FLOATS) !== other.element.closest(FLOATS)) continue;
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (wide > 2 && high > 4) faults.push({ fault: 'overlapping', text: `${one.text} / ${other.text}` });
    }
  }
  const page = document.scrollingElement;
  if (page && page.scrollWidth > window.innerWidth + 1)
    faults.push({ fault: 'outside', text: 'the page scrolls sideways' });
  return faults;
};

export const textFaults = (page: Page): Promise<TextFault[]> => page.evaluate(inspect);

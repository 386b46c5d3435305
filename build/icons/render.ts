/** Draws the icons' pixels from mark.svg: `npx tsx build/icons/render.ts` after the mark was changed. The results are tracked. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const root = resolve(__dirname, '../..');
const APP_SIZES = [16, 32, 48, 64, 128, 256, 512, 1024];
const TRAY_SIZE = 32;

/** The dot on the tray entry, by what it says. Its shape differs too, so that colour is not needed to tell them apart. */
const TRAY_DOTS = {
  safe: '',
  moving: '<circle cx="100" cy="100" r="26" fill="#2f7de1" stroke="#fff" stroke-width="6"/>',
  quiet: '<rect x="68" y="84" width="64" height="32" rx="16" fill="#7a7a84" stroke="#fff" stroke-width="6"/>',
  'needs-you': '<path d="M100 68 L130 126 L70 126 Z" fill="#e8a317" stroke="#fff" stroke-width="6"/>',
  halted: '<rect x="74" y="74" width="52" height="52" fill="#d64545" stroke="#fff" stroke-width="6"/>',
} as const;

const draw = async (browser: Browser, svg: string, size: number): Promise<Buffer> => {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  const pixels = await page.screenshot({ omitBackground: true });
  await page.close();
  return pixels;
};

const main = async (): Promise<void> => {
  const mark = readFileSync(join(__dirname, 'mark.svg'), 'utf8');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  for (const size of APP_SIZES) {
    writeFileSync(join(__dirname, `${size}x${size}.png`), await draw(browser, mark, size));
  }
  for (const [name, dot] of Object.entries(TRAY_DOTS)) {
    const svg = mark.replace('</svg>', `${dot}</svg>`);
    writeFileSync(join(root, `electron/main/icons/tray-${name}.png`), await draw(browser, svg, TRAY_SIZE));
  }
  await browser.close();
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

import { createTheme, type MantineColorsTuple } from '@mantine/core';

const iris: MantineColorsTuple = [
  '#f2f0ff',
  '#e2defb',
  '#c3bbf3',
  '#a89dec',
  '#8b7de3',
  '#7365d6',
  '#5b4bc4',
  '#4d3eab',
  '#40338f',
  '#332973',
];

/** The one place where the component library is given the product's look: one accent, one radius, borders, no shadows. */
export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 6, dark: 5 },
  colors: { iris },
  fontFamily: "'Inter Variable', system-ui, 'Segoe UI', 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Noto Sans Mono', 'DejaVu Sans Mono', monospace",
  defaultRadius: 'md',
  radius: { md: '8px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  headings: { fontWeight: '600' },
  components: {
    Tooltip: { defaultProps: { withArrow: false, openDelay: 250, multiline: true, maw: 320 } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'md',
        overlayProps: { backgroundOpacity: 0.4 },
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
        // A dialog over another one would be a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
      styles: { title: { fontWeight: 600, fontSize: 16, overflowWrap: 'anywhere' } },
    },
    Menu: { defaultProps: { shadow: 'none', transitionProps: { duration: 100 } } },
    Popover: { defaultProps: { shadow: 'none', transitionProps: { duration: 100 } } },
    Button: { defaultProps: { size: 'sm' } },
    Switch: { defaultProps: { withThumbIndicator: false } },
    SegmentedControl: {
      defaultProps: { transitionDuration: 120 },
      styles: {
        root: { background: 'var(--sunken)', border: '1px solid var(--line)' },
        indicator: { background: 'var(--surface)', border: '1px solid var(--line-strong)', boxShadow: 'none' },
      },
    },
  },
});

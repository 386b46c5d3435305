/** Bundles the interface: one page, the same in the window and served by an engine. */
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

/** Writes the page into `outDirectory`. Throws what the bundler reports. */
export const bundleRenderer = async (root: string, outDirectory: string): Promise<void> => {
  await build({
    root: join(root, 'renderer'),
    configFile: false,
    // Relative addresses: the page is served from a scheme of the window's own and from a token's path.
    base: './',
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir: outDirectory,
      emptyOutDir: true,
      target: 'chrome114',
      minify: true,
      // The page's content security policy allows no inline code and no data addresses but images.
      modulePreload: false,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4096,
    },
  });
};

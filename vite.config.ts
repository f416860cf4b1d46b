import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the console's page and that of the confirm surface. Relative addresses, so that it works from `app://` and from a loopback host. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome138',
    // SECURITY: the content security policy allows scripts and styles from files alone: nothing is inlined.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ['renderer/index.html', 'renderer/confirm.html'].map((file) => join(import.meta.dirname, file)),
    },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_500,
  },
});

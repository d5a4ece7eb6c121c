import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The window. No inline script or style and no preload helper: the page is served under a strict content security policy. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../build/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 4096,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2500,
  },
});

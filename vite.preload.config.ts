import { defineConfig } from 'vite';

/** The script beside the page of the desktop window: one file, CommonJS, as the sandbox wants it. */
export default defineConfig({
  build: {
    lib: { entry: 'electron/preload/preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    outDir: 'build/preload',
    emptyOutDir: true,
    target: 'chrome130',
    minify: false,
    rolldownOptions: { external: ['electron'] },
  },
});

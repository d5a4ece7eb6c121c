import { defineConfig } from 'vite';

/** What Node runs: the command line, the main process of the desktop window and the simulation workers, npm packages left outside. */
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'build/node',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: {
        'cli/main': 'cli/main.ts',
        'electron/main': 'electron/main/main.ts',
        'deploy/synth-child': 'cloud/deploy/synth-child.ts',
        'worker/entry': 'engine/worker/entry.ts',
        'worker/pool': 'engine/worker/pool.ts',
      },
      // A development dependency: asked for when a template is first made (docs/decisions/0011). Others are left outside by themselves.
      external: [/^aws-cdk-lib(\/|$)/, /^constructs(\/|$)/],
      // One level deep like the entries, so that a worker is found at ../worker/entry.js from any of them.
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});

import { defineConfig } from 'vite';

/** The CDK child as packages carry it: one file with the CDK in it, 40 MB instead of 190. CommonJS, as the CDK asks for `__dirname`. */
export default defineConfig({
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: 'build/cdk',
    emptyOutDir: true,
    target: 'node20',
    minify: true,
    rolldownOptions: {
      input: { 'synth-child': 'cloud/deploy/synth-child.ts' },
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
});

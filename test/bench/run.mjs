/** Bundles the benches as the product's own node build does, so that no loader is in the way, and runs them. */
import { spawn } from 'node:child_process';
import { build } from 'vite';
import '#bin/require-node.mjs';
import { ROOT } from '#bin/build-state.mjs';

const OUT = 'build/bench';

await build({
  root: ROOT,
  configFile: 'vite.node.config.ts',
  logLevel: 'warn',
  build: {
    outDir: OUT,
    rolldownOptions: {
      input: {
        'bench/main': 'test/bench/main.ts',
        'bench/contender': 'test/bench/contender.ts',
        'bench/spin': 'test/bench/spin.ts',
      },
    },
  },
});
const child = spawn(process.execPath, [`${OUT}/bench/main.js`, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});

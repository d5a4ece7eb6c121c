/**
 * Bundles the benches as the product's own node build does, so that no loader is in the way, and runs them. Those of the window
 * (`npm run bench -- window`) run in a Chromium, on a build that must be current.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { build } from 'vite';
import '#bin/require-node.mjs';
import { ROOT } from '#bin/build-state.mjs';

const OUT = 'build/bench';
const WINDOW = ['test/bench/window-opening.mjs', 'test/bench/window-frames.mjs'];

/** Its exit code. */
async function run(args) {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

async function runBundled(names) {
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
  return run([`${OUT}/bench/main.js`, ...names]);
}

const wanted = process.argv.slice(2);
const others = wanted.filter((name) => name !== 'window');
if (wanted.length === 0 || others.length > 0) process.exitCode = await runBundled(others);
if (wanted.length === 0 || wanted.includes('window')) {
  for (const script of WINDOW) process.exitCode = (await run([script])) || process.exitCode;
}

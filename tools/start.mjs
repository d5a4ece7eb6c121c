/** `npm start`: installs what is missing, builds what is stale, then serves the app. Works on a fresh clone. */
import '#bin/require-node.mjs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '#bin/build-state.mjs';
import { REFERENCE_SCENARIO } from './reference-scenario.mjs';
import { build } from './setup/build.mjs';
import { install } from './setup/install.mjs';

/** A browser can be opened only where someone sees it. */
function hasScreen() {
  if (process.env.CI) return false;
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function serve() {
  const asked = process.argv.slice(2);
  const args = ['serve', ...(asked.some((word) => !word.startsWith('-')) ? asked : [REFERENCE_SCENARIO, ...asked])];
  if (hasScreen() && !asked.includes('--no-open')) args.push('--open');
  const child = spawn(
    process.execPath,
    [join(ROOT, 'bin/caudal.mjs'), ...args.filter((word) => word !== '--no-open')],
    {
      cwd: ROOT,
      stdio: 'inherit',
    },
  );
  // A terminal interrupts both of us; anyone else interrupts us alone. The server ends in its own way and we leave with its code.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 0 : (code ?? 4);
  });
}

try {
  await install({ development: false });
  await build();
  serve();
} catch (error) {
  console.error(`\nCaudal could not be set up: ${error.message}`);
  process.exitCode = 3;
}

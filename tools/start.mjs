/**
 * `npm start [FILE]`: installs what is missing, builds what is stale, then opens the app: in a desktop window where
 * Electron is present or can be had, otherwise in the browser. Works on a fresh clone.
 *
 * `--browser` serves to the browser; `--electron` tries again to download the desktop window; `--no-open` only serves.
 */
import '#bin/require-node.mjs';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { BUILDS, ROOT } from '#bin/build-state.mjs';
import { REFERENCE_SCENARIO } from './reference-scenario.mjs';
import { build } from './setup/build.mjs';
import { ensureElectron, findElectron, wasTriedLately } from './setup/electron.mjs';
import { install } from './setup/install.mjs';

/** A desktop window that ends this soon, and not well, has not come up. */
const COMES_UP_MS = 5000;
const OWN_FLAGS = ['--browser', '--electron', '--no-open'];

const asked = process.argv.slice(2);
const words = asked.filter((word) => !OWN_FLAGS.includes(word));
const hasFile = words.some((word) => !word.startsWith('-'));

/** A window can be opened only where someone sees it. */
function hasScreen() {
  if (process.env.CI) return false;
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Path of Electron, where a desktop window is wanted and can be had. Options of `caudal serve` ask for the browser. */
async function electron() {
  if (asked.includes('--browser') || asked.includes('--no-open') || words.some((word) => word.startsWith('-'))) {
    return undefined;
  }
  if (!hasScreen()) return undefined;
  if (!asked.includes('--electron') && wasTriedLately()) return findElectron();
  return ensureElectron();
}

/** Runs a program until it ends, in its own way: a terminal interrupts both of us, anyone else interrupts us alone. */
function run(program, args) {
  return new Promise((settle) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit' });
    const interrupt = () => {
      if (!process.stdin.isTTY) child.kill('SIGINT');
    };
    const terminate = () => child.kill('SIGTERM');
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', terminate);
    const end = (code) => {
      process.removeListener('SIGINT', interrupt);
      process.removeListener('SIGTERM', terminate);
      settle(code);
    };
    child.on('error', () => end(4));
    child.on('exit', (code, signal) => end(signal ? 0 : (code ?? 4)));
  });
}

function serve() {
  const args = ['serve', ...(hasFile ? words : [REFERENCE_SCENARIO, ...words])];
  if (hasScreen() && !asked.includes('--no-open')) args.push('--open');
  return run(process.execPath, [join(ROOT, 'bin/caudal.mjs'), ...args]);
}

/** The exit code, or undefined when the window did not come up. */
async function openDesktop(program) {
  const startMs = performance.now();
  const file = hasFile ? words : [REFERENCE_SCENARIO];
  const main = join(ROOT, BUILDS.node.folder, 'electron/main.js');
  const code = await run(program, [main, ...file.map((word) => resolve(ROOT, word))]);
  return code !== 0 && performance.now() - startMs < COMES_UP_MS ? undefined : code;
}

try {
  await install({ development: false });
  await build();
  const program = await electron();
  const code = program && (await openDesktop(program));
  if (program && code === undefined)
    console.error('\nThe desktop window did not come up: opening Caudal in the browser.');
  process.exitCode = code ?? (await serve());
} catch (error) {
  console.error(`\nCaudal could not be set up: ${error.message}`);
  process.exitCode = 3;
}

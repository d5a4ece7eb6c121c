/** Finds the Electron binary, or brings it: never longer than the time limits, and not again and again where it cannot be had. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '#bin/build-state.mjs';
import { runScript, step } from './steps.mjs';

const PROBE_LIMIT_SECONDS = 3;
const DOWNLOAD_LIMIT_SECONDS = 120;
/** A failed attempt is remembered this long: the next starts do not wait for it. */
const REMEMBERED_HOURS = 24;

const NOTE = 'build/electron-not-available';

/** Path of the binary, or undefined. The package itself is never loaded: outside Electron that starts a download. */
export function findElectron(root = ROOT, env = process.env) {
  const folder = join(root, 'node_modules/electron');
  const named = join(folder, 'path.txt');
  const program = existsSync(named) ? readFileSync(named, 'utf8').trim() : undefined;
  const path = env.ELECTRON_OVERRIDE_DIST_PATH
    ? join(env.ELECTRON_OVERRIDE_DIST_PATH, program ?? 'electron')
    : program && join(folder, 'dist', program);
  return path && existsSync(path) ? path : undefined;
}

/** Whether the place it is downloaded from answers at all. Behind a proxy only the download itself can tell. */
async function answers(address, limitSeconds) {
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return true;
  try {
    await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(limitSeconds * 1000) });
    return true;
  } catch {
    return false;
  }
}

export function wasTriedLately(root = ROOT, nowMs = Date.now()) {
  const found = statSync(join(root, NOTE), { throwIfNoEntry: false });
  return found !== undefined && nowMs - found.mtimeMs < REMEMBERED_HOURS * 3_600_000;
}

function remember(reason, root) {
  mkdirSync(dirname(join(root, NOTE)), { recursive: true });
  writeFileSync(join(root, NOTE), `${reason}\n`);
}

/** Path of the binary, downloaded if there is none; undefined, with the reason shown, if that fails. */
export async function ensureElectron({
  root = ROOT,
  env = process.env,
  probeSeconds = PROBE_LIMIT_SECONDS,
  limitSeconds = DOWNLOAD_LIMIT_SECONDS,
} = {}) {
  const found = findElectron(root, env);
  if (found) return found;
  if (!existsSync(join(ROOT, 'node_modules/electron/install.js'))) return undefined;
  try {
    const title = `Downloading the desktop window, Electron (about 110 MB, for at most ${limitSeconds} s)`;
    return await step(title, async () => {
      const mirror = env.ELECTRON_MIRROR || env.npm_config_electron_mirror || 'https://github.com/';
      if (!(await answers(mirror, probeSeconds))) throw new Error(`${new URL(mirror).host} does not answer`);
      const { output, timedOut } = await runScript('electron/install.js', [], { env, limitSeconds });
      const path = findElectron(root, env);
      if (path) {
        rmSync(join(root, NOTE), { force: true });
        return path;
      }
      const lines = output.trim().split('\n');
      throw new Error(timedOut ? 'it took too long' : (lines.find((line) => /error/i.test(line)) ?? lines.at(-1)));
    });
  } catch (error) {
    remember(error.message, root);
    return undefined;
  }
}

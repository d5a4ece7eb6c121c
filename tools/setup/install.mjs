/** Installs the packages of package-lock.json when node_modules does not hold them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#bin/build-state.mjs';
import { expectSuccess, runNpm, step } from './steps.mjs';

const INSTALL_LIMIT_SECONDS = 900;

function readLock(path) {
  const file = join(ROOT, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/**
 * Which packages of the lock file are missing from node_modules or have another version. npm writes what it installed to
 * node_modules/.package-lock.json last, so an interrupted install shows as missing. Platform packages of other systems
 * are optional and not looked for.
 */
export function missingPackages(wanted, installed, { development }) {
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && !entry.peer)
    .filter(([, entry]) => development || !entry.dev)
    .filter(([path, entry]) => installed?.[path]?.version !== entry.version)
    .map(([path]) => path);
}

/** Installs what is missing: with `development` also the tools that check and test, otherwise only what the app needs. */
export async function install({ development }) {
  const wanted = readLock('package-lock.json');
  const installed = readLock('node_modules/.package-lock.json');
  const missing = missingPackages(wanted, installed, { development });
  if (missing.length === 0) return;
  const keepsTools = development || Object.values(installed ?? {}).some((entry) => entry.dev);
  const kind = keepsTools ? 'packages, with the tools for checks and tests' : 'packages the app needs';
  await step(`Installing the ${kind} (about ${keepsTools ? 790 : 400} MB)`, async () => {
    const args = ['ci', '--no-audit', '--no-fund', ...(keepsTools ? [] : ['--omit=dev'])];
    expectSuccess('npm ci', await runNpm(args, { limitSeconds: INSTALL_LIMIT_SECONDS }));
  });
}

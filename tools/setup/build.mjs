/** Builds the two bundles when their sources have changed since. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILDS, isBuildCurrent, ROOT, sourceSignature, stampFile } from '#bin/build-state.mjs';
import { expectSuccess, runScript, step } from './steps.mjs';

const BUILD_LIMIT_SECONDS = 300;

const TITLES = {
  node: 'Building the simulator and its command line',
  renderer: 'Building the window',
  preload: 'Building the bridge of the desktop window',
};

/** Builds what is stale; with `force`, everything. */
export async function build({ force = false } = {}) {
  for (const [name, target] of Object.entries(BUILDS)) {
    const config = `vite.${name}.config.ts`;
    if (!force && isBuildCurrent(target)) continue;
    await step(TITLES[name], async () => {
      const signature = sourceSignature(target);
      expectSuccess(
        `vite build --config ${config}`,
        await runScript('vite/bin/vite.js', ['build', '--config', config, '--logLevel', 'warn'], {
          limitSeconds: BUILD_LIMIT_SECONDS,
        }),
      );
      if (!existsSync(join(ROOT, target.entry))) throw new Error(`the build left no ${target.entry}`);
      writeFileSync(stampFile(target), signature);
    });
  }
}

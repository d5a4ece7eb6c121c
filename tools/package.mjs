/**
 * `npm run package [-- --linux | --mac | --win]`: makes the packages of the desktop window for this system (an AppImage and
 * a .deb, a .dmg, an installer for Windows) in build/packages. Each system packages for itself.
 */
import '#bin/require-node.mjs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '#bin/build-state.mjs';
import { bundleCdkChild } from './packaging/cdk-child.mjs';
import { ELECTRON_BUILDER } from './packaging/electron-builder.mjs';
import { stage } from './packaging/stage.mjs';
import { build } from './setup/build.mjs';
import { install } from './setup/install.mjs';
import { step } from './setup/steps.mjs';

try {
  // The CDK comes with the packages for development.
  await install({ development: true });
  await build();
  await step('Bundling the CDK', bundleCdkChild);
  await step(
    'Laying out the package',
    async () => `${stage(join(ROOT, 'build/app')).length} npm packages and what they need`,
  );
  console.error(
    `  electron-builder ${ELECTRON_BUILDER} follows: its first run fetches about 300 MB of tools and Electron itself`,
  );
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const words = ['--yes', `electron-builder@${ELECTRON_BUILDER}`, '--publish', 'never', ...process.argv.slice(2)];
  const { status } = spawnSync(npx, words, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error('electron-builder did not finish; what it said is above');
} catch (error) {
  console.error(`\nThe packages could not be made: ${error.message}`);
  process.exitCode = 3;
}

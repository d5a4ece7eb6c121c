/** Bundles the process that makes templates with the CDK in it, for packages: docs/decisions/0011-how-the-cdk-is-brought.md. */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#bin/build-state.mjs';
import { expectSuccess, runScript } from '#tools/setup/steps.mjs';

const BUNDLE_LIMIT_SECONDS = 600;
const CDK = 'node_modules/aws-cdk-lib';

/** Files that the CDK reads from beside its own code when a template is checked: engine and rules. */
const READ_AT_RUN_TIME = [
  [`${CDK}/node_modules/@aws/cloudformation-validate/bindings_wasm_bg.wasm`, 'bindings_wasm_bg.wasm'],
  [`${CDK}/core/lib/validation/rules`, 'rules'],
];

/** Folder of the bundle. */
export const CDK_CHILD = 'build/cdk';

export async function bundleCdkChild() {
  const config = 'vite.cdk.config.ts';
  const args = ['build', '--config', config, '--logLevel', 'warn'];
  const outcome = await runScript('vite/bin/vite.js', args, { limitSeconds: BUNDLE_LIMIT_SECONDS });
  expectSuccess(`vite build --config ${config}`, outcome);
  for (const [from, to] of READ_AT_RUN_TIME) {
    if (!existsSync(join(ROOT, from)))
      throw new Error(`the CDK has no ${from} any more; see where it reads it from now`);
    cpSync(join(ROOT, from), join(ROOT, CDK_CHILD, to), { recursive: true });
  }
}

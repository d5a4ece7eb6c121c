/** Templates of documents for contract tests: as the stack has them, without the files and the rules of a whole synth. */
import { rmSync } from 'node:fs';
import { DeploymentApp } from '#cloud/deploy/app.ts';
import type { CaudalDocument } from '#schema/document.ts';

export const stackName = 'caudal-contract';
export const version = '0.0.0-test';

interface Renderable {
  _toCloudFormation(): object;
}

/** The template's text. */
export function templateText(document: CaudalDocument): string {
  const { app, stack } = new DeploymentApp({ document, stackName, version });
  // The CDK makes the folder, though nothing is written to it here.
  rmSync(app.outdir, { recursive: true, force: true });
  return JSON.stringify(stack.resolve((stack as unknown as Renderable)._toCloudFormation()));
}

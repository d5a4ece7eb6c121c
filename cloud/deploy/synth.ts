/** Makes the CloudFormation template of a document, in a child process that loads the CDK. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { SynthRequest, SynthResult } from '#schema/deployment.ts';
import { deserializeError, EnvironmentError, type SerializedError } from '#schema/errors.ts';
import { askChild, ChildEnded } from './cdk-children.ts';

/**
 * Synthesizes. The document must be valid, with its settings filled in (`validateDocument`). Rejects with an EnvironmentError when
 * the CDK is missing or the child ends without an answer, and with what the child threw otherwise.
 */
export async function synthesize(request: SynthRequest, signal?: AbortSignal): Promise<SynthResult> {
  if (!hasCdk()) throw cdkMissing();
  const reply = await askChild(childFile(), request, signal).catch((error: unknown) => {
    throw error instanceof ChildEnded ? ended(error.complaint) : error;
  });
  if (reply.kind === 'done') return reply.result;
  throw deserializeError(reply.error as SerializedError);
}

/** In a package: with the CDK in it. */
const BUNDLED = fileURLToPath(new URL('../deploy/synth-child.cjs', import.meta.url));

function childFile(): string {
  if (existsSync(BUNDLED)) return BUNDLED;
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(isSource ? './from-source.mjs' : '../deploy/synth-child.js', import.meta.url));
}

/** A checkout that only runs the app has no CDK: it comes with the packages for development. */
function hasCdk(): boolean {
  if (existsSync(BUNDLED)) return true;
  try {
    createRequire(import.meta.url).resolve('aws-cdk-lib/package.json');
    return true;
  } catch {
    return false;
  }
}

function cdkMissing(): EnvironmentError {
  return new EnvironmentError(
    'deploy/cdk-missing',
    'a template is made with the AWS CDK (about 190 MB), which is not installed here yet; run npm install --include=dev once in the folder of Caudal (with it come the tools for checks and tests, about 790 MB in all), then try again',
  );
}

function ended(complaint: string): EnvironmentError {
  const isMissing = complaint.includes('ERR_MODULE_NOT_FOUND') && /aws-cdk-lib|constructs/.test(complaint);
  return isMissing
    ? cdkMissing()
    : new EnvironmentError('deploy/synth-failed', `the template could not be made: ${complaint.slice(-500)}`);
}

/** Makes the CloudFormation template of a document, in a child process that loads the CDK and ends afterwards. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { childReplySchema, type SynthRequest, type SynthResult } from '#schema/deployment.ts';
import { deserializeError, EnvironmentError, type SerializedError } from '#schema/errors.ts';

/** A synth takes 2 to 3 s, longer on a busy machine. */
const LIMIT_MS = 120_000;

/**
 * Synthesizes. The document must be valid, with its settings filled in (`validateDocument`). Rejects with an EnvironmentError when
 * the CDK is missing or the child ends without an answer, and with what the child threw otherwise.
 */
export async function synthesize(request: SynthRequest, signal?: AbortSignal): Promise<SynthResult> {
  if (!hasCdk()) throw cdkMissing();
  const child = fork(childFile(), [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    // Nothing of the user's account reaches the CDK: it makes a text.
    env: environmentOf(process.env),
    ...(signal === undefined ? {} : { signal }),
  });
  const complaint = collect(child);
  const timer = setTimeout(() => child.kill(), LIMIT_MS);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(ended(complaint())));
      child.once('message', (message) => {
        const reply = childReplySchema.parse(message);
        if (reply.kind === 'done') resolve(reply.result);
        else reject(deserializeError(reply.error as SerializedError));
      });
      child.send(request);
    });
  } finally {
    clearTimeout(timer);
    child.kill();
  }
}

/** In a package: with the CDK in it. */
const BUNDLED = fileURLToPath(new URL('../deploy/synth-child.cjs', import.meta.url));

function childFile(): string {
  if (existsSync(BUNDLED)) return BUNDLED;
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(isSource ? './from-source.mjs' : '../deploy/synth-child.js', import.meta.url));
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-4000);
  });
  return () => text;
}

/** What a child process needs to run, without credentials. */
function environmentOf(all: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('AWS_')));
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
    : new EnvironmentError('deploy/synth-failed', `the template could not be made: ${complaint.trim().slice(-500)}`);
}

/** Deletes a deployment, and says what is left of it and what that costs. */
import { type CloudFormationClient, DeleteStackCommand, type Stack } from '@aws-sdk/client-cloudformation';
import type { S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import type { FollowEvent, KeptBucket, StackOutcome } from '#schema/deployment-state.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { awsMessageOf, isThrottled, isUnreachable } from './aws-answers.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Ended, follow } from './follow.ts';
import { keptBuckets } from './kept-buckets.ts';
import { outcomeOf } from './outcome.ts';
import { findDeployment, newestEvent, readOwners, refusal } from './stack-state.ts';
import { isChanging, statusWords } from './stack-words.ts';

const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

export interface DestroyRequest {
  readonly client: CloudFormationClient;
  readonly s3: S3Client;
  readonly region: string;
  readonly stackName: string;
  /** What the user typed: must be the stack's name. */
  readonly confirmation: string;
  /** Logical ids to leave behind; only a stack whose deletion has failed takes them. */
  readonly keep?: readonly string[] | undefined;
  readonly onEvent?: ((event: FollowEvent) => void) | undefined;
  /** Ends the following; CloudFormation goes on. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

export interface Destroyed extends StackOutcome {
  readonly buckets: readonly KeptBucket[];
}

/** Deletes the stack and follows it to the end. Nothing is touched unless the confirmation names the stack. */
export async function destroyStack(request: DestroyRequest): Promise<Destroyed> {
  const { client, stackName, confirmation, keep = [], clock, onEvent, signal } = request;
  if (confirmation !== stackName) {
    throw refusal(
      'deploy/not-confirmed',
      confirmation,
      `nothing was deleted: type the stack's name, ${stackName}, to delete it`,
    );
  }
  const stack = await findDeployment(client, stackName);
  const status = stack.StackStatus ?? '';
  assertDeletable(stack, keep);
  const stackId = stack.StackId ?? '';
  const owners = await readOwners(client, stackId);
  // A deletion that runs already is followed from its start.
  const isRunning = status === 'DELETE_IN_PROGRESS';
  const after = isRunning ? undefined : await newestEvent(client, stackId);
  if (!isRunning) await start(request, stackId);
  const ended = await follow({ client, stackId, owners, after, onEvent, signal, clock });
  const outcome = outcomeOf(ended);
  const buckets = await keptBuckets(request, stackName, outcome.remaining);
  return { ...outcome, ...textOf(ended, outcome), buckets };
}

function assertDeletable(stack: Stack, keep: readonly string[]): void {
  const { StackName: name = '', StackStatus: status = '', EnableTerminationProtection: isProtected = false } = stack;
  if (isProtected) {
    throw new EnvironmentError(
      'deploy/protected',
      `termination protection of the stack ${name} is on, and Caudal never turns it off: do it in the CloudFormation console, then destroy again`,
    );
  }
  if (isChanging(status) && !['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'].includes(status)) {
    throw new EnvironmentError(
      'deploy/stack-busy',
      `the stack ${name} is ${statusWords(status, name).text}: wait until that has ended (caudal status ${name} --follow), then destroy again`,
    );
  }
  if (keep.length > 0 && status !== 'DELETE_FAILED') {
    throw refusal(
      'deploy/nothing-to-keep',
      keep.join(', '),
      'resources can only be left behind after a deletion has failed on them',
    );
  }
}

/** Deleting twice is deleting once: repeated until AWS answers. */
async function start({ client, keep, signal, clock = systemClock, onEvent }: DestroyRequest, stackId: string) {
  const command = new DeleteStackCommand({
    StackName: stackId,
    ClientRequestToken: randomUUID(),
    ...(keep === undefined || keep.length === 0 ? {} : { RetainResources: [...keep] }),
  });
  for (let waitMs = RETRY_MS, isSilent = false; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
    try {
      await client.send(command, { abortSignal: signal });
      return;
    } catch (error) {
      const exported = /Export (\S+) cannot be deleted as it is in use by (.+)/.exec(awsMessageOf(error));
      if (exported !== null) {
        const message = `nothing was deleted: ${exported[2]} uses the output ${exported[1]} of this stack; delete that first`;
        throw new EnvironmentError('deploy/in-use', message, { cause: error });
      }
      if (!isUnreachable(error) && !isThrottled(error)) throw error;
      const text = 'AWS did not answer whether it has begun to delete. Asking again.';
      if (!isSilent) onEvent?.({ kind: 'unreachable', text });
      isSilent = true;
    }
    await clock.sleep(waitMs, signal);
  }
}

/** What is left decides the words. */
function textOf(
  { stack }: Ended,
  { remaining, status }: StackOutcome,
): { readonly text: string; readonly remedy?: string } {
  const words = statusWords(status, stack.StackName ?? '');
  const kept = remaining.filter(({ why }) => why === 'kept').length;
  if (status !== 'DELETE_COMPLETE' || kept === 0) return words;
  return { text: `deleted, but for ${kept} ${kept === 1 ? 'resource' : 'resources'} that the template keeps` };
}

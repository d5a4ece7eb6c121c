/** Deletes a deployment, and says what is left of it and what that costs. */
import { DeleteStackCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { randomUUID } from 'node:crypto';
import type { AwsAccount } from '#cloud/account/account.ts';
import { AwsError } from '#cloud/account/aws-error.ts';
import type { Destroyed, FollowEvent, StackOutcome } from '#schema/deployment-state.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { isPassing } from './aws-answers.ts';
import { emptyBucket } from './bucket-contents.ts';
import { type Clock, systemClock } from './clock.ts';
import { follow } from './follow.ts';
import { findGuard } from './guard/guard-stack.ts';
import { guardName } from './guard/guard-template.ts';
import { keptBuckets } from './kept-buckets.ts';
import { outcomeOf } from './outcome.ts';
import { findDeployment, findStack, newestEvent, readOwners, refusal } from './stack-state.ts';
import { isChanging, statusWords } from './stack-words.ts';

const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

export interface DestroyRequest {
  readonly account: AwsAccount;
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

/** Deletes the stack and follows it to the end. Nothing is touched unless the confirmation names the stack. */
export async function destroyStack(request: DestroyRequest): Promise<Destroyed> {
  const { account, stackName } = request;
  assertConfirmed(request);
  const outcome = await remove(request, await findDeployment(account, stackName));
  const guard = await findGuard(account, stackName);
  return {
    ...outcome,
    buckets: await keptBuckets(account, stackName, outcome.remaining),
    guard: guard === undefined ? null : { stackName: guard.name, command: `caudal destroy ${stackName} --guard` },
  };
}

/** Deletes the guard stack of a deployment that is gone, and the templates staged in its bucket. */
export async function destroyGuard(request: Omit<DestroyRequest, 'keep'>): Promise<StackOutcome> {
  const { account, stackName } = request;
  assertConfirmed(request);
  if ((await findStack(account.clients.cloudFormation, stackName)) !== undefined) {
    const message = `nothing was deleted: the deployment ${stackName} still exists, and its guard holds the role that it can be deleted with; destroy the deployment first`;
    throw refusal('deploy/guard-needed', stackName, message);
  }
  const name = guardName(stackName);
  const stack = await findDeployment(account, name);
  const guard = await findGuard(account, stackName);
  if (guard !== undefined) await emptyBucket(account, guard.bucket, request);
  return remove({ ...request, stackName: name }, stack);
}

function assertConfirmed({ stackName, confirmation }: Pick<DestroyRequest, 'stackName' | 'confirmation'>): void {
  if (confirmation === stackName) return;
  const message = `nothing was deleted: type the stack's name, ${stackName}, to delete it`;
  throw refusal('deploy/not-confirmed', confirmation, message);
}

async function remove(request: DestroyRequest, stack: Stack): Promise<StackOutcome> {
  const { account, keep = [], clock, onEvent, signal } = request;
  assertDeletable(stack, keep);
  const stackId = stack.StackId ?? '';
  const owners = await readOwners(account, stackId);
  // A deletion that runs already is followed from its start.
  const isRunning = stack.StackStatus === 'DELETE_IN_PROGRESS';
  const after = isRunning ? undefined : await newestEvent(account, stackId);
  if (!isRunning) await start(request, stackId);
  const outcome = outcomeOf(await follow({ account, stackId, owners, after, onEvent, signal, clock }));
  const kept = outcome.remaining.filter(({ why }) => why === 'kept').length;
  if (outcome.kind !== 'done' || kept === 0) return outcome;
  return {
    ...outcome,
    text: `deleted, but for ${kept} ${kept === 1 ? 'resource' : 'resources'} that the template keeps`,
  };
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
    const message = 'resources can only be left behind after a deletion has failed on them';
    throw refusal('deploy/nothing-to-keep', keep.join(', '), message);
  }
}

/** Deleting twice is deleting once: repeated until AWS answers. */
async function start({ account, keep = [], signal, clock = systemClock, onEvent }: DestroyRequest, stackId: string) {
  const command = new DeleteStackCommand({
    StackName: stackId,
    ClientRequestToken: randomUUID(),
    ...(keep.length === 0 ? {} : { RetainResources: [...keep] }),
  });
  for (let waitMs = RETRY_MS, isSilent = false; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
    try {
      await account.clients.cloudFormation.send(command, { abortSignal: signal });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      refuseInUse(error);
      if (!isPassing(error)) throw error;
      const text = 'AWS did not answer whether it has begun to delete. Asking again.';
      if (!isSilent) onEvent?.({ kind: 'unreachable', text });
      isSilent = true;
    }
    await clock.sleep(waitMs, signal);
  }
}

function refuseInUse(error: unknown): void {
  const said = error instanceof AwsError ? error.awsMessage : '';
  const exported = /Export (\S+) cannot be deleted as it is in use by (.+)/.exec(said);
  if (exported === null) return;
  const message = `nothing was deleted: ${exported[2]} uses the output ${exported[1]} of this stack; delete that first`;
  throw new EnvironmentError('deploy/in-use', message);
}

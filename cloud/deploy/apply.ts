/**
 * Executes a change set that was planned before, and follows it to its end. Nothing is executed when the stack is no longer as it
 * was when the change set was made.
 */
import {
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  ExecuteChangeSetCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { randomUUID } from 'node:crypto';
import type { AwsAccount } from '#cloud/account/account.ts';
import { isAwsError } from '#cloud/account/aws-error.ts';
import { deploymentTags } from '#schema/deployment.ts';
import type { FollowEvent, StackOutcome } from '#schema/deployment-state.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { isAbsent, isPassing } from './aws-answers.ts';
import { type Clock, systemClock } from './clock.ts';
import { detectDrift } from './drift.ts';
import { follow } from './follow.ts';
import { outcomeOf } from './outcome.ts';
import { findStack, listResources, newestEvent, readOwners, tagOf } from './stack-state.ts';
import { refuseUnusable } from './stack-use.ts';

const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

export interface ApplyRequest {
  readonly account: AwsAccount;
  /** Id of the change set. */
  readonly changeSetId: string;
  /** Goes ahead although the stack was changed by hand; the change set then writes over that. */
  readonly acceptsDrift?: boolean | undefined;
  readonly onEvent?: ((event: FollowEvent) => void) | undefined;
  /** Ends the following; CloudFormation goes on. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** Resolves when CloudFormation has ended, well or not; the outcome says which. */
export async function applyChangeSet(request: ApplyRequest): Promise<StackOutcome> {
  const { account, changeSetId, clock, onEvent, signal } = request;
  const changeSet = await readChangeSet(account, changeSetId);
  const stackId = changeSet.StackId ?? '';
  const stack = await findStack(account.clients.cloudFormation, stackId);
  if (stack === undefined) throw overtaken(changeSet.StackName ?? '');
  assertReady(stack, changeSet);
  const isNew = stack.StackStatus === 'REVIEW_IN_PROGRESS';
  if (!isNew && request.acceptsDrift !== true) await assertNotDrifted(request, stackId);
  const before = isNew ? [] : await listResources(account, stackId, new Map());
  const after = await newestEvent(account, stackId);
  await execute(request, changeSetId, stack.StackName ?? '');
  const owners = await readOwners(account, stackId);
  return outcomeOf(
    await follow({ account, stackId, owners, after, onEvent, signal, clock }),
    withOwners(before, owners),
  );
}

/** Follows the last operation on a stack, running or ended: after the app was closed, or from another machine. */
export async function resume(request: Omit<ApplyRequest, 'changeSetId'> & { readonly stackId: string }) {
  const { account, stackId } = request;
  return outcomeOf(await follow({ ...request, owners: await readOwners(account, stackId) }));
}

function withOwners<T extends { readonly logicalId: string }>(
  resources: readonly T[],
  owners: ReadonlyMap<string, string>,
) {
  return resources.map((one) => {
    const owner = owners.get(one.logicalId);
    return owner === undefined ? one : { ...one, owner };
  });
}

async function readChangeSet({ clients }: AwsAccount, changeSetId: string): Promise<DescribeChangeSetCommandOutput> {
  try {
    return await clients.cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: changeSetId }));
  } catch (error) {
    if (isAbsent(error)) throw overtaken('');
    throw error;
  }
}

/** Throws unless the stack is as it was when the change set was made, and is ours. */
function assertReady(stack: Stack, changeSet: DescribeChangeSetCommandOutput): void {
  const { StackName: name = '' } = stack;
  refuseUnusable(stack, tagOf(changeSet, deploymentTags.document) ?? '');
  const { ExecutionStatus, Status, StatusReason } = changeSet;
  if (ExecutionStatus === 'OBSOLETE' || isNewer(stack, changeSet)) throw overtaken(name);
  if (ExecutionStatus !== 'AVAILABLE') {
    const why = StatusReason || `${Status}, ${ExecutionStatus}`;
    throw new EnvironmentError(
      'deploy/change-set-not-ready',
      `the change set of ${name} cannot be executed (${why}): plan again`,
    );
  }
}

/** Somebody has changed the stack since the change set was made. */
function isNewer({ LastUpdatedTime, StackStatus }: Stack, { CreationTime }: DescribeChangeSetCommandOutput): boolean {
  if (StackStatus === 'REVIEW_IN_PROGRESS' || LastUpdatedTime === undefined || CreationTime === undefined) return false;
  return LastUpdatedTime > CreationTime;
}

function overtaken(name: string): EnvironmentError {
  const which = name === '' ? 'the stack' : `the stack ${name}`;
  return new EnvironmentError(
    'deploy/overtaken',
    `${which} was changed by somebody else after this plan was made, so that the plan no longer says what would happen: plan again`,
  );
}

async function assertNotDrifted(request: ApplyRequest, stackId: string): Promise<void> {
  const drift = await detectDrift({ ...request, stackId });
  if (drift.kind !== 'drifted') return;
  const which = drift.resources.map(
    ({ owner, logicalId, status }) => `${owner ?? logicalId} (${status.toLowerCase()})`,
  );
  throw new EnvironmentError(
    'deploy/drifted',
    `somebody changed the deployment outside Caudal: ${which.join(', ')}. Undo that, or deploy with --accept-drift: what the update changes is written over, other settings keep the value given by hand`,
  );
}

/**
 * Starts the change set exactly once. When no answer comes, it asks whether the change set runs before it tries again; the token
 * makes CloudFormation take a second attempt for the first.
 */
async function execute(request: ApplyRequest, changeSetId: string, name: string): Promise<void> {
  const { account, clock = systemClock, signal, onEvent } = request;
  const command = new ExecuteChangeSetCommand({ ChangeSetName: changeSetId, ClientRequestToken: randomUUID() });
  for (let waitMs = RETRY_MS, isSilent = false; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
    try {
      if (isSilent && (await hasStarted(account, changeSetId))) return;
      await account.clients.cloudFormation.send(command, { abortSignal: signal });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (isAwsError(error, 'InvalidChangeSetStatus', 'InvalidChangeSetStatusException')) {
        if (await hasStarted(account, changeSetId)) return;
        throw overtaken(name);
      }
      if (!isPassing(error)) throw error;
      const text = 'AWS did not answer whether it has begun. Asking again; nothing is begun twice.';
      if (!isSilent) onEvent?.({ kind: 'unreachable', text });
      isSilent = true;
    }
    await clock.sleep(waitMs, signal);
  }
}

/** Whether the change set is being executed, or was: CloudFormation deletes the change sets of a stack that was updated. */
async function hasStarted({ clients }: AwsAccount, changeSetId: string): Promise<boolean> {
  try {
    const { ExecutionStatus = '' } = await clients.cloudFormation.send(
      new DescribeChangeSetCommand({ ChangeSetName: changeSetId }),
    );
    return ExecutionStatus.startsWith('EXECUTE_');
  } catch (error) {
    if (isAbsent(error)) return true;
    throw error;
  }
}

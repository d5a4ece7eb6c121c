/**
 * Follows what CloudFormation does to a stack, step by step, until it has ended. All it needs is the stack's id: it can begin at
 * any time, also in another process than the one that started the operation.
 */
import {
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import type { AwsAccount } from '#cloud/account/account.ts';
import type { FollowEvent, StackStep } from '#schema/deployment-state.ts';
import { isPassing } from './aws-answers.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Owners } from './owners.ts';
import { isChanging } from './stack-words.ts';

const FIRST_WAIT_MS = 1_000;
/** Between looks while nothing happens. CloudFormation limits how often its API is asked, and does not say where. */
const LONGEST_WAIT_MS = 5_000;
/** Between attempts while AWS does not answer. */
const LONGEST_OUTAGE_WAIT_MS = 30_000;
const WAIT_GROWTH = 1.5;
/** More time than this beyond what was waited: the machine has slept, or its clock was set. */
const SLEPT_MS = 30_000;

const STARTS = new Set(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'IMPORT_IN_PROGRESS']);

export interface Following {
  readonly account: AwsAccount;
  /** By its id a stack is also found when it has been deleted. */
  readonly stackId: string;
  readonly owners: Owners;
  /** Id of the newest event before the operation; left out: the last operation, from its start. */
  readonly after?: string | undefined;
  readonly onEvent?: ((event: FollowEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** An operation that has ended. */
export interface Ended {
  readonly stack: Stack;
  readonly steps: readonly StackStep[];
}

/** Resolves when the operation has ended, well or not. Survives any time without network; rejects when AWS refuses to tell. */
export async function follow(following: Following): Promise<Ended> {
  const { clock = systemClock, onEvent } = following;
  const connection = new Connection(onEvent);
  const steps: StackStep[] = [];
  let after = following.after;
  let waitMs = FIRST_WAIT_MS;
  for (;;) {
    try {
      const news = await readSteps(following, after);
      const stack = await readStack(following);
      connection.restored();
      for (const step of news) onEvent?.({ kind: 'step', step });
      steps.push(...news);
      after = news.at(-1)?.id ?? after;
      if (hasEnded(steps, stack) || hasNothingToTell(following, steps, stack)) return { stack, steps };
      waitMs = news.length > 0 ? FIRST_WAIT_MS : Math.min(waitMs * WAIT_GROWTH, LONGEST_WAIT_MS);
    } catch (error) {
      following.signal?.throwIfAborted();
      if (!isPassing(error)) throw error;
      connection.lost();
      waitMs = Math.min(waitMs * WAIT_GROWTH, LONGEST_OUTAGE_WAIT_MS);
    }
    await wait(clock, waitMs, following);
  }
}

/** Tells once that AWS has fallen silent, and once that it is back. */
class Connection {
  private isLost = false;
  private readonly onEvent: ((event: FollowEvent) => void) | undefined;

  constructor(onEvent: ((event: FollowEvent) => void) | undefined) {
    this.onEvent = onEvent;
  }

  lost(): void {
    if (this.isLost) return;
    this.isLost = true;
    const text =
      'AWS does not answer. It goes on with the deployment by itself; following it again as soon as it does.';
    this.onEvent?.({ kind: 'unreachable', text });
  }

  restored(): void {
    if (!this.isLost) return;
    this.isLost = false;
    this.onEvent?.({ kind: 'reachable', text: 'AWS answers again.' });
  }
}

async function wait(clock: Clock, waitMs: number, { signal, onEvent }: Following): Promise<void> {
  const beforeMs = clock.nowMs();
  await clock.sleep(waitMs, signal);
  const lostMs = clock.nowMs() - beforeMs - waitMs;
  if (lostMs < SLEPT_MS) return;
  const seconds = Math.round(lostMs / 1000);
  const text = `This machine slept for ${seconds} s. AWS went on meanwhile; catching up.`;
  onEvent?.({ kind: 'woke', seconds, text });
}

async function readStack({ account, stackId, signal }: Following): Promise<Stack> {
  const { Stacks = [] } = await account.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: stackId }), {
    abortSignal: signal,
  });
  const [stack] = Stacks;
  if (stack === undefined) throw new Error(`CloudFormation knows no stack ${stackId}`);
  return stack;
}

/** Steps after the given one, or of the last operation, oldest first. */
async function readSteps(
  { account, stackId, signal, owners }: Following,
  after: string | undefined,
): Promise<StackStep[]> {
  const found: StackStep[] = [];
  let page: string | undefined;
  do {
    const { StackEvents = [], NextToken } = await account.clients.cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: stackId, NextToken: page }),
      { abortSignal: signal },
    );
    for (const event of StackEvents) {
      if (event.EventId === after) return found.toReversed();
      const step = stepOf(event, owners);
      found.push(step);
      if (after === undefined && step.isStack && STARTS.has(step.status)) return found.toReversed();
    }
    page = NextToken;
  } while (page !== undefined);
  return found.toReversed();
}

function stepOf(event: StackEvent, owners: Owners): StackStep {
  const logicalId = event.LogicalResourceId ?? '';
  const owner = owners.get(logicalId);
  return {
    id: event.EventId ?? '',
    at: event.Timestamp?.toISOString() ?? '',
    logicalId,
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    isStack: event.PhysicalResourceId === event.StackId,
    ...(event.PhysicalResourceId ? { physicalId: event.PhysicalResourceId } : {}),
    ...(event.ResourceStatusReason ? { reason: event.ResourceStatusReason } : {}),
    ...(owner === undefined ? {} : { owner }),
  };
}

/** The stack's own last step must say so, and the stack itself: right after a change set is executed it still shows its old status. */
function hasEnded(steps: readonly StackStep[], { StackStatus }: Stack): boolean {
  if (StackStatus === undefined) return false;
  const last = steps.findLast(({ isStack }) => isStack)?.status;
  return last === StackStatus && !isChanging(StackStatus) && StackStatus !== 'REVIEW_IN_PROGRESS';
}

/** CloudFormation forgets the events of a deleted stack after a while. */
function hasNothingToTell(
  { after }: Following,
  steps: readonly StackStep[],
  { StackStatus = 'CREATE_COMPLETE' }: Stack,
) {
  return after === undefined && steps.length === 0 && !isChanging(StackStatus);
}

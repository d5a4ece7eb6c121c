/** Before a stack is changed: whether it may be, what it holds now, and waiting until it has settled. */
import type { CloudFormationClient, Stack, Tag } from '@aws-sdk/client-cloudformation';
import { EnvironmentError } from '#schema/errors.ts';
import { type Clock, systemClock } from './clock.ts';
import { documentOf, findStack, foreign, refusal } from './stack-state.ts';
import { isChanging, isUpdatable, statusWords } from './stack-words.ts';

/** Milliseconds between two looks, and after which waiting ends; what runs in AWS goes on. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 4000;
const LIMIT_MS = 600_000;

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** Throws unless a stack of this name is one of ours, holds this document, and can be changed now. */
export function refuseUnusable(stack: Stack, documentTag: string): void {
  const { StackName: name = '', StackStatus: status = '' } = stack;
  const owner = documentOf(stack);
  // A stack that was only planned has no resources, and perhaps no tags yet.
  if (status === 'REVIEW_IN_PROGRESS' && (owner === undefined || owner === documentTag)) return;
  if (owner === undefined) throw foreign(name);
  if (owner !== documentTag) {
    throw refusal(
      'deploy/other-document',
      name,
      `the stack ${name} holds the document "${owner}", this one is "${documentTag}": choose another stack name`,
    );
  }
  const { text, remedy = 'look at it in the CloudFormation console' } = statusWords(status, name);
  if (isChanging(status)) {
    throw new EnvironmentError(
      'deploy/stack-busy',
      `the stack ${name} is in ${status}: ${text}; wait until that has ended, then try again`,
    );
  }
  if (!isUpdatable(status)) {
    throw new EnvironmentError('deploy/stack-stuck', `the stack ${name} is in ${status}: ${text}; ${remedy}`);
  }
}

/** Tags as CloudFormation takes them; those without a value are left out. */
export function tagList(tags: Readonly<Record<string, string | undefined>>): Tag[] {
  return Object.entries(tags).flatMap(([Key, Value]) => (Value === undefined ? [] : [{ Key, Value }]));
}

/** Looks again and again until `look` returns something. Throws `deploy/no-end` when that takes more than ten minutes. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { signal, clock = systemClock }: WaitOptions = {},
): Promise<T> {
  const startMs = clock.nowMs();
  let pauseMs = FIRST_PAUSE_MS;
  while (clock.nowMs() - startMs < LIMIT_MS) {
    const found = await look();
    if (found !== undefined) return found;
    await clock.sleep(pauseMs, signal);
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  }
  throw new EnvironmentError(
    'deploy/no-end',
    `${what} has not ended within ${LIMIT_MS / 60_000} minutes; it goes on in AWS: look again with caudal status`,
  );
}

/** Waits until a stack is not being changed any more; undefined where it is gone. */
export async function settled(
  client: CloudFormationClient,
  name: string,
  options?: WaitOptions,
): Promise<Stack | undefined> {
  const { stack } = await waitFor(
    `the stack ${name}`,
    async () => {
      const found = await findStack(client, name);
      return found !== undefined && isChanging(found.StackStatus ?? '') ? undefined : { stack: found };
    },
    options,
  );
  return stack;
}

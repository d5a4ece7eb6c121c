/** Stacks of CloudFormation: what state one is in, whose it is, and waiting until it has settled. */
import {
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
  type StackStatus,
  type Tag,
} from '@aws-sdk/client-cloudformation';
import { setTimeout as pause } from 'node:timers/promises';
import type { AwsAccount } from '#cloud/account/account.ts';
import { isAwsError } from '#cloud/account/aws-error.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { deploymentTags } from '#schema/deployment.ts';

/** A stack as found; undefined where none of the name exists. */
export async function findStack({ clients }: AwsAccount, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await clients.cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    const [stack] = Stacks;
    // A deleted stack is still described under its id.
    return stack?.StackStatus === 'DELETE_COMPLETE' ? undefined : stack;
  } catch (error) {
    if (isAwsError(error, 'ValidationError') && error.awsMessage.includes('does not exist')) return undefined;
    throw error;
  }
}

export function tagOf(stack: Pick<Stack, 'Tags'>, key: string): string | undefined {
  return stack.Tags?.find((tag) => tag.Key === key)?.Value;
}

export function outputOf(stack: Pick<Stack, 'Outputs'>, key: string): string | undefined {
  return stack.Outputs?.find((output) => output.OutputKey === key)?.OutputValue;
}

/** Tags as CloudFormation takes them; those without a value are left out. */
export function tagList(tags: Readonly<Record<string, string | undefined>>): Tag[] {
  return Object.entries(tags).flatMap(([Key, Value]) => (Value === undefined ? [] : [{ Key, Value }]));
}

/** States from which a stack can only be deleted, or has to be mended first. */
const STUCK: Readonly<Partial<Record<StackStatus, string>>> = {
  ROLLBACK_COMPLETE:
    'its creation failed and was undone, and AWS lets such a stack only be deleted; run caudal destroy, then deploy again',
  ROLLBACK_FAILED:
    'its creation failed and could not be undone; look at what is left with caudal status, then run caudal destroy',
  CREATE_FAILED: 'its creation failed; run caudal destroy, then deploy again',
  DELETE_FAILED: 'its deletion failed half-way; caudal status lists what remains; run caudal destroy again',
  UPDATE_ROLLBACK_FAILED:
    'an update failed and could not be undone; mend the resource that caudal status names, then continue the rollback in the CloudFormation console',
  UPDATE_FAILED: 'an update failed; roll it back in the CloudFormation console, then plan again',
};

/** Throws unless a stack of this name is one of ours, holds this document, and can be changed now. */
export function refuseUnusable(stack: Stack, documentTag: string): void {
  const { StackName: name = '', StackStatus: status } = stack;
  const owner = tagOf(stack, deploymentTags.document);
  if (status !== 'REVIEW_IN_PROGRESS' && owner === undefined) {
    throw new EnvironmentError(
      'deploy/stack-name-taken',
      `the stack ${name} exists and was not made by Caudal; take another name with --stack-name`,
    );
  }
  if (owner !== undefined && owner !== documentTag) {
    throw new EnvironmentError(
      'deploy/other-document',
      `the stack ${name} holds the document "${owner}", this one is "${documentTag}"; take another name with --stack-name`,
    );
  }
  const stuck = status === undefined ? undefined : STUCK[status];
  if (stuck !== undefined)
    throw new EnvironmentError('deploy/stack-stuck', `the stack ${name} is in ${status}: ${stuck}`);
  if (status?.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS') {
    throw new EnvironmentError(
      'deploy/stack-busy',
      `the stack ${name} is being changed (${status}); wait until that has ended (caudal status), then try again`,
    );
  }
}

/** The template that a stack was last made of. */
export async function deployedTemplate({ clients }: AwsAccount, name: string): Promise<Record<string, unknown>> {
  const { TemplateBody = '{}' } = await clients.cloudFormation.send(
    new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' }),
  );
  return JSON.parse(TemplateBody) as Record<string, unknown>;
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
  /** Milliseconds after which waiting ends; what runs in AWS goes on. */
  readonly limitMs?: number;
}

/** Looks again and again until `look` returns something. Throws `deploy/no-end` when that takes too long. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { signal, everyMs = 2000, limitMs = 600_000 }: WaitOptions = {},
): Promise<T> {
  const tries = Math.ceil(limitMs / everyMs);
  // The first looks come quickly: what is small is done at once.
  let wait = Math.min(100, everyMs);
  for (let i = 0; i < tries; i++) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(wait, undefined, signal === undefined ? {} : { signal });
    wait = Math.min(everyMs, wait * 2);
  }
  throw new EnvironmentError(
    'deploy/no-end',
    `${what} has not ended within ${Math.round(limitMs / 60_000)} minutes; it goes on in AWS: look again with caudal status`,
  );
}

/** Waits until a stack is not being changed any more; undefined where it is gone. */
export async function settled(account: AwsAccount, name: string, options?: WaitOptions): Promise<Stack | undefined> {
  const { stack } = await waitFor(
    `the stack ${name}`,
    async () => {
      const found = await findStack(account, name);
      return found?.StackStatus?.endsWith('_IN_PROGRESS') ? undefined : { stack: found };
    },
    options,
  );
  return stack;
}

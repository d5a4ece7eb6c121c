/** A change set: made, awaited, read, and taken away again unless it is to be executed. */
import {
  type Change,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
} from '@aws-sdk/client-cloudformation';
import type { AwsAccount } from '#cloud/account/account.ts';
import { isAwsError } from '#cloud/account/aws-error.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { systemClock } from './clock.ts';
import { settled, tagList, waitFor, type WaitOptions } from './stack-use.ts';

export interface ChangeSetRequest {
  readonly stackName: string;
  /** Name of the change set. */
  readonly name: string;
  readonly isNew: boolean;
  /** The template itself, or where it is staged. */
  readonly template: { readonly body: string } | { readonly url: string };
  readonly tags: Readonly<Record<string, string | undefined>>;
  /** Role that CloudFormation takes; the one that the stack has otherwise. */
  readonly roleArn?: string | undefined;
}

export interface ChangeSet {
  readonly id: string;
  readonly changes: readonly Change[];
}

/** Tries again with a role that is not known yet, and milliseconds between them. Assumption: IAM needs less than half a minute. */
const ROLE_TRIES = 10;
const ROLE_PAUSE_MS = 3000;

/** Texts with which CloudFormation fails a change set that changes nothing. */
const NOTHING = /didn't contain changes|No updates are to be performed/;

/** Makes a change set and waits for AWS to work it out; undefined where nothing would change. Throws an EnvironmentError. */
export async function createChangeSet(
  account: AwsAccount,
  request: ChangeSetRequest,
  wait?: WaitOptions,
): Promise<ChangeSet | undefined> {
  const { stackName, template, roleArn } = request;
  const id = await send(
    account,
    new CreateChangeSetCommand({
      StackName: stackName,
      ChangeSetName: request.name,
      ChangeSetType: request.isNew ? 'CREATE' : 'UPDATE',
      Capabilities: ['CAPABILITY_IAM'],
      Tags: tagList(request.tags),
      ...('body' in template ? { TemplateBody: template.body } : { TemplateURL: template.url }),
      ...(roleArn === undefined ? {} : { RoleARN: roleArn }),
    }),
    wait,
  );
  const made = await waitFor('the change set', async () => await look(account, stackName, id), wait);
  if (made.Status !== 'FAILED') return { id, changes: await allChanges(account, stackName, id, made) };
  await deleteChangeSet(account, stackName, id);
  const reason = made.StatusReason ?? '';
  if (NOTHING.test(reason)) return undefined;
  throw new EnvironmentError(
    'deploy/change-set-refused',
    `AWS refused the changes to ${stackName}: ${reason || 'it gave no reason'}. Nothing was changed`,
  );
}

/** A role that was made a moment ago is not known everywhere in AWS yet: CloudFormation is asked again. */
async function send(
  { clients }: AwsAccount,
  command: CreateChangeSetCommand,
  { clock = systemClock, signal }: WaitOptions = {},
): Promise<string> {
  for (let triesLeft = ROLE_TRIES; ; triesLeft--) {
    try {
      const { Id = '' } = await clients.cloudFormation.send(command);
      return Id;
    } catch (error) {
      const isRole = isAwsError(error, 'ValidationError') && /cannot be assumed/.test(error.awsMessage);
      if (!isRole || triesLeft === 0) throw error;
      await clock.sleep(ROLE_PAUSE_MS, signal);
    }
  }
}

/** Takes a change set away. Of a stack that it alone had brought into being, the empty shell goes as well. */
export async function discardChangeSet(
  account: AwsAccount,
  stackName: string,
  id: string,
  isNew: boolean,
): Promise<void> {
  await deleteChangeSet(account, stackName, id);
  if (!isNew) return;
  await account.clients.cloudFormation.send(new DeleteStackCommand({ StackName: stackName }));
  await settled(account.clients.cloudFormation, stackName);
}

async function deleteChangeSet({ clients }: AwsAccount, stackName: string, id: string): Promise<void> {
  await clients.cloudFormation.send(new DeleteChangeSetCommand({ StackName: stackName, ChangeSetName: id }));
}

async function look(
  { clients }: AwsAccount,
  stackName: string,
  id: string,
): Promise<DescribeChangeSetOutput | undefined> {
  const found = await clients.cloudFormation.send(
    new DescribeChangeSetCommand({ StackName: stackName, ChangeSetName: id }),
  );
  return found.Status === 'CREATE_COMPLETE' || found.Status === 'FAILED' ? found : undefined;
}

/** AWS gives changes in pages. */
async function allChanges(
  { clients }: AwsAccount,
  stackName: string,
  id: string,
  first: DescribeChangeSetOutput,
): Promise<readonly Change[]> {
  const changes = [...(first.Changes ?? [])];
  let token = first.NextToken;
  while (token !== undefined) {
    const page = await clients.cloudFormation.send(
      new DescribeChangeSetCommand({ StackName: stackName, ChangeSetName: id, NextToken: token }),
    );
    changes.push(...(page.Changes ?? []));
    token = page.NextToken;
  }
  return changes;
}

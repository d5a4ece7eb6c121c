/** The guard stack in an account: whether it is there and current, making it so, and templates put into its bucket. */
import { CreateStackCommand, type Stack, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { AwsAccount } from '#cloud/account/account.ts';
import { isAwsError } from '#cloud/account/aws-error.ts';
import { deployedTemplate, documentOf, findStack, foreign, outputsOf } from '#cloud/deploy/stack-state.ts';
import { settled, tagList, type WaitOptions } from '#cloud/deploy/stack-use.ts';
import type { GuardStatus } from '#schema/deployment-plan.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { guardName, guardOutputs, guardTemplate, noExpiry, scheduleTime } from './guard-template.ts';

/** A guard stack that is there. */
export interface Guard {
  readonly name: string;
  /** ARN of the role that the main stack is made with. */
  readonly roleArn: string;
  readonly bucket: string;
  /** When the main stack is deleted, as the schedule has it; null for never. */
  readonly expiresAt: string | null;
}

export interface GuardRequest {
  readonly stackName: string;
  /** Template of the main stack. */
  readonly template: Readonly<Record<string, unknown>>;
  /** ISO 8601 in UTC; null for a deployment that stays. */
  readonly expiresAt: string | null;
  /** Tags of the main stack, which the guard carries too. */
  readonly tags: Readonly<Record<string, string | undefined>>;
}

/** The guard of a stack; undefined where there is none that can be used. */
export async function findGuard(account: AwsAccount, stackName: string): Promise<Guard | undefined> {
  const stack = await findStack(account.clients.cloudFormation, guardName(stackName));
  return stack === undefined ? undefined : guardOf(stack);
}

/** Whether the guard is there and allows all that this template needs. */
export async function guardStatus(
  account: AwsAccount,
  stackName: string,
  template: Readonly<Record<string, unknown>>,
): Promise<GuardStatus> {
  const name = guardName(stackName);
  if ((await findGuard(account, stackName)) === undefined) return { name, state: 'absent' };
  const held = await deployedTemplate(account.clients.cloudFormation, name);
  const isCurrent = JSON.stringify(held) === JSON.stringify(guardTemplate(stackName, template));
  return { name, state: isCurrent ? 'current' : 'outdated' };
}

/** Makes the guard stack, or brings it up to date, and waits until it stands. Throws an EnvironmentError when it cannot. */
export async function ensureGuard(account: AwsAccount, request: GuardRequest, wait?: WaitOptions): Promise<Guard> {
  const name = guardName(request.stackName);
  const found = await findStack(account.clients.cloudFormation, name);
  if (found !== undefined && documentOf(found) === undefined) throw foreign(name);
  const input = {
    StackName: name,
    TemplateBody: JSON.stringify(guardTemplate(request.stackName, request.template)),
    Capabilities: ['CAPABILITY_IAM' as const],
    Parameters: [
      { ParameterKey: 'ExpiresAt', ParameterValue: request.expiresAt ? scheduleTime(request.expiresAt) : noExpiry },
    ],
    Tags: tagList(request.tags),
  };
  const { cloudFormation } = account.clients;
  if (found === undefined) await cloudFormation.send(new CreateStackCommand({ ...input, OnFailure: 'DELETE' }));
  else await cloudFormation.send(new UpdateStackCommand(input)).catch(ignoreNoChange);
  const stack = await settled(account.clients.cloudFormation, name, wait);
  const guard = stack && guardOf(stack);
  if (guard === undefined || /ROLLBACK|FAILED/.test(stack?.StackStatus ?? '')) {
    throw new EnvironmentError(
      'deploy/guard-failed',
      `the guard stack ${name} could not be made (${stack?.StackStatus ?? 'it was undone'}): its events in the CloudFormation console say why. The stack ${request.stackName} was not touched`,
    );
  }
  return guard;
}

/** Puts a template into the bucket of the guard; the address is what CloudFormation is given. */
export async function stageTemplate(
  { clients, endpoint, region }: AwsAccount,
  guard: Guard,
  body: string,
): Promise<string> {
  const key = `templates/${createHash('sha256').update(body).digest('hex')}.json`;
  await clients.s3.send(
    new PutObjectCommand({ Bucket: guard.bucket, Key: key, Body: body, ContentType: 'application/json' }),
  );
  if (endpoint !== undefined) return `${endpoint.replace(/\/$/, '')}/${guard.bucket}/${key}`;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${guard.bucket}.s3.${region}.${suffix}/${key}`;
}

function guardOf(stack: Stack): Guard | undefined {
  const { [guardOutputs.role]: roleArn, [guardOutputs.bucket]: bucket } = outputsOf(stack);
  if (roleArn === undefined || bucket === undefined) return undefined;
  const at = stack.Parameters?.find(({ ParameterKey }) => ParameterKey === 'ExpiresAt')?.ParameterValue ?? noExpiry;
  return { name: stack.StackName ?? '', roleArn, bucket, expiresAt: at === noExpiry ? null : `${at}Z` };
}

function ignoreNoChange(error: unknown): void {
  if (isAwsError(error, 'ValidationError') && error.awsMessage.includes('No updates are to be performed')) return;
  throw error;
}

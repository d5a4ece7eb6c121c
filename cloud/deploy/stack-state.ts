/** Reads stacks: nothing of a deployment is remembered here, all of it lives in CloudFormation and in tags. */
import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { deploymentTags } from '#schema/deployment.ts';
import type { DeploymentView, StackResourceView } from '#schema/deployment-state.ts';
import { InputError } from '#schema/errors.ts';
import { isAbsent } from './aws-answers.ts';
import { type Owners, ownersOf } from './owners.ts';
import { isChanging, statusWords } from './stack-words.ts';

/** The stack of that name or id; undefined when there is none, or none any more. A deleted one is found by its id only. */
export async function findStack(client: CloudFormationClient, nameOrId: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: nameOrId }));
    const [stack] = Stacks;
    return stack?.StackStatus === 'DELETE_COMPLETE' && !nameOrId.startsWith('arn:') ? undefined : stack;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** The stack of that name, which must be a deployment of Caudal. */
export async function findDeployment(client: CloudFormationClient, stackName: string): Promise<Stack> {
  const stack = await findStack(client, stackName);
  if (stack === undefined) {
    throw refusal('deploy/no-such-stack', stackName, `there is no deployment ${stackName} in this account and Region`);
  }
  if (documentOf(stack) === undefined) throw foreign(stackName);
  return stack;
}

/** The stack belongs to somebody else. */
export function foreign(stackName: string): InputError {
  return refusal(
    'deploy/stack-name-taken',
    stackName,
    `the stack ${stackName} was not made by Caudal (it has no tag ${deploymentTags.document}) and is left alone: choose another stack name`,
  );
}

export function refusal(code: string, received: string, message: string): InputError {
  return new InputError([{ code, path: 'stack', received, message }]);
}

export function tagOf(stack: Stack, key: string): string | undefined {
  return stack.Tags?.find(({ Key }) => Key === key)?.Value;
}

/** Name of the document that the stack was made of; undefined for stacks of others. */
export function documentOf(stack: Stack): string | undefined {
  return tagOf(stack, deploymentTags.document);
}

export function outputsOf(stack: Stack): Record<string, string> {
  return Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']),
  );
}

export function viewOf(stack: Stack): DeploymentView {
  const status = stack.StackStatus ?? '';
  const stackName = stack.StackName ?? '';
  const expiresAt = tagOf(stack, deploymentTags.expiry);
  return {
    stackName,
    stackId: stack.StackId ?? '',
    document: documentOf(stack) ?? '',
    version: tagOf(stack, deploymentTags.version) ?? '',
    ...(expiresAt === undefined ? {} : { expiresAt }),
    createdAt: stack.CreationTime?.toISOString() ?? '',
    status,
    ...statusWords(status, stackName),
    isChanging: isChanging(status),
    outputs: outputsOf(stack),
  };
}

/** Every deployment of the account in this Region, as the tags say. */
export async function listDeployments(client: CloudFormationClient): Promise<DeploymentView[]> {
  const found: DeploymentView[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    found.push(...Stacks.filter((stack) => documentOf(stack) !== undefined).map(viewOf));
  }
  return found;
}

/** Id of the newest event of a stack; undefined when it has none. */
export async function newestEvent(client: CloudFormationClient, stackId: string): Promise<string | undefined> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stackId }));
  return StackEvents[0]?.EventId;
}

/** Nodes and edges that the resources of a stack belong to, read from the template that it was made of. */
export async function readOwners(client: CloudFormationClient, stackId: string): Promise<Owners> {
  try {
    const { TemplateBody = '{}' } = await client.send(
      new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Original' }),
    );
    return ownersOf(JSON.parse(TemplateBody) as { Metadata?: Record<string, unknown> });
  } catch (error) {
    if (isAbsent(error)) return new Map();
    throw error;
  }
}

/** Every resource of a stack as it is now. */
export async function listResources(
  client: CloudFormationClient,
  stackId: string,
  owners: Owners,
): Promise<StackResourceView[]> {
  const found: StackResourceView[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stackId })) {
    for (const one of StackResourceSummaries) {
      const logicalId = one.LogicalResourceId ?? '';
      const owner = owners.get(logicalId);
      found.push({
        logicalId,
        physicalId: one.PhysicalResourceId ?? '',
        type: one.ResourceType ?? '',
        status: one.ResourceStatus ?? '',
        ...(owner === undefined ? {} : { owner }),
        ...(one.ResourceStatusReason ? { reason: one.ResourceStatusReason } : {}),
      });
    }
  }
  return found;
}

/** Reads deployments: nothing of one is remembered here, all of it lives in CloudFormation and in tags. */
import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import type { AwsAccount } from '#cloud/account/account.ts';
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

/** The template that a stack was last made of; of a deleted one by its id. */
export async function deployedTemplate(
  client: CloudFormationClient,
  nameOrId: string,
): Promise<Record<string, unknown>> {
  const { TemplateBody = '{}' } = await client.send(
    new GetTemplateCommand({ StackName: nameOrId, TemplateStage: 'Original' }),
  );
  return JSON.parse(TemplateBody) as Record<string, unknown>;
}

/** The stack of that name, which must be a deployment of Caudal. */
export async function findDeployment(account: AwsAccount, stackName: string): Promise<Stack> {
  const stack = await findStack(account.clients.cloudFormation, stackName);
  if (stack === undefined) {
    throw refusal('deploy/no-such-stack', stackName, `there is no deployment ${stackName} in this account and Region`);
  }
  if (documentOf(stack) === undefined) throw foreign(stackName);
  return stack;
}

/** The stack belongs to somebody else. */
export function foreign(stackName: string): InputError {
  const message = `the stack ${stackName} was not made by Caudal (it has no tag ${deploymentTags.document}) and is left alone: choose another stack name`;
  return refusal('deploy/stack-name-taken', stackName, message);
}

export function tagOf(stack: Pick<Stack, 'Tags'>, key: string): string | undefined {
  return stack.Tags?.find(({ Key }) => Key === key)?.Value;
}

export function refusal(code: string, received: string, message: string): InputError {
  return new InputError([{ code, path: '--stack-name', received, message }]);
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

/** Every stack of Caudal in the account and this Region, guards too, as the tags say. */
export async function listDeployments({ clients }: AwsAccount): Promise<DeploymentView[]> {
  const found: DeploymentView[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: clients.cloudFormation }, {})) {
    found.push(...Stacks.filter((stack) => documentOf(stack) !== undefined).map(viewOf));
  }
  return found;
}

/** Id of the newest event of a stack; undefined when it has none. */
export async function newestEvent({ clients }: AwsAccount, stackId: string): Promise<string | undefined> {
  const { StackEvents = [] } = await clients.cloudFormation.send(
    new DescribeStackEventsCommand({ StackName: stackId }),
  );
  return StackEvents[0]?.EventId;
}

/** Nodes and edges that the resources of a stack belong to. */
export async function readOwners(account: AwsAccount, stackId: string): Promise<Owners> {
  return ownersOf(await deployedTemplate(account.clients.cloudFormation, stackId));
}

/** Every resource of a stack as it is now. */
export async function listResources(
  { clients }: AwsAccount,
  stackId: string,
  owners: Owners,
): Promise<StackResourceView[]> {
  const found: StackResourceView[] = [];
  const pages = paginateListStackResources({ client: clients.cloudFormation }, { StackName: stackId });
  for await (const { StackResourceSummaries = [] } of pages) {
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

/** Finds what was changed in a deployment by other hands than CloudFormation's. */
import {
  DescribeStackDriftDetectionStatusCommand,
  DetectStackDriftCommand,
  paginateDescribeStackResourceDrifts,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import type { AwsAccount } from '#cloud/account/account.ts';
import type { Drift, DriftedResource } from '#schema/deployment-state.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { isPassing } from './aws-answers.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Owners } from './owners.ts';
import { readOwners } from './stack-state.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
/** Detection takes minutes in large stacks. */
const LIMIT_MS = 900_000;

export interface DriftRequest {
  readonly account: AwsAccount;
  readonly stackId: string;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** Compares every resource with the template. Resource types that CloudFormation cannot compare are taken to be as they should. */
export async function detectDrift(request: DriftRequest): Promise<Drift> {
  const { account, stackId, clock = systemClock } = request;
  const { StackDriftDetectionId } = await account.clients.cloudFormation.send(
    new DetectStackDriftCommand({ StackName: stackId }),
  );
  const status = await detected(request, StackDriftDetectionId ?? '');
  const owners = await readOwners(account, stackId);
  const resources = status === 'IN_SYNC' ? [] : await readDrifted(account, stackId, owners);
  const kind = resources.length > 0 ? 'drifted' : status === 'UNKNOWN' ? 'unknown' : 'in-sync';
  return { kind, checkedAt: new Date(clock.nowMs()).toISOString(), text: TEXTS[kind], resources };
}

const TEXTS = {
  'in-sync': 'as deployed, as far as CloudFormation can compare',
  drifted: 'changed outside CloudFormation',
  unknown: 'CloudFormation could not compare',
} as const;

async function detected({ account, signal, clock = systemClock }: DriftRequest, id: string): Promise<string> {
  const deadlineMs = clock.nowMs() + LIMIT_MS;
  for (let waitMs = FIRST_WAIT_MS; clock.nowMs() < deadlineMs; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
    try {
      const found = await account.clients.cloudFormation.send(
        new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id }),
        {
          abortSignal: signal,
        },
      );
      if (found.DetectionStatus !== 'DETECTION_IN_PROGRESS') return found.StackDriftStatus ?? 'UNKNOWN';
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error)) throw error;
    }
    await clock.sleep(waitMs, signal);
  }
  throw new EnvironmentError('deploy/no-end', 'drift detection has not ended within 15 minutes: look again later');
}

async function readDrifted({ clients }: AwsAccount, stackId: string, owners: Owners): Promise<DriftedResource[]> {
  const found: DriftedResource[] = [];
  const filters = { StackName: stackId, StackResourceDriftStatusFilters: ['MODIFIED' as const, 'DELETED' as const] };
  for await (const { StackResourceDrifts = [] } of paginateDescribeStackResourceDrifts(
    { client: clients.cloudFormation },
    filters,
  )) {
    found.push(...StackResourceDrifts.map((one) => driftedOf(one, owners)));
  }
  return found;
}

function driftedOf(drift: StackResourceDrift, owners: Owners): DriftedResource {
  const logicalId = drift.LogicalResourceId ?? '';
  const owner = owners.get(logicalId);
  return {
    logicalId,
    type: drift.ResourceType ?? '',
    ...(owner === undefined ? {} : { owner }),
    status: drift.StackResourceDriftStatus === 'DELETED' ? 'DELETED' : 'MODIFIED',
    differences: (drift.PropertyDifferences ?? []).map(({ PropertyPath, ExpectedValue, ActualValue }) => ({
      path: PropertyPath ?? '',
      expected: ExpectedValue ?? '',
      actual: ActualValue ?? '',
    })),
  };
}

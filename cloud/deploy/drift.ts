/** Finds what was changed in a deployment by other hands than CloudFormation's. */
import {
  type CloudFormationClient,
  DescribeStackDriftDetectionStatusCommand,
  DetectStackDriftCommand,
  paginateDescribeStackResourceDrifts,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import type { Drift, DriftedResource } from '#schema/deployment-state.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { isThrottled, isUnreachable } from './aws-answers.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Owners } from './owners.ts';
import { readOwners } from './stack-state.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
/** Detection takes minutes in large stacks. */
const LIMIT_MS = 900_000;

export interface DriftRequest {
  readonly client: CloudFormationClient;
  readonly stackId: string;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** Compares every resource with the template. Resource types that CloudFormation cannot compare are taken to be as they should. */
export async function detectDrift(request: DriftRequest): Promise<Drift> {
  const { client, stackId, clock = systemClock } = request;
  const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName: stackId }));
  const status = await detected(request, StackDriftDetectionId ?? '');
  const owners = await readOwners(client, stackId);
  const resources = status === 'IN_SYNC' ? [] : await readDrifted(client, stackId, owners);
  const kind = resources.length > 0 ? 'drifted' : status === 'UNKNOWN' ? 'unknown' : 'in-sync';
  return { kind, checkedAt: new Date(clock.nowMs()).toISOString(), text: TEXTS[kind], resources };
}

const TEXTS = {
  'in-sync': 'as deployed, as far as CloudFormation can compare',
  drifted: 'changed outside CloudFormation',
  unknown: 'CloudFormation could not compare',
} as const;

async function detected({ client, signal, clock = systemClock }: DriftRequest, id: string): Promise<string> {
  const deadlineMs = clock.nowMs() + LIMIT_MS;
  for (let waitMs = FIRST_WAIT_MS; clock.nowMs() < deadlineMs; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
    try {
      const found = await client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id }), {
        abortSignal: signal,
      });
      if (found.DetectionStatus !== 'DETECTION_IN_PROGRESS') return found.StackDriftStatus ?? 'UNKNOWN';
    } catch (error) {
      if (!isUnreachable(error) && !isThrottled(error)) throw error;
    }
    await clock.sleep(waitMs, signal);
  }
  throw new EnvironmentError('deploy/no-end', 'drift detection has not ended within 15 minutes: look again later');
}

async function readDrifted(client: CloudFormationClient, stackId: string, owners: Owners): Promise<DriftedResource[]> {
  const found: DriftedResource[] = [];
  const filters = { StackName: stackId, StackResourceDriftStatusFilters: ['MODIFIED' as const, 'DELETED' as const] };
  for await (const { StackResourceDrifts = [] } of paginateDescribeStackResourceDrifts({ client }, filters)) {
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

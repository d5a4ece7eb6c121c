import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyChangeSet } from '#cloud/deploy/apply.ts';
import { detectDrift } from '#cloud/deploy/drift.ts';
import { findStack, listDeployments } from '#cloud/deploy/stack-state.ts';
import type { SynthResult } from '#schema/deployment.ts';
import type { FollowEvent, StackOutcome } from '#schema/deployment-state.ts';
import type { Resource, Template } from './adapt-template.ts';
import { Account, fastClock, readScenario, synthesized } from './deployed.ts';
import { type Emulator, startEmulator } from './emulator.ts';

let emulator: Emulator;
let account: Account;
let client: CloudFormationClient;
let skeleton: SynthResult;

beforeAll(async () => {
  [emulator, skeleton] = await Promise.all([
    startEmulator(),
    synthesized(readScenario('walking-skeleton'), 'skeleton'),
  ]);
  account = new Account(emulator.options);
  client = account.cloudFormation;
});

afterAll(async () => {
  account?.close();
  await emulator?.stop();
});

beforeEach(() => emulator.reset());

/** A copy with other properties of one resource. */
function changed(template: Template, logicalId: string, properties: Readonly<Record<string, unknown>>): Template {
  const resource = template.Resources?.[logicalId] as Resource;
  const Properties = { ...resource.Properties, ...properties };
  return { ...template, Resources: { ...template.Resources, [logicalId]: { ...resource, Properties } } };
}

function idOf(node: string, type: string): string {
  const ids = skeleton.resources[node] ?? [];
  const found = ids.find((id) => (skeleton.template as Template).Resources?.[id]?.Type === type);
  if (found === undefined) throw new Error(`${node} has no ${type}`);
  return found;
}

async function deploy(
  template: Template,
  stackName = 'skeleton',
  isUpdate = false,
): Promise<[StackOutcome, FollowEvent[]]> {
  const plan = await account.plan(stackName, template, { isUpdate });
  const events: FollowEvent[] = [];
  const outcome = await applyChangeSet({
    client,
    changeSetId: plan.ChangeSetId ?? '',
    document: 'walking-skeleton',
    onEvent: (event) => events.push(event),
    clock: fastClock,
  });
  return [outcome, events];
}

describe('a deployment', () => {
  it('is created, each step told with its node, and says where records go in and out', async () => {
    const [outcome, events] = await deploy(skeleton.template);
    expect(outcome).toMatchObject({ kind: 'done', status: 'CREATE_COMPLETE', text: 'deployed', failures: [] });
    for (const { outputKey } of skeleton.accessPoints) expect(outcome.outputs[outputKey]).toBeTruthy();
    const steps = events.flatMap((event) => (event.kind === 'step' ? [event.step] : []));
    const done = steps.filter(({ status, isStack }) => status === 'CREATE_COMPLETE' && !isStack);
    expect(new Set(done.map(({ owner }) => owner))).toEqual(new Set(['clicks', 'enrich', 'orders', 'poll']));
    expect(steps.at(-1)).toMatchObject({ isStack: true, status: 'CREATE_COMPLETE' });
    expect(await listDeployments(client)).toMatchObject([
      { stackName: 'skeleton', document: 'walking-skeleton', expiresAt: '2026-12-01T00:00:00Z', isChanging: false },
    ]);
  });

  it('is updated, and tells which resource was made anew', async () => {
    await deploy(skeleton.template);
    const queue = idOf('orders', 'AWS::SQS::Queue');
    const plan = await account.plan('skeleton', changed(skeleton.template, queue, { QueueName: 'orders-two' }), {
      isUpdate: true,
    });
    expect(plan.Changes?.map(({ ResourceChange }) => ResourceChange)).toContainEqual(
      expect.objectContaining({ Action: 'Modify', LogicalResourceId: queue, Replacement: 'True' }),
    );
    const outcome = await applyChangeSet({
      client,
      changeSetId: plan.ChangeSetId ?? '',
      document: 'walking-skeleton',
      clock: fastClock,
    });
    expect(outcome).toMatchObject({ kind: 'done', status: 'UPDATE_COMPLETE' });
    expect(outcome.replaced).toMatchObject([{ logicalId: queue, owner: 'orders', type: 'AWS::SQS::Queue' }]);
    expect(outcome.replaced[0]?.to).toContain('orders-two');
  });

  it('fails to be created and is undone, with the cause at its node and a remedy', async () => {
    const queue = idOf('orders', 'AWS::SQS::Queue');
    const [outcome] = await deploy(changed(skeleton.template, queue, { VisibilityTimeout: 999_999 }));
    expect(outcome).toMatchObject({ kind: 'rolled-back', status: 'ROLLBACK_COMPLETE' });
    expect(outcome.remedy).toContain('destroy it');
    expect(outcome.failures).toMatchObject([
      { logicalId: queue, owner: 'orders', text: 'AWS refused a setting', remedy: 'change the setting that AWS names' },
    ]);
    const stack = await findStack(client, 'skeleton');
    expect(stack?.StackStatus).toBe('ROLLBACK_COMPLETE');
    await expect(deploy(skeleton.template, 'skeleton', true)).rejects.toThrow(/destroy it|ROLLBACK_COMPLETE/);
  });

  it('fails to be updated and is as it was before', async () => {
    await deploy(skeleton.template);
    const queue = idOf('orders', 'AWS::SQS::Queue');
    const [outcome] = await deploy(changed(skeleton.template, queue, { VisibilityTimeout: 999_999 }), 'skeleton', true);
    expect(outcome).toMatchObject({ kind: 'rolled-back', status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(outcome.failures).toMatchObject([{ owner: 'orders' }]);
    expect((await detectDrift({ client, stackId: outcome.stackId, clock: fastClock })).kind).toBe('in-sync');
  });
});

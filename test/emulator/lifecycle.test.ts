import { DeleteQueueCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { detectDrift } from '#cloud/deploy/drift.ts';
import { findStack, listDeployments } from '#cloud/deploy/stack-state.ts';
import type { FollowEvent } from '#schema/deployment-state.ts';
import { fastClock, Stage } from './deployed.ts';
import { EXPIRES_AT, resourceOf, withProperties } from './documents.ts';
import { failingResource, slowResource } from './planted-resources.ts';

const stage = new Stage();
const { skeleton } = stage;
const { template } = skeleton;
const queue = resourceOf(skeleton, 'orders', 'AWS::SQS::Queue');
const impossible = withProperties(template, queue, { VisibilityTimeout: 999_999 });

describe('a deployment', () => {
  it('is created, each step told with its node, and says where records go in and out', async () => {
    const events: FollowEvent[] = [];
    const outcome = await stage.deployer.deploy('skeleton', template, { onEvent: (event) => events.push(event) });
    expect(outcome).toMatchObject({ kind: 'done', status: 'CREATE_COMPLETE', text: 'deployed', failures: [] });
    for (const { outputKey } of skeleton.accessPoints) expect(outcome.outputs[outputKey]).toBeTruthy();
    const steps = events.flatMap((event) => (event.kind === 'step' ? [event.step] : []));
    const done = steps.filter(({ status, isStack }) => status === 'CREATE_COMPLETE' && !isStack);
    expect(new Set(done.map(({ owner }) => owner))).toEqual(new Set(['clicks', 'enrich', 'orders', 'poll']));
    expect(steps.at(-1)).toMatchObject({ isStack: true, status: 'CREATE_COMPLETE' });
    expect(await listDeployments(stage.account)).toMatchObject([
      { stackName: 'skeleton', document: 'walking-skeleton', expiresAt: EXPIRES_AT, isChanging: false },
    ]);
  });

  it('shows its progress while it is being created, not only when all is done', async () => {
    const seen: string[] = [];
    const startMs = Date.now();
    const outcome = await stage.deployer.deploy('skeleton', slowResource(template, 2), {
      onEvent: (event) => {
        if (event.kind !== 'step' || event.step.logicalId !== 'Planted') return;
        seen.push(`${event.step.status} after ${Math.round((Date.now() - startMs) / 1000)} s`);
      },
    });
    expect(outcome.kind).toBe('done');
    expect(seen[0]).toMatch(/^CREATE_IN_PROGRESS after [01] s$/);
    expect(seen.at(-1)).toMatch(/^CREATE_COMPLETE after [2-9] s$/);
  });

  it('is updated; the plan says what will be made anew, the outcome what was', async () => {
    await stage.deployer.deploy('skeleton', template);
    const renamed = withProperties(template, queue, { QueueName: 'orders-two' });
    const plan = await stage.deployer.plan('skeleton', renamed, { isUpdate: true });
    expect(plan.Changes?.map(({ ResourceChange }) => ResourceChange)).toContainEqual(
      expect.objectContaining({ Action: 'Modify', LogicalResourceId: queue, Replacement: 'True' }),
    );
    const outcome = await stage.deployer.apply(plan);
    expect(outcome).toMatchObject({ kind: 'done', status: 'UPDATE_COMPLETE' });
    expect(outcome.replaced).toMatchObject([{ logicalId: queue, owner: 'orders', type: 'AWS::SQS::Queue' }]);
    expect(outcome.replaced[0]?.to).toContain('orders-two');
  });

  it('that fails to be created is undone, with the cause at its node and a remedy', async () => {
    const outcome = await stage.deployer.deploy('skeleton', impossible);
    expect(outcome).toMatchObject({ kind: 'rolled-back', status: 'ROLLBACK_COMPLETE' });
    expect(outcome.remedy).toContain('destroy it');
    expect(outcome.failures).toMatchObject([
      { logicalId: queue, owner: 'orders', text: 'AWS refused a setting', remedy: 'change the setting that AWS names' },
    ]);
    expect((await findStack(stage.account.clients.cloudFormation, 'skeleton'))?.StackStatus).toBe('ROLLBACK_COMPLETE');
  });

  it('is undone when the function behind a custom resource reports a failure', async () => {
    const outcome = await stage.deployer.deploy('skeleton', failingResource(template, 'planted to fail'));
    expect(outcome).toMatchObject({ kind: 'rolled-back' });
    expect(outcome.failures).toHaveLength(1);
    expect(outcome.failures[0]).toMatchObject({ logicalId: 'Planted' });
    expect(outcome.failures[0]?.reason).toContain('planted to fail');
  });

  it('that fails to be updated is as it was before', async () => {
    await stage.deployer.deploy('skeleton', template);
    const outcome = await stage.deployer.deploy('skeleton', impossible, { isUpdate: true });
    expect(outcome).toMatchObject({ kind: 'rolled-back', status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(outcome.failures).toMatchObject([{ owner: 'orders' }]);
    const drift = await detectDrift({ account: stage.account, stackId: outcome.stackId, clock: fastClock });
    expect(drift).toMatchObject({ kind: 'in-sync', resources: [] });
  });
});

describe('drift', () => {
  it('is found at its node, property by property, and keeps an update from being applied', async () => {
    const { stackId, outputs } = await stage.deployer.deploy('skeleton', template);
    const sqs = new SQSClient(stage.emulator.options);
    const QueueUrl = outputs['AtOrders'];
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '7' } }));
    const { account } = stage;
    expect(await detectDrift({ account, stackId, clock: fastClock })).toMatchObject({
      kind: 'drifted',
      resources: [
        {
          logicalId: queue,
          owner: 'orders',
          status: 'MODIFIED',
          differences: [{ path: expect.stringContaining('VisibilityTimeout'), expected: '60', actual: '7' }],
        },
      ],
    });
    const plan = await stage.deployer.plan('skeleton', withProperties(template, queue, { DelaySeconds: 3 }), {
      isUpdate: true,
    });
    await expect(stage.deployer.apply(plan)).rejects.toThrow(/outside Caudal: orders \(modified\).*--accept-drift/);
    expect(await stage.deployer.apply(plan, { acceptsDrift: true })).toMatchObject({ kind: 'done' });
    sqs.destroy();
  });

  it('is found when a resource was deleted', async () => {
    const { stackId, outputs } = await stage.deployer.deploy('skeleton', template);
    const sqs = new SQSClient(stage.emulator.options);
    await sqs.send(new DeleteQueueCommand({ QueueUrl: outputs['AtOrders'] }));
    const drift = await detectDrift({ account: stage.account, stackId, clock: fastClock });
    expect(drift.resources).toContainEqual(expect.objectContaining({ owner: 'orders', status: 'DELETED' }));
    sqs.destroy();
  });
});

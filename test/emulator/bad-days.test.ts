import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AwsAccount } from '#cloud/account/account.ts';
import { ROOT } from '#bin/build-state.mjs';
import { resume } from '#cloud/deploy/apply.ts';
import type { Clock } from '#cloud/deploy/clock.ts';
import { destroyStack } from '#cloud/deploy/destroy.ts';
import { deploymentTags } from '#schema/deployment.ts';
import type { FollowEvent } from '#schema/deployment-state.ts';
import { fastClock, openTestAccount, Stage } from './deployed.ts';
import { resourceOf, withProperties } from './documents.ts';
import { FaultProxy } from './fault-proxy.ts';
import { slowResource } from './planted-resources.ts';

const stage = new Stage();
const { skeleton } = stage;
const { template } = skeleton;
const queue = resourceOf(skeleton, 'orders', 'AWS::SQS::Queue');
const slower = withProperties(template, queue, { DelaySeconds: 3 });

let proxy: FaultProxy;

beforeAll(async () => {
  proxy = new FaultProxy(stage.emulator.endpoint);
  await proxy.start();
});
afterAll(() => proxy.stop());
beforeEach(() => proxy.spoil(() => undefined));

/** The account as seen through the proxy, each call tried once: what is spoilt is seen by our code, not hidden by the SDK. */
function throughProxy(): Promise<AwsAccount> {
  return openTestAccount(proxy.endpoint, 1);
}

describe('a deployment is refused, with a remedy,', () => {
  it('when the stack belongs to somebody else', async () => {
    await stage.deployer.apply(await stage.deployer.plan('skeleton', template, { tags: {} }));
    const plan = await stage.deployer.plan('skeleton', slower, { isUpdate: true });
    await expect(stage.deployer.apply(plan)).rejects.toThrow(/not made by Caudal.*choose another stack name/);
  });

  it('when the stack holds another document', async () => {
    const tags = { [deploymentTags.document]: 'other' };
    await stage.deployer.apply(await stage.deployer.plan('skeleton', template, { tags }));
    const plan = await stage.deployer.plan('skeleton', slower, { isUpdate: true });
    await expect(stage.deployer.apply(plan)).rejects.toThrow(/holds the document "other".*choose another stack name/);
  });

  it('when the first attempt was rolled back', async () => {
    await stage.deployer.deploy('skeleton', withProperties(template, queue, { VisibilityTimeout: 999_999 }));
    await expect(stage.deployer.deploy('skeleton', template, { isUpdate: true })).rejects.toThrow(/ROLLBACK_COMPLETE/);
  });

  it('when another change set was applied since the plan was made', async () => {
    await stage.deployer.deploy('skeleton', template);
    const mine = await stage.deployer.plan('skeleton', slower, { isUpdate: true });
    await stage.deployer.deploy('skeleton', withProperties(template, queue, { DelaySeconds: 9 }), { isUpdate: true });
    await expect(stage.deployer.apply(mine, { acceptsDrift: true })).rejects.toThrow(/somebody else.*plan again/);
  });

  it('when the same plan was applied before', async () => {
    const plan = await stage.deployer.plan('skeleton', template);
    await stage.deployer.apply(plan);
    await expect(stage.deployer.apply(plan)).rejects.toThrow(/plan again/);
  });
});

describe('a deployment goes on', () => {
  it('when the network is lost while it runs, and says so once each way', async () => {
    const plan = await stage.deployer.plan('skeleton', slowResource(template, 2));
    const events: FollowEvent[] = [];
    const account = await throughProxy();
    proxy.spoil(({ operation, turn }) =>
      operation === 'DescribeStackEvents' && turn >= 2 && turn < 12 ? { kind: 'reset' } : undefined,
    );
    const outcome = await stage.deployer.apply(plan, { account, onEvent: (event) => events.push(event) });
    expect(outcome).toMatchObject({ kind: 'done', status: 'CREATE_COMPLETE' });
    expect(proxy.done.get('reset')).toBe(10);
    expect(events.filter(({ kind }) => kind !== 'step').map(({ kind }) => kind)).toEqual(['unreachable', 'reachable']);
    const steps = events.flatMap((event) => (event.kind === 'step' ? [event.step.id] : []));
    expect(new Set(steps).size).toBe(steps.length);
    account.close();
  });

  it('when AWS throttles, fails, or its answers break off', async () => {
    const plan = await stage.deployer.plan('skeleton', template);
    const account = await throughProxy();
    proxy.spoil(({ operation, turn }) => {
      if (operation !== 'DescribeStacks' || turn === 0) return undefined;
      if (turn === 1) return { kind: 'refused', status: 400, code: 'Throttling', message: 'Rate exceeded' };
      if (turn === 2) return { kind: 'refused', status: 503, code: 'ServiceUnavailable' };
      return turn === 3 ? { kind: 'cut-answer' } : undefined;
    });
    expect(await stage.deployer.apply(plan, { account })).toMatchObject({ kind: 'done' });
    expect([...proxy.done.keys()]).toEqual(expect.arrayContaining(['refused', 'cut-answer']));
    account.close();
  });

  it('when the answer to its start is lost: it is not started twice', async () => {
    const plan = await stage.deployer.plan('skeleton', slowResource(template, 1));
    const account = await throughProxy();
    proxy.spoil(({ operation, turn }) =>
      operation === 'ExecuteChangeSet' && turn === 0 ? { kind: 'lost-answer' } : undefined,
    );
    const steps: string[] = [];
    const outcome = await stage.deployer.apply(plan, {
      account,
      onEvent: (event) => {
        if (event.kind === 'step' && event.step.isStack) steps.push(event.step.status);
      },
    });
    expect(outcome).toMatchObject({ kind: 'done' });
    expect(steps).toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    account.close();
  });

  it('when the machine sleeps while it runs, and says for how long', async () => {
    const plan = await stage.deployer.plan('skeleton', slowResource(template, 1));
    const events: FollowEvent[] = [];
    let asleepMs = 0;
    const clock: Clock = {
      nowMs: () => Date.now() + asleepMs,
      sleep: async (ms, signal) => {
        await fastClock.sleep(ms, signal);
        if (asleepMs === 0) asleepMs = 3_600_000;
      },
    };
    const outcome = await stage.deployer.apply(plan, { clock, onEvent: (event) => events.push(event) });
    expect(outcome.kind).toBe('done');
    const woke = events.filter(({ kind }) => kind === 'woke');
    expect(woke).toHaveLength(1);
    expect(woke[0]).toMatchObject({ seconds: expect.closeTo(3600, -1), text: expect.stringContaining('AWS went on') });
  });

  it('when the app is killed: another one follows it to its end', async () => {
    const plan = await stage.deployer.plan('skeleton', slowResource(template, 6));
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'test/emulator/follow-elsewhere.ts', stage.emulator.endpoint, plan.ChangeSetId ?? ''],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) if (line === 'Planted CREATE_IN_PROGRESS') break;
    child.kill('SIGKILL');
    const steps: string[] = [];
    const outcome = await resume({
      account: stage.account,
      stackId: plan.StackId ?? '',
      clock: fastClock,
      onEvent: (event) => {
        if (event.kind === 'step') steps.push(`${event.step.owner ?? event.step.logicalId} ${event.step.status}`);
      },
    });
    expect(outcome).toMatchObject({ kind: 'done', status: 'CREATE_COMPLETE' });
    expect(steps[0]).toBe('skeleton CREATE_IN_PROGRESS');
    expect(steps).toContain('orders CREATE_COMPLETE');
    expect(outcome.outputs['AtOrders']).toBeTruthy();
  });
});

describe('destroying goes on', () => {
  it('when the answer to its start is lost, and the network after it', async () => {
    await stage.deployer.deploy('skeleton', template);
    const account = await throughProxy();
    proxy.spoil(({ operation, turn }) => {
      if (operation === 'DeleteStack' && turn === 0) return { kind: 'lost-answer' };
      return operation === 'DescribeStackEvents' && turn > 0 && turn < 5 ? { kind: 'reset' } : undefined;
    });
    const destroyed = await destroyStack({
      account,
      stackName: 'skeleton',
      confirmation: 'skeleton',
      clock: fastClock,
    });
    expect(destroyed).toMatchObject({ kind: 'done', remaining: [] });
    expect(proxy.done.get('lost-answer')).toBe(1);
    account.close();
  });
});

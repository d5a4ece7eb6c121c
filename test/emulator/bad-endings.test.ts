import { DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AwsAccount } from '#cloud/account/account.ts';
import { destroyStack } from '#cloud/deploy/destroy.ts';
import { findStack } from '#cloud/deploy/stack-state.ts';
import { deployDocument } from '#host/deployments/deploy-document.ts';
import { openDocument } from '#host/files/open.ts';
import { deploymentTags } from '#schema/deployment.ts';
import { caudal } from '#test/harness/command-line.ts';
import { fastClock, openTestAccount, Stage } from './deployed.ts';
import { resourceOf, withProperties } from './documents.ts';
import { FaultProxy, type Plan } from './fault-proxy.ts';

const stage = new Stage();
const { skeleton } = stage;
const { template } = skeleton;
const FILE = 'scenarios/walking-skeleton/scenario.caudal.json';
const queue = resourceOf(skeleton, 'orders', 'AWS::SQS::Queue');
const stream = resourceOf(skeleton, 'clicks', 'AWS::Kinesis::Stream');
const impossible = withProperties(template, queue, { VisibilityTimeout: 999_999 });
const SHORT = ['--set', 'run.horizonSeconds=10', '--set', 'run.preRollSeconds=0'];
const NAMED = ['--stack-name', 'skeleton', '--allow-left-out', '--confirm', 'skeleton', ...SHORT];

let proxy: FaultProxy;

beforeAll(async () => {
  proxy = new FaultProxy(stage.emulator.endpoint);
  await proxy.start();
  vi.stubEnv('AWS_ENDPOINT_URL', proxy.endpoint);
});
afterAll(() => proxy.stop());
beforeEach(() => proxy.spoil(() => undefined));

function throughProxy(): Promise<AwsAccount> {
  return openTestAccount(proxy.endpoint, 1);
}

type Change = readonly [from: string, to: string, reason: string];

/** Answers about the stack and its events in which some statuses are others. `changes`: by logical id. */
function otherStatuses(changes: Readonly<Record<string, Change>>): Plan {
  const event = (member: string): string => {
    const id = /<LogicalResourceId>([^<]*)</.exec(member)?.[1] ?? '';
    const [from, to, reason] = changes[id] ?? ['', '', ''];
    if (from === '' || !member.includes(`>${from}</ResourceStatus>`)) return member;
    return member
      .replaceAll(/<ResourceStatusReason>[^<]*<\/ResourceStatusReason>|<ResourceStatusReason\/>/g, '')
      .replace(
        `>${from}</ResourceStatus>`,
        `>${to}</ResourceStatus><ResourceStatusReason>${reason}</ResourceStatusReason>`,
      );
  };
  const [from, to] = changes['skeleton'] ?? ['', ''];
  const ofEvents = (answer: string): string => answer.replace(/<member>[\s\S]*?<\/member>/g, event);
  const ofStack = (answer: string): string => answer.replaceAll(`>${from}</StackStatus>`, `>${to}</StackStatus>`);
  return ({ operation }) => {
    if (operation === 'DescribeStackEvents') return { kind: 'rewritten', change: ofEvents };
    return operation === 'DescribeStacks' ? { kind: 'rewritten', change: ofStack } : undefined;
  };
}

/** As AWS documents it: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html (read 2026-11-21) */
const ROLLBACK_FAILED = otherStatuses({
  skeleton: [
    'UPDATE_ROLLBACK_COMPLETE',
    'UPDATE_ROLLBACK_FAILED',
    `The following resource(s) failed to update: [${queue}].`,
  ],
});

describe('a deployment that ends badly', () => {
  it('says so when undoing an update failed too, cannot be changed then, and can be destroyed', async () => {
    await stage.deployer.deploy('skeleton', template);
    const plan = await stage.deployer.plan('skeleton', impossible, { isUpdate: true });
    const account = await throughProxy();
    proxy.spoil(ROLLBACK_FAILED);
    const outcome = await stage.deployer.apply(plan, { account });
    expect(outcome).toMatchObject({
      kind: 'failed',
      status: 'UPDATE_ROLLBACK_FAILED',
      text: expect.stringContaining('neither as before nor as wanted'),
      remedy: expect.stringContaining('aws cloudformation continue-update-rollback --stack-name skeleton'),
    });
    expect(outcome.failures).toMatchObject([{ owner: 'orders', text: 'AWS refused a setting' }]);
    expect(proxy.done.get('rewritten')).toBeGreaterThan(0);

    const again = await caudal('deploy', FILE, ...NAMED);
    expect(again.code).toBe(3);
    expect(again.err).toContain('the stack skeleton is in UPDATE_ROLLBACK_FAILED');
    expect(again.err).toContain('continue-update-rollback');
    const status = await caudal('status', 'skeleton');
    expect(status.out.replaceAll(/\s+/g, ' ')).toContain(
      'neither as before nor as wanted. What to do: mend what the failed resource names',
    );
    const request = { account, stackName: 'skeleton', confirmation: 'skeleton', clock: fastClock };
    expect(await destroyStack(request)).toMatchObject({ kind: 'done' });
    account.close();
  });

  it('can be destroyed and deployed again after its first attempt was undone', async () => {
    expect(await stage.deployer.deploy('skeleton', impossible)).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    const refused = await caudal('deploy', FILE, ...NAMED);
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('destroy it (nothing of it is running), mend the cause, then deploy again');
    expect((await caudal('destroy', 'skeleton', '--confirm', 'skeleton')).out).toContain('skeleton: deleted');
    const again = await caudal('deploy', FILE, ...NAMED);
    expect(again.code, again.err).toBe(0);
    expect(again.out).toContain('skeleton: deployed');
  });

  it('names what a deletion could not remove, what that costs a month, and what costs nothing', async () => {
    await stage.deployer.deploy('skeleton', template);
    const role = resourceOf(skeleton, 'enrich', 'AWS::IAM::Role');
    const account = await throughProxy();
    proxy.spoil(
      otherStatuses({
        skeleton: ['DELETE_COMPLETE', 'DELETE_FAILED', 'The following resource(s) failed to delete'],
        [stream]: ['DELETE_COMPLETE', 'DELETE_FAILED', 'Stream skeleton-clicks has registered consumers.'],
        [role]: ['DELETE_COMPLETE', 'DELETE_FAILED', 'Cannot delete entity, must detach all policies first.'],
      }),
    );
    const request = { account, stackName: 'skeleton', confirmation: 'skeleton', clock: fastClock };
    const destroyed = await destroyStack(request);
    expect(destroyed).toMatchObject({ kind: 'failed', status: 'DELETE_FAILED' });
    expect(destroyed.remaining.find(({ logicalId }) => logicalId === stream)).toMatchObject({
      owner: 'clicks',
      why: 'failed',
      // Two shards.
      usdPerMonth: expect.closeTo(2 * 730 * 0.015, 9),
      costs: 'is billed by the hour, also while nothing passes through it',
    });
    expect(destroyed.remaining.find(({ logicalId }) => logicalId === role)).toMatchObject({ usdPerMonth: 0 });
    expect(destroyed.failures.map(({ owner }) => owner)).toEqual(expect.arrayContaining(['clicks', 'enrich']));
    account.close();

    await stage.deployer.deploy('skeleton', template);
    const { code, out } = await caudal('destroy', 'skeleton', '--confirm', 'skeleton');
    expect(code).toBe(3);
    expect(out).toContain('the deletion stopped: what is named below still exists and costs money');
    expect(out).toMatch(
      /clicks: Kinesis::Stream \w+ \(.+\): could not be deleted; 21\.90 USD a month: is billed by the hour/,
    );
    expect(out).toMatch(
      /enrich: IAM::Role \w+ \(.+\): could not be deleted; costs nothing while nothing passes through it/,
    );
  });
});

describe('a plan that is no longer true', () => {
  it('is not carried out when another change set was carried out while it was being confirmed', async () => {
    expect((await caudal('deploy', FILE, ...NAMED)).code).toBe(0);
    const { runnable } = await openDocument(FILE, [
      'nodes.orders.config.visibilityTimeoutSeconds=90',
      'run.horizonSeconds=10',
      'run.preRollSeconds=0',
    ]);
    const deployment = await findStack(stage.account.clients.cloudFormation, 'skeleton');
    const tags = Object.fromEntries((deployment?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    expect(tags[deploymentTags.document]).toBe('walking-skeleton');
    const mine = deployDocument(runnable, {
      stackName: 'skeleton',
      allowLeftOut: true,
      acceptsDrift: false,
      confirm: async ({ stackName, changes }) => {
        expect(changes.map(({ owner }) => owner)).toContain('orders');
        const theirs = withProperties(template, queue, { VisibilityTimeout: 90 });
        await stage.deployer.deploy('skeleton', theirs, { isUpdate: true, tags });
        return stackName;
      },
    });
    await expect(mine).rejects.toThrow(/changed by somebody else while you confirmed.*deploy again/);
    const { StackEvents = [] } = await stage.account.clients.cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: 'skeleton' }),
    );
    const ends = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'UPDATE_COMPLETE');
    expect(ends.filter(({ LogicalResourceId }) => LogicalResourceId === 'skeleton')).toHaveLength(1);
  });
});

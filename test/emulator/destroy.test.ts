import { UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { destroyStack, type DestroyRequest } from '#cloud/deploy/destroy.ts';
import { removeKeptBucket } from '#cloud/deploy/bucket-contents.ts';
import { listKeptBuckets, listLeft } from '#cloud/deploy/kept-buckets.ts';
import { findStack } from '#cloud/deploy/stack-state.ts';
import { fastClock, Stage } from './deployed.ts';
import { withLake } from './lake.ts';
import { stubbornResource } from './planted-resources.ts';

const stage = new Stage();
const { skeleton } = stage;

function destroy(stackName: string, options: Partial<DestroyRequest> = {}) {
  return destroyStack({ account: stage.account, stackName, confirmation: stackName, clock: fastClock, ...options });
}

async function put(bucket: string, key: string, bytes: number): Promise<void> {
  await stage.account.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'x'.repeat(bytes) }));
}

describe('destroying', () => {
  it('stops before anything is deleted when the confirmation does not name the stack', async () => {
    await stage.deployer.deploy('skeleton', skeleton.template);
    await expect(destroy('skeleton', { confirmation: 'skeletons' })).rejects.toThrow(/type the stack's name, skeleton/);
    expect((await findStack(stage.account.clients.cloudFormation, 'skeleton'))?.StackStatus).toBe('CREATE_COMPLETE');
  });

  it('leaves nothing where nothing is to be kept', async () => {
    await stage.deployer.deploy('skeleton', skeleton.template);
    expect(await destroy('skeleton')).toMatchObject({ kind: 'done', text: 'deleted', remaining: [], buckets: [] });
    const sqs = new SQSClient(stage.emulator.options);
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
    sqs.destroy();
    expect(await findStack(stage.account.clients.cloudFormation, 'skeleton')).toBeUndefined();
  });

  it('leaves buckets, with their size, what they cost a month, and the command that removes them', async () => {
    await stage.deployer.deploy('skeleton', withLake(skeleton, 'the-lake'));
    await put('the-lake', 'a', 3_000_000);
    await put('the-lake', 'b', 1_000_000);
    const destroyed = await destroy('skeleton');
    expect(destroyed).toMatchObject({ kind: 'done', text: 'deleted, but for 1 resource that the template keeps' });
    expect(destroyed.buckets).toEqual([
      {
        bucket: 'the-lake',
        stackName: 'skeleton',
        owner: 'lake',
        objects: 2,
        bytes: 4_000_000,
        isAtLeast: false,
        usdPerMonth: expect.closeTo((4_000_000 / 1_073_741_824) * 0.023, 9),
        ratesDate: expect.stringMatching(/^20/),
        command: 'caudal destroy skeleton --empty-bucket the-lake',
      },
    ]);
    expect(await listKeptBuckets(stage.account)).toEqual(destroyed.buckets);
  });

  it('empties a kept bucket on a second answer only, and then it is gone', async () => {
    await stage.deployer.deploy('skeleton', withLake(skeleton, 'the-lake'));
    await put('the-lake', 'a', 10);
    const { buckets } = await destroy('skeleton');
    const { account } = stage;
    const [bucket] = buckets;
    if (bucket === undefined) throw new Error('no bucket was listed');
    await expect(removeKeptBucket(account, bucket, 'yes')).rejects.toThrow(/nothing was deleted.*the-lake/);
    await account.clients.s3.send(new HeadBucketCommand({ Bucket: 'the-lake' }));
    expect(await removeKeptBucket(account, bucket, 'the-lake')).toBe(1);
    expect(await listKeptBuckets(stage.account, 'skeleton')).toEqual([]);
  });

  it('that stops half-way says what remains, and can leave it behind', async () => {
    await stage.deployer.deploy('skeleton', stubbornResource(skeleton.template, 'still in use'));
    const stopped = await destroy('skeleton');
    expect(stopped).toMatchObject({
      kind: 'failed',
      status: 'DELETE_FAILED',
      remedy: expect.stringContaining('--keep'),
    });
    expect(stopped.remaining).toMatchObject([{ logicalId: 'Planted', why: 'failed' }]);
    expect(stopped.failures[0]?.reason).toContain('still in use');
    expect(await destroy('skeleton', { keep: ['Planted'] })).toMatchObject({ kind: 'done' });
    expect((await listLeft(stage.account)).others).toMatchObject([
      { stackName: 'skeleton', logicalId: 'Planted', why: 'kept', costs: 'what it costs is not known here' },
    ]);
  });

  it('is refused while termination protection is on, for a stack of others, and for one that is not there', async () => {
    const { account } = stage;
    await stage.deployer.deploy('skeleton', skeleton.template);
    await account.clients.cloudFormation.send(
      new UpdateTerminationProtectionCommand({ StackName: 'skeleton', EnableTerminationProtection: true }),
    );
    await expect(destroy('skeleton')).rejects.toThrow(/termination protection of the stack skeleton is on/);
    await stage.deployer.apply(await stage.deployer.plan('theirs', skeleton.template, { tags: {} }));
    await expect(destroy('theirs')).rejects.toThrow(/theirs was not made by Caudal/);
    await expect(destroy('nowhere')).rejects.toThrow(/no deployment nowhere/);
    await expect(destroy('skeleton', { keep: ['x'] })).rejects.toThrow(/protection/);
  });

  it('of one of two deployments of the same document leaves the other as it is', async () => {
    const [one, two] = await Promise.all([
      stage.deployer.deploy('one', skeleton.template),
      stage.deployer.deploy('two', skeleton.template),
    ]);
    expect([one.kind, two.kind]).toEqual(['done', 'done']);
    for (const { outputKey } of skeleton.accessPoints) expect(one.outputs[outputKey]).not.toBe(two.outputs[outputKey]);
    expect((await destroy('one')).kind).toBe('done');
    const sqs = new SQSClient(stage.emulator.options);
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([two.outputs['AtOrders']]);
    sqs.destroy();
    expect((await findStack(stage.account.clients.cloudFormation, 'two'))?.StackStatus).toBe('CREATE_COMPLETE');
  });
});

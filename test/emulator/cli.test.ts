import { PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { KeptBucket, StackOutcome } from '#schema/deployment-state.ts';
import { caudal } from '#test/harness/command-line.ts';
import { Stage } from './deployed.ts';
import { withLake } from './lake.ts';

const stage = new Stage();
const FILE = 'scenarios/walking-skeleton/scenario.caudal.json';

beforeAll(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', stage.emulator.endpoint);
});

/** A short run is enough for the plan's quotas and cost. */
const RUN = ['--set', 'run.horizonSeconds=10', '--set', 'run.preRollSeconds=0'];
const OPTIONS = ['--stack-name', 'demo', '--allow-left-out', ...RUN];

describe('caudal deploy, status and destroy', () => {
  it('deploys a document, shows it, and takes it away, guard and all', async () => {
    const deployed = await caudal('deploy', FILE, ...OPTIONS, '--confirm', 'demo');
    expect(deployed.err).toContain('A new stack');
    expect(deployed.err).toMatch(/orders {2}CREATE_COMPLETE {2}SQS::Queue/);
    expect(deployed.out).toContain('demo: deployed');
    expect(deployed.code).toBe(0);

    const all = await caudal('status');
    expect(all.out).toMatch(/demo +walking-skeleton +deployed +20\d\d-/);
    expect(all.out).toMatch(/demo-guard +walking-skeleton +deployed/);
    const one = await caudal('status', 'demo', '--drift');
    expect(one.out).toMatch(/orders +SQS::Queue +CREATE_COMPLETE/);
    expect(one.out).toContain('nothing differs');

    const again = await caudal('deploy', FILE, ...OPTIONS, '--confirm', 'demo');
    expect(again).toMatchObject({ code: 0, out: 'Nothing would change: the stack is as the document says\n' });

    const refused = await caudal('destroy', 'demo', '--confirm', 'other');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('deploy/not-confirmed');
    const destroyed = await caudal('destroy', 'demo', '--confirm', 'demo');
    expect(destroyed.code).toBe(0);
    expect(destroyed.out).toContain('demo: deleted');
    expect(destroyed.out).toContain('caudal destroy demo --guard');
    expect((await caudal('destroy', 'demo', '--guard', '--confirm', 'demo')).code).toBe(0);
    expect((await caudal('status')).out).toContain('No deployment of Caudal in us-east-1');
  }, 240_000);

  it('asks for nothing without a terminal: the name must have been given', async () => {
    const refused = await caudal('deploy', FILE, ...OPTIONS);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('--confirm NAME');
    expect((await caudal('status')).out).toContain('No deployment');
  });

  it('lists the buckets that are left, and removes one when its name is given', async () => {
    await stage.deployer.deploy('demo', withLake(stage.skeleton, 'the-lake'));
    await stage.account.clients.s3.send(new PutObjectCommand({ Bucket: 'the-lake', Key: 'a', Body: 'x' }));
    const destroyed = await caudal('destroy', 'demo', '--confirm', 'demo', '--json');
    const { outcome, buckets } = JSON.parse(destroyed.out) as { outcome: StackOutcome; buckets: KeptBucket[] };
    expect(outcome.kind).toBe('done');
    expect(buckets).toMatchObject([{ bucket: 'the-lake', objects: 1, bytes: 1 }]);
    expect((await caudal('status')).out).toContain('caudal destroy demo --empty-bucket the-lake');
    const refused = await caudal('destroy', 'demo', '--empty-bucket', 'the-lake', '--confirm', 'demo');
    expect(refused.code).toBe(2);
    const removed = await caudal('destroy', 'demo', '--empty-bucket', 'the-lake', '--confirm', 'the-lake');
    expect(removed).toMatchObject({ code: 0, out: 'The bucket the-lake was deleted, with the 1 object in it\n' });
    const twice = await caudal('destroy', 'demo', '--empty-bucket', 'the-lake', '--confirm', 'the-lake');
    expect(twice.err).toContain('deploy/no-such-bucket');
  });
});

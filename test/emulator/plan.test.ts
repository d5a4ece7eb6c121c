import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AwsAccount, openAccount } from '#cloud/account/account.ts';
import { ensureGuard, findGuard } from '#cloud/deploy/guard/guard-stack.ts';
import { planDeployment, type PlanRequest } from '#cloud/deploy/plan.ts';
import { type SynthResult, deploymentTags } from '#schema/deployment.ts';
import { adaptTemplate, type Template } from './adapt-template.ts';
import { fastClock, Stage } from './deployed.ts';
import { EXPIRES_AT, readScenario, resourceOf, withProperties, withResource } from './documents.ts';
import { DOCUMENT } from './names.ts';

const stage = new Stage();
const document = readScenario('walking-skeleton');
const { skeleton } = stage;
const queue = resourceOf(skeleton, 'orders', 'AWS::SQS::Queue');
const cost = { currency: 'USD' as const, run: 0, perMonth: 0, lines: [] };
const run = { limits: [], cost, horizonSeconds: 1800, pricesOf: 'us-east-1' };
let account: AwsAccount;

beforeEach(() => {
  account = stage.account;
});

function request(template: Template = skeleton.template, part: Partial<PlanRequest> = {}): PlanRequest {
  const synth: SynthResult = { ...skeleton, template: adaptTemplate(template).template as SynthResult['template'] };
  const wait = { clock: fastClock };
  return { document, stackName: 'skeleton', version: '0.0.0-test', synth, run, purpose: 'look', wait, ...part };
}

async function stackNames(): Promise<(string | undefined)[]> {
  const { Stacks = [] } = await account.clients.cloudFormation.send(new DescribeStacksCommand({}));
  return Stacks.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(({ StackName }) => StackName);
}

describe('a plan', () => {
  it('of a new stack adds every resource of the template, each with its node, and leaves nothing behind', async () => {
    const plan = await planDeployment(account, request());
    expect(plan).toMatchObject({
      kind: 'create',
      comparedBy: 'change-set',
      changeSetId: null,
      guard: { name: 'skeleton-guard', state: 'absent' },
    });
    const ids = Object.keys((request().synth.template as Template).Resources ?? {});
    expect(plan.changes.map(({ id }) => id).sort()).toEqual(ids.sort());
    expect(new Set(plan.changes.map(({ kind }) => kind))).toEqual(new Set(['add']));
    expect(plan.changes.find(({ id }) => id === queue)?.owner).toBe('orders');
    expect(await stackNames()).toEqual([]);
  });

  it('of a stack that is as the document says changes nothing', async () => {
    await stage.deployer.deploy('skeleton', skeleton.template);
    expect(await planDeployment(account, request())).toMatchObject({ kind: 'none', changes: [], changeSetId: null });
  });

  it('of a change says what is made anew and loses its data', async () => {
    await stage.deployer.deploy('skeleton', skeleton.template);
    const renamed = withProperties(skeleton.template, queue, { QueueName: 'orders-two' });
    const plan = await planDeployment(account, request(renamed));
    expect(plan.kind).toBe('update');
    expect(plan.changes[0]).toMatchObject({
      id: queue,
      kind: 'replace',
      losesData: true,
      keepsOld: false,
      owner: 'orders',
    });
    expect(plan.changes[0]?.properties).toContain('QueueName');
    expect(await stackNames()).toEqual(['skeleton']);
  });

  it('made in a session that may only look compares the templates itself', async () => {
    await stage.deployer.deploy('skeleton', skeleton.template);
    const reader = await openAccount({
      documentRegion: 'us-east-1',
      environment: { AWS_ENDPOINT_URL: stage.emulator.endpoint },
      isReadOnly: true,
    });
    const slower = withProperties(skeleton.template, queue, { VisibilityTimeout: 90 });
    const plan = await planDeployment(reader, request(slower));
    expect(plan).toMatchObject({ kind: 'update', comparedBy: 'templates', changes: [{ id: queue, kind: 'change' }] });
    reader.close();
  });

  it('that is prepared makes the guard first and keeps the change set, which can be applied', async () => {
    const plan = await planDeployment(account, request(undefined, { purpose: 'prepare', expiresAt: EXPIRES_AT }));
    expect(plan.guard.state).toBe('current');
    expect(await findGuard(account, 'skeleton')).toMatchObject({ expiresAt: '2026-12-01T00:00:00Z' });
    const { Stacks = [] } = await account.clients.cloudFormation.send(
      new DescribeStacksCommand({ StackName: 'skeleton' }),
    );
    expect(Stacks[0]).toMatchObject({ StackStatus: 'REVIEW_IN_PROGRESS' });
    const outcome = await stage.deployer.apply({ ChangeSetId: plan.changeSetId ?? '', $metadata: {} });
    expect(outcome).toMatchObject({ kind: 'done', status: 'CREATE_COMPLETE' });
  });

  it('of a template that is too large to be sent goes through the bucket of the guard', async () => {
    const large = withResource(skeleton.template, 'Large', {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(1 day)', State: 'DISABLED', Description: 'x'.repeat(52_000) },
    } as never);
    const looked = await planDeployment(account, request(large));
    expect(looked).toMatchObject({ kind: 'create', comparedBy: 'templates' });
    const prepared = await planDeployment(account, request(large, { purpose: 'prepare' }));
    expect(prepared).toMatchObject({ kind: 'create', comparedBy: 'change-set' });
    const { bucket = '' } = (await findGuard(account, 'skeleton')) ?? {};
    const body = JSON.stringify(request(large).synth.template);
    const { Contents = [] } = await account.clients.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(Contents).toHaveLength(1);
    const staged = await account.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: Contents[0]?.Key ?? '' }));
    expect(await staged.Body?.transformToString()).toBe(body);
  });

  it('fails where the name belongs to a stack of others', async () => {
    const TemplateBody = JSON.stringify({ Resources: { Q: { Type: 'AWS::SQS::Queue' } } });
    await account.clients.cloudFormation.send(new CreateStackCommand({ StackName: 'skeleton', TemplateBody }));
    await expect(planDeployment(account, request())).rejects.toThrow('[deploy/stack-name-taken]');
  });

  it('fails where the stack holds another document', async () => {
    const tags = { [deploymentTags.document]: 'another' };
    await stage.deployer.apply(await stage.deployer.plan('skeleton', skeleton.template, { tags }));
    await expect(planDeployment(account, request())).rejects.toThrow('holds the document "another"');
  });
});

describe('the guard stack', () => {
  const guardRequest = (expiresAt: string | null) => ({
    stackName: 'skeleton',
    template: skeleton.template,
    expiresAt,
    tags: { [deploymentTags.document]: DOCUMENT },
  });

  it('is made once, brought up to date, and keeps its bucket and roles', async () => {
    const made = await ensureGuard(account, guardRequest(EXPIRES_AT), { clock: fastClock });
    expect(made.roleArn).toMatch(/^arn:aws:iam::/);
    const later = await ensureGuard(account, guardRequest('2027-01-01T00:00:00Z'), { clock: fastClock });
    expect(later).toEqual({ ...made, expiresAt: '2027-01-01T00:00:00Z' });
    expect(await ensureGuard(account, guardRequest('2027-01-01T00:00:00Z'), { clock: fastClock })).toEqual(later);
  });

  it('has no schedule for a deployment that stays', async () => {
    const guard = await ensureGuard(account, guardRequest(null), { clock: fastClock });
    expect(guard.expiresAt).toBeNull();
  });
});

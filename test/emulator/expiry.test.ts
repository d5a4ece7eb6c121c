import { DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { destroyGuard, destroyStack } from '#cloud/deploy/destroy.ts';
import { ensureGuard, stageTemplate } from '#cloud/deploy/guard/guard-stack.ts';
import { guardTemplate, scheduleTime } from '#cloud/deploy/guard/guard-template.ts';
import { findStack } from '#cloud/deploy/stack-state.ts';
import { deploymentTags } from '#schema/deployment.ts';
import { adaptTemplate, expiryByFunction, type Resource, type Template } from './adapt-template.ts';
import { fastClock, Stage } from './deployed.ts';
import { EXPIRES_AT, withResource } from './documents.ts';
import { DOCUMENT } from './names.ts';

const stage = new Stage();
const { template } = stage.skeleton;

/** The emulator finds a service by the scope of the signature, and does not check that unless told to. */
async function readSchedule(name: string): Promise<Record<string, unknown>> {
  const scope = 'Credential=000000000000/20260101/us-east-1/scheduler/aws4_request';
  const headers = { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=none` };
  const reply = await fetch(`${stage.emulator.endpoint}/schedules/${name}`, { headers });
  expect(reply.status).toBe(200);
  return (await reply.json()) as Record<string, unknown>;
}

function guard(expiresAt: string | null) {
  const tags = { [deploymentTags.document]: DOCUMENT };
  return ensureGuard(stage.account, { stackName: 'skeleton', template, expiresAt, tags }, { clock: fastClock });
}

async function scheduleName(): Promise<string> {
  const { clients } = stage.account;
  const { StackResourceDetail } = await clients.cloudFormation.send(
    new DescribeStackResourceCommand({ StackName: 'skeleton-guard', LogicalResourceId: 'Deletion' }),
  );
  return StackResourceDetail?.PhysicalResourceId ?? '';
}

describe('the guard stack', () => {
  it('stores the schedule that deletes the deployment at its expiry, as the plan said', async () => {
    const made = await guard(EXPIRES_AT);
    expect(made).toMatchObject({ name: 'skeleton-guard', expiresAt: '2026-12-01T00:00:00Z' });
    expect(await readSchedule(await scheduleName())).toMatchObject({
      ScheduleExpression: 'at(2026-12-01T00:00:00)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:cloudformation:deleteStack',
        Input: JSON.stringify({ StackName: 'skeleton' }),
        RoleArn: expect.stringContaining(':role/'),
      },
    });
  });

  it('puts the expiry off when the deployment is planned anew, and takes it away when it is to stay', async () => {
    await guard(EXPIRES_AT);
    expect(await guard('2026-12-24T18:00:00Z')).toMatchObject({ expiresAt: '2026-12-24T18:00:00Z' });
    expect((await readSchedule(await scheduleName()))['ScheduleExpression']).toBe('at(2026-12-24T18:00:00)');
    expect(await guard(null)).toMatchObject({ expiresAt: null });
  });

  it('deletes the deployment when its time is over, and stays itself', async () => {
    await stage.deployer.deploy('skeleton', template);
    const expiresAt = new Date(Date.now() + 3_000).toISOString();
    const shipped = withExpiry(guardTemplate('skeleton', template) as Template, expiresAt);
    const { template: copy } = adaptTemplate(shipped, [expiryByFunction]);
    await stage.deployer.deploy('skeleton-guard', withFunction(copy));
    expect((await findStack(stage.account.clients.cloudFormation, 'skeleton'))?.StackStatus).toBe('CREATE_COMPLETE');
    const deadlineMs = Date.now() + 40_000;
    while ((await findStack(stage.account.clients.cloudFormation, 'skeleton')) !== undefined && Date.now() < deadlineMs)
      await sleep(500);
    expect(await findStack(stage.account.clients.cloudFormation, 'skeleton')).toBeUndefined();
    expect((await findStack(stage.account.clients.cloudFormation, 'skeleton-guard'))?.StackStatus).toBe(
      'CREATE_COMPLETE',
    );
  });

  it('is listed when the deployment was destroyed, cannot be destroyed before it, and goes with its templates', async () => {
    await stage.deployer.deploy('skeleton', template);
    const made = await guard(null);
    await stageTemplate(stage.account, made, JSON.stringify(template));
    const request = { account: stage.account, stackName: 'skeleton', confirmation: 'skeleton', clock: fastClock };
    await expect(destroyGuard(request)).rejects.toThrow(/skeleton still exists.*destroy the deployment first/);
    expect((await destroyStack(request)).guard).toEqual({
      stackName: 'skeleton-guard',
      command: 'caudal destroy skeleton --guard',
      // Of the templates in its bucket.
      usdPerMonth: expect.any(Number),
    });
    expect(await destroyGuard(request)).toMatchObject({ kind: 'done', remaining: [] });
    expect(await findStack(stage.account.clients.cloudFormation, 'skeleton-guard')).toBeUndefined();
  });
});

/** The parameter's value in place: the test's plan hands none over. */
function withExpiry(shipped: Template, expiresAt: string): Template {
  const parameters = shipped['Parameters'] as { readonly ExpiresAt: Readonly<Record<string, unknown>> };
  const ExpiresAt = { ...parameters.ExpiresAt, Default: scheduleTime(expiresAt) };
  return { ...shipped, Parameters: { ...parameters, ExpiresAt } };
}

const DELETING = `
const { CloudFormationClient, DeleteStackCommand } = require('@aws-sdk/client-cloudformation');
exports.handler = ({ StackName }) => new CloudFormationClient({}).send(new DeleteStackCommand({ StackName }));`;

/** The function that the rewritten schedule calls. */
function withFunction(copy: Template): Template {
  const fn: Resource = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 30,
      Role: { 'Fn::GetAtt': ['DeletionRole', 'Arn'] },
      Code: { ZipFile: DELETING },
    },
  };
  return withResource(copy, 'DeletingFunction', fn);
}

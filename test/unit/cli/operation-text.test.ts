import { describe, expect, it } from 'vitest';
import { bucketsText, deploymentsText, eventText, leftText, outcomeText, statusText } from '#cli/operation-text.ts';
import type { DeploymentView, StackOutcome } from '#schema/deployment-state.ts';

const outcome: StackOutcome = {
  stackName: 'demo',
  stackId: 'arn:demo',
  status: 'ROLLBACK_COMPLETE',
  kind: 'rolled-back',
  text: 'the first deployment failed and was undone',
  remedy: 'destroy it',
  failures: [
    {
      logicalId: 'Queue',
      type: 'AWS::SQS::Queue',
      owner: 'orders',
      reason: 'Value 999999 is invalid',
      text: 'AWS refused a setting',
      remedy: 'change the setting that AWS names',
    },
  ],
  outputs: {},
  replaced: [],
  remaining: [],
};

const view: DeploymentView = {
  stackName: 'demo',
  stackId: 'arn:demo',
  document: 'shop',
  version: '1',
  createdAt: '2026-11-21T12:00:00.000Z',
  status: 'CREATE_COMPLETE',
  text: 'deployed',
  isChanging: false,
  outputs: { AtOrders: 'https://queue' },
};

describe('eventText', () => {
  it('names the time, the node and the resource, and the reason of a failure only', () => {
    const step = {
      id: '1',
      at: '2026-11-21T12:04:10.000Z',
      logicalId: 'Queue',
      type: 'AWS::SQS::Queue',
      owner: 'orders',
      status: 'CREATE_FAILED',
      reason: 'Invalid',
      isStack: false,
    };
    expect(eventText({ kind: 'step', step })).toBe('12:04:10  orders  CREATE_FAILED  SQS::Queue Queue: Invalid\n');
    expect(eventText({ kind: 'step', step: { ...step, status: 'CREATE_IN_PROGRESS' } })).not.toContain('Invalid');
    expect(eventText({ kind: 'reachable', text: 'AWS answers again.' })).toBe('AWS answers again.\n');
  });
});

describe('outcomeText', () => {
  it('says what failed where, what it means, what to do, and what AWS said', () => {
    const text = outcomeText(outcome).replaceAll(/\s+/g, ' ');
    expect(text).toContain('demo: the first deployment failed and was undone. What to do: destroy it');
    expect(text).toContain(
      'orders: AWS refused a setting; change the setting that AWS names. AWS says: Value 999999 is invalid',
    );
  });

  it('tells what is kept from what could not be deleted', () => {
    const one = { logicalId: 'Lake', physicalId: 'the-lake', type: 'AWS::S3::Bucket' } as const;
    const remaining = [
      { ...one, why: 'kept' as const },
      { ...one, logicalId: 'Group', why: 'failed' as const },
    ];
    const text = outcomeText({ ...outcome, failures: [], remaining });
    expect(text).toContain('S3::Bucket Lake (the-lake): kept');
    expect(text).toContain('Group (the-lake): could not be deleted, and costs money');
  });

  it('tells what each costs a month, or what that depends on', () => {
    const one = { logicalId: 'Clicks', physicalId: 'clicks', type: 'AWS::Kinesis::Stream', why: 'failed' } as const;
    const remaining = [
      { ...one, usdPerMonth: 21.9, costs: 'is billed by the hour' },
      { ...one, logicalId: 'Role', usdPerMonth: 0, costs: 'costs nothing' },
      { ...one, logicalId: 'Logs', costs: 'the logs in it are billed by their size' },
    ];
    const text = outcomeText({ ...outcome, failures: [], remaining });
    expect(text).toContain('Clicks (clicks): could not be deleted; 21.90 USD a month: is billed by the hour');
    expect(text).toContain('Role (clicks): could not be deleted; costs nothing');
    expect(text).toContain('Logs (clicks): could not be deleted; the logs in it are billed by their size');
    expect(
      leftText(remaining.map((each) => ({ ...each, stackName: 'demo', deletedAt: '2026-11-21T10:00:00Z' }))),
    ).toMatch(/demo +shared +Kinesis::Stream +clicks +2026-11-21 +21\.90 +is billed by the hour/);
    expect(leftText([])).toBe('');
  });
});

describe('bucketsText', () => {
  it('gives size, cost and command, and says where counting stopped or no price is known', () => {
    const bucket = {
      bucket: 'the-lake',
      stackName: 'demo',
      objects: 100_000,
      bytes: 5_000_000,
      isAtLeast: true,
      command: 'caudal destroy demo --empty-bucket the-lake',
    };
    expect(bucketsText([bucket])).toMatch(/the-lake +>= 100000 .+unknown +caudal destroy demo --empty-bucket the-lake/);
    expect(bucketsText([{ ...bucket, usdPerMonth: 1.5 }])).toContain('1.50');
    expect(bucketsText([])).toBe('');
  });
});

describe('statusText', () => {
  it('shows resources by node, outputs, expiry and what differs', () => {
    const drift = {
      kind: 'drifted' as const,
      checkedAt: '',
      text: 'changed outside CloudFormation',
      resources: [
        {
          logicalId: 'Queue',
          type: 'AWS::SQS::Queue',
          owner: 'orders',
          status: 'MODIFIED' as const,
          differences: [{ path: '/VisibilityTimeout', expected: '60', actual: '7' }],
        },
      ],
    };
    const text = statusText(view, [], drift);
    expect(text).toContain('demo (shop): deployed');
    expect(text).toContain('Expires: never');
    expect(text).toContain('AtOrders: https://queue');
    expect(text).toContain('/VisibilityTimeout: 7 instead of 60');
    expect(deploymentsText([], 'eu-west-1')).toBe('No deployment of Caudal in eu-west-1\n');
  });
});

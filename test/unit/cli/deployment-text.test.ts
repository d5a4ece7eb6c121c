import { describe, expect, it } from 'vitest';
import { planText } from '#cli/deployment-text.ts';
import type { DeploymentPlan, PlannedChange } from '#schema/deployment-plan.ts';

const change: PlannedChange = {
  kind: 'add',
  id: 'OrdersQueue',
  type: 'AWS::SQS::Queue',
  owner: 'orders',
  properties: [],
  losesData: false,
  keepsOld: false,
};

const plan: DeploymentPlan = {
  stackName: 'shop',
  region: 'us-east-1',
  account: { alias: 'team', lastDigits: '3333' },
  endpoint: null,
  digest: 'd',
  leftOut: [],
  guard: { name: 'shop-guard', state: 'absent' },
  kind: 'create',
  changes: [change],
  comparedBy: 'change-set',
  changeSetId: null,
  quotas: [],
  cost: {
    currency: 'USD',
    perMonth: 94.7,
    testHour: 0.13,
    lines: [
      {
        node: 'orders',
        dimension: 'requests',
        quantity: 1,
        unit: 'request',
        usdRun: 1,
        usdPerMonth: 94.7,
        rateId: 'sqs/standard-requests',
        rateDate: '2026-10-08',
        confidence: 'A',
      },
    ],
    pricesOf: 'us-east-1',
    oldestRateDate: '2026-10-08',
    confidence: 'A',
  },
  notes: [],
  accessPoints: [],
  templateBytes: 100,
};

const loud = (text: string): string => `!!${text}!!`;

describe('planText', () => {
  it('says what is deployed where, what it costs and that nothing was changed', () => {
    const text = planText(plan, loud);
    expect(text).toContain('Stack shop in us-east-1, account team (...3333)\n');
    expect(text).toContain('A new stack: 1 to add\n');
    expect(text).toMatch(/add +orders +SQS::Queue +OrdersQueue/);
    expect(text).toMatch(/orders +requests +94\.70 +AWS, 2026-10-08/);
    expect(text).toContain('an hour of test at this load: 0.1300\n');
    expect(text).toContain('shop-guard would be made first');
    expect(text.trimEnd().endsWith('Nothing was changed')).toBe(true);
    expect(text).not.toContain('!!');
  });

  it('sounds the alarm for what loses its data, and only for that', () => {
    const lost: PlannedChange = { ...change, kind: 'replace', properties: ['QueueName'], losesData: true };
    const text = planText({ ...plan, kind: 'update', changes: [lost, change] }, loud);
    expect(text).toMatch(/!! +replace +orders +SQS::Queue +OrdersQueue +QueueName; LOSES ITS DATA!!\n/);
    expect(text.match(/!!/g)).toHaveLength(2);
    expect(text).toContain('1 to add, 1 to replace');
  });

  it('says first what is left out, but not the source that drive stands in for', () => {
    const leftOut = [
      { kind: 'node', id: 'web', type: 'traffic-source', reason: 'drives', isDriven: true },
      { kind: 'node', id: 'back', type: 'consumer-application', reason: 'simulation only', isDriven: false },
    ] as const;
    const text = planText({ ...plan, leftOut }, loud);
    expect(text.startsWith('Left out\n  back (consumer-application): simulation only\n')).toBe(true);
    expect(text).not.toContain('web');
  });

  it('says which quotas are too small and who says so', () => {
    const quota = {
      id: 'lambda/concurrent-executions',
      node: null,
      name: 'concurrent executions of the account',
      unit: 'environments',
      peak: 50,
      held: 0,
      quota: 10,
      from: 'account',
      isExceeded: true,
      source: '',
    } as const;
    expect(planText({ ...plan, quotas: [quota] }, loud)).toMatch(
      /50 environments +10 environments +your account +0 +TOO SMALL/,
    );
  });

  it('warns that it is not AWS that answered, and that a comparison of templates tells no replacement', () => {
    const text = planText(
      { ...plan, endpoint: 'http://127.0.0.1:4566', kind: 'update', comparedBy: 'templates' },
      loud,
    );
    expect(text).toContain('at http://127.0.0.1:4566 and not at AWS');
    expect(text).toContain('may turn out to be a replacement');
  });

  it('is short where nothing would change', () => {
    const text = planText(
      { ...plan, kind: 'none', changes: [], guard: { name: 'shop-guard', state: 'current' } },
      loud,
    );
    expect(text).toContain('Nothing would change: the stack is as the document says\n');
    expect(text).not.toContain('guard stack');
  });
});

import { describe, expect, it } from 'vitest';
import { omissionsOf, planDigest, refuseLeftOut } from '#cloud/deploy/plan.ts';
import { plannedCost } from '#cloud/deploy/planned-cost.ts';
import type { SynthResult } from '#schema/deployment.ts';
import { documentSchema } from '#schema/document.ts';

const document = documentSchema.parse({
  schemaVersion: 1,
  name: 'shop',
  nodes: [
    { id: 'web', type: 'traffic-source' },
    { id: 'clicks', type: 'kinesis-data-streams' },
    { id: 'reader', type: 'consumer-application' },
  ],
  edges: [
    { id: 'put', source: 'web', output: 'clicks', target: 'clicks', port: 'records' },
    { id: 'read', source: 'clicks', output: 'consumers', target: 'reader', port: 'stream' },
  ],
  workloads: [
    {
      id: 'visitors',
      node: 'web',
      arrivals: { kind: 'constant', recordsPerSecond: 1 },
      recordSize: { kind: 'constant', bytes: 100 },
      partitionKey: { kind: 'uniform', keys: 10 },
    },
  ],
});

const leftOut = [
  { kind: 'node', id: 'web', type: 'traffic-source', reason: 'it drives' },
  { kind: 'node', id: 'reader', type: 'consumer-application', reason: 'simulation only' },
  { kind: 'edge', id: 'put', reason: 'web is not deployed' },
  { kind: 'edge', id: 'read', reason: 'reader is not deployed' },
] as const;

const synth: SynthResult = { template: { Resources: {} }, resources: {}, leftOut: [], notes: [], accessPoints: [] };

describe('what a deployment leaves out', () => {
  it('counts a source of load as driven, not as missing', () => {
    expect(omissionsOf(document, leftOut).map(({ id, isDriven }) => [id, isDriven])).toEqual([
      ['web', true],
      ['reader', false],
      ['put', true],
      ['read', false],
    ]);
  });

  it('fails with every part that cannot be deployed', () => {
    expect(() => refuseLeftOut(document, leftOut, false)).toThrow(
      'nodes.reader: cannot be deployed: simulation only; to deploy the rest without it, add --allow-left-out (got consumer-application) [deploy/left-out]',
    );
    expect(() => refuseLeftOut(document, leftOut.slice(0, 1), false)).not.toThrow();
  });

  it('goes on when that is allowed', () => {
    expect(() => refuseLeftOut(document, leftOut, true)).not.toThrow();
  });
});

describe('the digest of a plan', () => {
  const planned = { document, stackName: 'shop', synth };
  const digest = planDigest(planned, 'us-east-1');

  it('is the same for the same document, whatever the order of its keys', () => {
    const { name, ...rest } = document;
    expect(planDigest({ ...planned, document: { ...rest, name } }, 'us-east-1')).toBe(digest);
  });

  it('is another for another document, template, name or Region', () => {
    const others = [
      { ...planned, document: { ...document, description: 'changed' } },
      { ...planned, synth: { ...synth, template: { Resources: { More: {} } } } },
      { ...planned, stackName: 'other' },
    ];
    for (const other of others) expect(planDigest(other, 'us-east-1')).not.toBe(digest);
    expect(planDigest(planned, 'eu-west-1')).not.toBe(digest);
  });
});

describe('plannedCost', () => {
  const line = { dimension: 'requests', quantity: 1, unit: 'request', rateId: 'x/y' };
  const cost = {
    currency: 'USD' as const,
    run: 3,
    perMonth: 300,
    lines: [
      { ...line, node: 'clicks', usdRun: 1, usdPerMonth: 100, rateDate: '2026-09-01', confidence: 'A' },
      { ...line, node: 'orders', usdRun: 0.5, usdPerMonth: 40, rateDate: '2025-01-01', confidence: 'C' },
      { ...line, node: 'reader', usdRun: 2, usdPerMonth: 200, rateDate: '2020-01-01', confidence: 'D' },
    ],
  };

  it('leaves out what is not deployed, and says how old and how sure the prices are', () => {
    expect(
      plannedCost({ cost, horizonSeconds: 1800, leftOut: new Set(['reader']), pricesOf: 'us-east-1' }),
    ).toMatchObject({
      perMonth: 140,
      testHour: 3,
      oldestRateDate: '2025-01-01',
      confidence: 'C',
      pricesOf: 'us-east-1',
    });
  });
});

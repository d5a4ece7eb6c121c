import { describe, expect, it } from 'vitest';
import { pricePatch } from '#host/runs/price-patch.ts';
import { InputError } from '#schema/errors.ts';
import { openDocument } from '#test/harness/scenario.ts';

const document = openDocument({
  schemaVersion: 1,
  name: 'test',
  nodes: [
    { id: 'source', type: 'traffic-source', outputs: [{ id: 'out' }] },
    { id: 'stream', type: 'kinesis-data-streams', config: { shardCount: 2 } },
  ],
  edges: [{ id: 'put', source: 'source', output: 'out', target: 'stream', port: 'records' }],
  workloads: [
    {
      id: 'load',
      node: 'source',
      arrivals: { kind: 'constant', recordsPerSecond: 10 },
      recordSize: { kind: 'constant', bytes: 100 },
      partitionKey: { kind: 'uniform', keys: 10 },
    },
  ],
  faults: [{ id: 'dark', kind: 'outage', node: 'stream', startSeconds: 0, durationSeconds: 60 }],
});

describe('the price of a change', () => {
  it('is the month with it against the month without it, one-off faults aside', async () => {
    const patch = [{ path: 'nodes.stream.config.shardCount', to: 4 }];
    const { before, after } = await pricePatch(document, patch, 60);
    // Two shards more, at 0.015 USD an hour, for 730 hours (AWS, us-east-1, 2026-11-21).
    expect(after - before).toBeCloseTo(2 * 0.015 * 730, 2);
    expect(before).toBeGreaterThan(2 * 0.015 * 730);
  });

  it('fails when the change does not fit the design, with every fault', async () => {
    const patch = [{ path: 'nodes.stream.config.shardCount', to: 0 }];
    await expect(pricePatch(document, patch, 60)).rejects.toThrow(InputError);
    const gone = [{ path: 'nodes.gone.config.shardCount', to: 1 }];
    await expect(pricePatch(document, gone, 60)).rejects.toThrow(/nodes\.gone|does not exist/);
  });
});

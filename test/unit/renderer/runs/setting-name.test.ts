import { describe, expect, it } from 'vitest';
import { settingName } from '#renderer/runs/setting-name.ts';
import { openDocument } from '#test/harness/scenario.ts';

const document = openDocument({
  schemaVersion: 1,
  name: 'test',
  nodes: [
    { id: 'web', type: 'traffic-source', outputs: [{ id: 'out' }] },
    { id: 'clicks', type: 'kinesis-data-streams' },
    { id: 'count', type: 'lambda' },
  ],
  edges: [
    { id: 'put', source: 'web', output: 'out', target: 'clicks', port: 'records' },
    { id: 'poll', source: 'clicks', output: 'consumers', target: 'count', port: 'kinesis' },
  ],
  workloads: [
    {
      id: 'load',
      node: 'web',
      arrivals: { kind: 'poisson', recordsPerSecond: 20 },
      recordSize: { kind: 'constant', bytes: 100 },
      partitionKey: { kind: 'uniform', keys: 10 },
    },
  ],
});

describe('the name of a setting', () => {
  it('is the title of its field, with its unit and whose it is', () => {
    expect(settingName(document, 'nodes.clicks.config.shardCount')).toEqual({
      owner: 'clicks',
      label: 'Shards',
      unit: 'shards',
    });
  });

  it('is found for a field that is not set', () => {
    expect(document.nodes[2]?.config).not.toHaveProperty('reservedConcurrentExecutions');
    expect(settingName(document, 'nodes.count.config.reservedConcurrentExecutions').label).toBe('Reserved concurrency');
  });

  it('is found for a connection, an output, a load and the run', () => {
    expect(settingName(document, 'edges.poll.config.batchSize')).toMatchObject({ owner: 'poll', label: 'Batch size' });
    expect(settingName(document, 'nodes.web.outputs.out.emit.batchSize')).toMatchObject({ owner: 'web' });
    expect(settingName(document, 'workloads.load.producers')).toMatchObject({ owner: 'web' });
    expect(settingName(document, 'run.horizonSeconds').owner).toBeUndefined();
  });

  it('is the spelled out name of what no schema knows', () => {
    expect(settingName(document, 'nodes.clicks.config.coldStart')).toEqual({
      owner: 'clicks',
      label: 'cold start',
      unit: '',
    });
    expect(settingName(document, 'rates.kinesis.shardHour').label).toBe('rates kinesis shard hour');
  });
});

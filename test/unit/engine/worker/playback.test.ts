/** What is sampled for pictures of a run: it adds up to the run's own counts, and the run is the same without it. */
import { describe, expect, it } from 'vitest';
import { buildModel } from '#engine/worker/model.ts';
import { PlaybackRecorder } from '#engine/worker/playback.ts';
import { collect, limitColumnsOf, runModel } from '#engine/worker/run.ts';
import { edgeRow, limitRow, nodeRow } from '#schema/playback.ts';
import type { RunOptions } from '#schema/worker-messages.ts';
import { openDocument } from '#test/harness/scenario.ts';

const document = openDocument({
  schemaVersion: 1,
  name: 'test',
  nodes: [
    { id: 'source', type: 'traffic-source', outputs: [{ id: 'out', emit: { maxAttempts: 1 } }] },
    { id: 'service', type: 'custom-service', config: { servers: 2, meanServiceTimeMs: 150, queueLimit: 5 } },
  ],
  edges: [{ id: 'edge', source: 'source', output: 'out', target: 'service', port: 'requests' }],
  workloads: [
    {
      id: 'load',
      node: 'source',
      arrivals: { kind: 'poisson', recordsPerSecond: 20 },
      recordSize: { kind: 'constant', bytes: 100 },
      partitionKey: { kind: 'uniform', keys: 10 },
    },
  ],
});
const options: RunOptions = { seed: 3, horizonSeconds: 100, preRollSeconds: 5, fidelity: 'exact' };

function recorded(): { playback: PlaybackRecorder; model: ReturnType<typeof buildModel> } {
  const model = buildModel(document, options);
  const playback = new PlaybackRecorder(model);
  runModel(model, undefined, playback);
  return { playback, model };
}

describe('the playback of a run', () => {
  it('covers the horizon in equal bins', () => {
    const { bins, binSeconds, fromBin, values, limitCount } = recorded().playback.read();
    expect([fromBin, limitCount]).toEqual([0, 1]);
    expect(bins).toBe(Math.ceil(100 / binSeconds - 1e-9));
    expect(values).toHaveLength(bins * (2 * 3 + 4 + 2));
  });

  it('counts the requests of a query edge, which carries no records', () => {
    const asked = openDocument({
      schemaVersion: 1,
      name: 'asked',
      nodes: [
        { id: 'source', type: 'traffic-source', outputs: [{ id: 'out' }] },
        { id: 'delivery', type: 'data-firehose' },
        { id: 'search', type: 'opensearch' },
        { id: 'failed', type: 's3' },
        { id: 'people', type: 'consumer-application' },
      ],
      edges: [
        { id: 'in', source: 'source', output: 'out', target: 'delivery', port: 'records' },
        { id: 'bulk', source: 'delivery', output: 'opensearch', target: 'search', port: 'documents' },
        { id: 'give-up', source: 'delivery', output: 'failed', target: 'failed', port: 'failures' },
        { id: 'look', kind: 'query', source: 'search', output: 'searches', target: 'people', port: 'store' },
      ],
      workloads: [{ ...document.workloads[0]!, arrivals: { kind: 'constant', recordsPerSecond: 1 } }],
    });
    const model = buildModel(asked, options);
    const playback = new PlaybackRecorder(model);
    runModel(model, undefined, playback);
    const { requests } = collect(model, false).edges['look']!;
    const { values, bins } = playback.read();
    const first = edgeRow(5, 3, 'records') * bins;
    expect(requests).toBeGreaterThan(0);
    expect(values.subarray(first, first + bins).reduce((sum, value) => sum + value, 0)).toBe(requests);
  });

  it('counts the invocations of a call edge, not the records in them', () => {
    const asked = openDocument({
      schemaVersion: 1,
      name: 'called',
      nodes: [
        { id: 'source', type: 'traffic-source', outputs: [{ id: 'out' }] },
        { id: 'delivery', type: 'data-firehose' },
        { id: 'shape', type: 'lambda' },
        { id: 'lake', type: 's3' },
      ],
      edges: [
        { id: 'in', source: 'source', output: 'out', target: 'delivery', port: 'records' },
        { id: 'call', kind: 'call', source: 'delivery', output: 'transform', target: 'shape', port: 'requests' },
        { id: 'store', source: 'delivery', output: 's3', target: 'lake', port: 'objects' },
      ],
      workloads: [{ ...document.workloads[0]!, arrivals: { kind: 'constant', recordsPerSecond: 20 } }],
    });
    const model = buildModel(asked, { ...options, horizonSeconds: 900 });
    const playback = new PlaybackRecorder(model);
    runModel(model, undefined, playback);
    const { requests, records } = collect(model, false).edges['call']!;
    const { values, bins } = playback.read();
    const first = edgeRow(4, 1, 'records') * bins;
    expect(requests).toBeGreaterThan(0);
    expect(records).toBeGreaterThan(requests);
    expect(values.subarray(first, first + bins).reduce((sum, value) => sum + value, 0)).toBe(requests);
  });

  it('adds up to what the run counted', () => {
    const { playback, model } = recorded();
    const result = collect(model, false);
    const { values, bins } = playback.read();
    const row = (index: number): Float32Array => values.subarray(index * bins, (index + 1) * bins);
    const total = (index: number): number => row(index).reduce((sum, value) => sum + value, 0);
    expect(total(nodeRow(0, 'arrived'))).toBe(result.nodes['source']!.ledger.created);
    expect(total(nodeRow(1, 'arrived'))).toBe(result.nodes['service']!.ledger.in);
    expect(row(nodeRow(1, 'inside')).at(-1)).toBe(result.nodes['service']!.ledger.inside);
    expect(total(edgeRow(2, 0, 'records'))).toBe(result.edges['edge']!.records);
    expect(total(edgeRow(2, 0, 'dropped'))).toBe(result.edges['edge']!.dropped);
    expect(result.edges['edge']!.dropped).toBeGreaterThan(0);
    expect(total(limitRow(2, 1, 0, 'refused'))).toBe(result.limits[0]!.refused);
    const means = limitColumnsOf(model)[0]!.means!;
    const used = row(limitRow(2, 1, 0, 'usedRatio'));
    expect([...used]).toEqual(Array.from(means.subarray(0, bins), Math.fround));
  });

  it('leaves the run as it is without it', () => {
    const plain = buildModel(document, options);
    runModel(plain);
    const { model } = recorded();
    expect(collect(model, false)).toEqual(collect(plain, false));
    expect(limitColumnsOf(model)).toEqual(limitColumnsOf(plain));
  });

  it('holds what was reached when the run is cancelled', () => {
    const model = buildModel(document, options);
    const playback = new PlaybackRecorder(model);
    expect(runModel(model, (nowUs) => nowUs < 50_000_000, playback)).toEqual({ cancelled: true });
    const { bins, binSeconds } = playback.read();
    expect(bins * binSeconds).toBeGreaterThan(49);
    expect(bins * binSeconds).toBeLessThan(52);
  });
});

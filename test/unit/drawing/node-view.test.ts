import { describe, expect, it } from 'vitest';
import { nodeView } from '#drawing/node-view.ts';
import type { RunSample } from '#drawing/run-sample.ts';
import { limit, nodeResult, series, spec } from './result-samples.ts';

function sample(seconds: number, result: Partial<RunSample['result']>): RunSample {
  return { seconds, result: { nodes: {}, edges: {}, limits: [], ...result } };
}

const bar = spec({ kind: 'bar', fill: 'Level' });

describe('the view of a node', () => {
  it('shows the mean rate of a whole run', () => {
    const now = sample(100, { nodes: { a: nodeResult({ in: 16_200, out: 16_000 }) } });
    expect(nodeView('a', bar, { now, before: undefined })).toMatchObject({ rate: '162/s', state: 'running' });
  });

  it('shows what came since the sample before, while a run goes on', () => {
    const before = sample(100, { nodes: { a: nodeResult({ created: 1000 }) } });
    const now = sample(110, { nodes: { a: nodeResult({ created: 1500 }) } });
    expect(nodeView('a', bar, { now, before })?.rate).toBe('50/s');
  });

  it('does not take trouble of the past for trouble of now', () => {
    const before = sample(100, {
      nodes: { a: nodeResult({ in: 1000, dropped: 10 }) },
      limits: [limit('a', { refused: 500 })],
    });
    const now = sample(110, {
      nodes: { a: nodeResult({ in: 1500, dropped: 10 }) },
      limits: [limit('a', { refused: 500 })],
    });
    expect(nodeView('a', bar, { now, before })).toMatchObject({ state: 'running', badges: [] });
  });

  it('fails when records are lost, or refused in numbers', () => {
    const lost = sample(10, { nodes: { a: nodeResult({ in: 1000, dropped: 1 }) } });
    expect(nodeView('a', bar, { now: lost, before: undefined })).toMatchObject({
      state: 'failing',
      badges: [{ kind: 'lost', text: '1', words: '1 records lost' }],
    });
    const refused = sample(10, { nodes: { a: nodeResult({ in: 1000 }) }, limits: [limit('a', { refused: 612 })] });
    expect(nodeView('a', bar, { now: refused, before: undefined })).toMatchObject({
      state: 'failing',
      badges: [{ kind: 'throttled', text: '612' }],
    });
  });

  it('is near a limit that something waits for, or that is a bottleneck, and calm at a full pool without a queue', () => {
    const nodes = { a: nodeResult({ in: 1000 }) };
    const full = limit('a', { peakRatio: 1 });
    const stateOf = (result: Partial<RunSample['result']>): string | undefined =>
      nodeView('a', bar, { now: sample(10, { nodes, ...result }), before: undefined })?.state;
    expect(stateOf({ limits: [full] })).toBe('running');
    expect(stateOf({ limits: [{ ...full, waiting: 3 }] })).toBe('near');
    expect(stateOf({ limits: [limit('b', { refused: 9 })] })).toBe('running');
    const bottleneck = { t0: 0, t1: 10, node: 'a', limit: 'limit', text: '' };
    expect(stateOf({ limits: [full], bottlenecks: [bottleneck] })).toBe('near');
  });

  it('shows at most two badges, the worst first', () => {
    const counts = { in: 1000, dropped: 5, deadLettered: 7, inside: 900 };
    const now = sample(10, { nodes: { a: nodeResult(counts) }, limits: [limit('a', { refused: 9 })] });
    const view = nodeView('a', bar, { now, before: undefined });
    expect(view?.badges.map(({ kind }) => kind)).toEqual(['lost', 'throttled']);
  });

  it('fills one cell of the face for each part, by the limit it comes nearest to', () => {
    const limits = [
      limit('a', { id: 'write-records/shard-0', peakRatio: 0.5 }),
      limit('a', { id: 'write-bytes/shard-0', peakRatio: 0.9 }),
      limit('a', { id: 'write-records/shard-1', peakRatio: 1.2 }),
      limit('a', { id: 'shards', peakRatio: 1 }),
    ];
    const now = sample(10, { nodes: { a: nodeResult({ in: 1 }) }, limits });
    expect(nodeView('a', spec({ kind: 'segments' }), { now, before: undefined })?.face).toEqual([
      { fill: 0.9, state: 'near' },
      { fill: 1, state: 'failing' },
    ]);
  });

  it('fills a bar with a percentage, or with the share of the highest level', () => {
    const faceOf = (unit: string): unknown => {
      const now = sample(3, { nodes: { a: nodeResult({ in: 1 }, [series('Level', [10, 80, 40], unit)]) } });
      return nodeView('a', bar, { now, before: undefined })?.face;
    };
    expect(faceOf('Percent')).toEqual([{ fill: 0.4, state: 'running' }]);
    expect(faceOf('Count')).toEqual([{ fill: 0.5, state: 'running' }]);
  });

  it('draws as many squares as were ever busy at once', () => {
    const now = sample(3, { nodes: { a: nodeResult({ in: 1 }, [series('Level', [1, 4, 2.5])]) } });
    const face = nodeView('a', spec({ kind: 'squares', fill: 'Level' }), { now, before: undefined })?.face;
    expect(face?.map(({ fill }) => fill)).toEqual([1, 1, 0.5, 0]);
  });

  it('shows nothing for a node that is not in the result', () => {
    expect(nodeView('a', bar, { now: sample(1, {}), before: undefined })).toBeUndefined();
  });
});

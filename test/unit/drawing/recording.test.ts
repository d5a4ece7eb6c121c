import { describe, expect, it } from 'vitest';
import {
  arrivals,
  arrivedAt,
  insideAt,
  joinedSeries,
  limitUses,
  momentAt,
  momentSeconds,
  nodeTotal,
  reachedSeconds,
  recorded,
  seriesAt,
} from '#drawing/recording.ts';
import { playbackFrom } from '#schema/playback.ts';
import { type Sketch, playbackOf, recordingOf } from './recordings.ts';
import { limit, nodeResult, series } from './result-samples.ts';

const sketch: Sketch = {
  bins: 4,
  nodes: { a: { arrived: [10, 20, 30, 40], inside: [1, 2, 3, 4] }, b: { arrived: [5, 5, 5, 5] } },
  edges: { e: { records: [1, 2, 3, 4] } },
  limits: [{ limit: limit('a', {}), usedRatio: [0.1, 0.2, 0.9, 0.4], refused: [0, 0, 7, 0] }],
};

describe('a recording', () => {
  it('tells what happened in the bin that covers a moment', () => {
    const recording = recordingOf(sketch);
    const moment = momentAt(recording, 25)!;
    expect([moment.fromBin, moment.toBin, momentSeconds(moment)]).toEqual([2, 3, 10]);
    expect(nodeTotal(moment, 'a', 'arrived')).toBe(30);
    expect(insideAt(moment, 'a')).toBe(3);
    expect(nodeTotal(moment, 'b', 'arrived')).toBe(5);
    expect(limitUses(moment, 'a')).toMatchObject([{ usedRatio: expect.closeTo(0.9, 6), refused: 7 }]);
    expect(limitUses(moment, 'b')).toEqual([]);
  });

  it('counts what a node is asked where it gets no records', () => {
    const call = { kind: 'call', source: 'a', target: 'cache' } as const;
    const recording = recordingOf({
      bins: 2,
      nodes: { a: { arrived: [10, 20] }, b: { arrived: [1, 1] }, cache: {} },
      edges: {
        one: { records: [3, 4], link: call },
        other: { records: [10, 20], link: { ...call, source: 'b' } },
        data: { records: [10, 20], link: { kind: 'data', source: 'a', target: 'b' } },
        into: { records: [7, 7], link: { ...call, target: 'b' } },
      },
    });
    expect(arrivedAt(momentAt(recording, 15)!, 'cache')).toBe(24);
    expect([...arrivals(recording, 'cache')]).toEqual([13, 24]);
    expect([...arrivals(recording, 'b')]).toEqual([1, 1]);
    expect(arrivedAt(momentAt(recording, 15)!, 'a')).toBe(20);
  });

  it('shows the mean of several bins where they are shorter than a glance', () => {
    const moment = momentAt(recordingOf({ ...sketch, binSeconds: 2 }), 7.9)!;
    expect([moment.fromBin, moment.toBin]).toEqual([1, 4]);
    expect(nodeTotal(moment, 'a', 'arrived')).toBe(90);
  });

  it('has no moment before the first bin is over, and the last one beyond its end', () => {
    expect(momentAt(recordingOf({ bins: 0, nodes: { a: {} } }), 0)).toBeUndefined();
    expect(momentAt(recordingOf(sketch), 1e9)?.toBin).toBe(4);
    expect(reachedSeconds(recordingOf(sketch))).toBe(40);
  });

  it('becomes, from parts that continue one another, what it is from the whole', () => {
    const whole = recordingOf(sketch);
    const document = { nodes: [{ id: 'a' }, { id: 'b' }], edges: [{ id: 'e' }], faults: [] } as never;
    const result = { nodes: {}, limits: [...whole.limits], horizonSeconds: 40 };
    const playback = playbackOf(sketch);
    const early = { ...playbackOf(cut(sketch, 2)), fromBin: 0 };
    const grown = recorded(recorded(undefined, document, result, early), document, result, playbackFrom(playback, 2));
    expect(grown.bins).toBe(4);
    expect([...grown.values]).toEqual([...whole.values]);
    expect([...arrivals(grown, 'a')]).toEqual([10, 20, 30, 40]);
  });

  it('keeps what was recorded when a limit is added while the run goes on', () => {
    const document = { nodes: [{ id: 'a' }, { id: 'b' }], edges: [{ id: 'e' }], faults: [] } as never;
    const first = recorded(
      undefined,
      document,
      { nodes: {}, limits: [], horizonSeconds: 40 },
      {
        ...playbackOf({ ...cut(sketch, 2), limits: [] }),
      },
    );
    const late = recorded(
      first,
      document,
      { nodes: {}, limits: [limit('a', {})], horizonSeconds: 40 },
      playbackFrom(playbackOf(sketch), 2),
    );
    expect([...arrivals(late, 'a')]).toEqual([10, 20, 30, 40]);
    expect(limitUses(momentAt(late, 25)!, 'a')).toMatchObject([{ refused: 7 }]);
    expect(limitUses(momentAt(late, 5)!, 'a')).toMatchObject([{ refused: 0 }]);
  });
});

describe('a series in parts', () => {
  it('continues with points that replace the last, unfinished one', () => {
    const before = series('m', [1, 2, 0.5]);
    const after = { ...series('m', [3, 4]), startSeconds: 2 };
    expect([...joinedSeries(before, after).values]).toEqual([1, 2, 3, 4]);
    const more = joinedSeries(joinedSeries(before, after), { ...series('m', [5]), startSeconds: 4 });
    expect([...more.values]).toEqual([1, 2, 3, 4, 5]);
    expect(more.startSeconds).toBe(0);
  });

  it('begins anew where points have become wider', () => {
    const after = { ...series('m', [9]), stepSeconds: 2 };
    expect(joinedSeries(series('m', [1, 2]), after)).toBe(after);
  });

  it('gives the point that covers a time', () => {
    const found = series('m', [1, 2, 3]);
    expect([seriesAt(found, 0.5), seriesAt(found, 2), seriesAt(found, 99)]).toEqual([1, 2, 3]);
    expect(seriesAt(undefined, 1)).toBeUndefined();
    expect(nodeResult({}).series).toEqual([]);
  });
});

/** The first bins of a sketch. */
function cut(whole: Sketch, bins: number): Sketch {
  const cutAll = <T extends object>(columns: T): T =>
    Object.fromEntries(
      Object.entries(columns).map(([name, value]) => [name, Array.isArray(value) ? value.slice(0, bins) : value]),
    ) as T;
  const items = <T extends object>(held: Readonly<Record<string, T>> = {}): Record<string, T> =>
    Object.fromEntries(Object.entries(held).map(([id, columns]) => [id, cutAll(columns)]));
  return {
    ...whole,
    bins,
    nodes: items(whole.nodes),
    edges: items(whole.edges),
    limits: (whole.limits ?? []).map(cutAll),
  };
}

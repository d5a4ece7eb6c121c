import { describe, expect, it } from 'vitest';
import { edgeView, edgeWidth } from '#drawing/edge-view.ts';
import { edgeResult } from './result-samples.ts';

const sample = (seconds: number, counts: Parameters<typeof edgeResult>[0]) => ({
  seconds,
  result: { nodes: {}, edges: { e: edgeResult(counts) }, limits: [] },
});

describe('the view of an edge', () => {
  it('labels the rate of the interval', () => {
    const now = sample(30, { records: 4000 });
    expect(edgeView('e', { now, before: undefined })?.label).toBe('133/s');
    expect(edgeView('e', { now, before: sample(20, { records: 1000 }) })?.label).toBe('300/s');
  });

  it('says what is retried, and rather what is lost', () => {
    const retried = edgeView('e', { now: sample(10, { records: 600, retried: 200 }), before: undefined });
    expect(retried).toMatchObject({ trouble: '20/s retried', retriedRatio: 0.25, droppedRatio: 0 });
    const lost = edgeView('e', { now: sample(10, { records: 600, retried: 200, dropped: 200 }), before: undefined });
    expect(lost).toMatchObject({ trouble: '20/s lost', droppedRatio: 0.2 });
    expect(edgeView('e', { now: sample(10, { records: 600 }), before: undefined })?.trouble).toBeUndefined();
  });

  it('is wider for more records, by the same step for each tenfold, up to an end', () => {
    const step = edgeWidth(9999) - edgeWidth(999);
    expect(edgeWidth(999) - edgeWidth(99)).toBeCloseTo(step, 9);
    expect(edgeWidth(0)).toBeGreaterThan(0);
    expect(edgeWidth(1e12)).toBe(edgeWidth(1e15));
  });

  it('shows nothing for an edge that is not in the result', () => {
    expect(edgeView('x', { now: sample(1, {}), before: undefined })).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { type EdgeView, edgeView, edgeWidth } from '#drawing/edge-view.ts';
import { momentOf } from './recordings.ts';

function viewOf(counts: { records?: number; retried?: number; dropped?: number }): EdgeView | undefined {
  const { records = 0, retried = 0, dropped = 0 } = counts;
  return edgeView(
    'e',
    momentOf({ bins: 1, edges: { e: { records: [records], retried: [retried], dropped: [dropped] } } }),
  );
}

describe('the view of an edge', () => {
  it('labels the rate at the moment', () => {
    const moment = momentOf({ bins: 2, edges: { e: { records: [99_999, 3000] } } });
    expect(edgeView('e', moment)?.label).toBe('300/s');
    expect(edgeView('e', moment, 'day')?.label).toBe('25.9M/day');
  });

  it('says what is retried, and rather what is lost', () => {
    expect(viewOf({ records: 600, retried: 200 })).toMatchObject({
      trouble: '20/s retried',
      retriedRatio: 0.25,
      droppedRatio: 0,
    });
    expect(viewOf({ records: 600, retried: 200, dropped: 200 })).toMatchObject({
      trouble: '20/s lost',
      droppedRatio: 0.2,
    });
    expect(viewOf({ records: 600 })?.trouble).toBeUndefined();
  });

  it('is wider for more records, by the same step for each tenfold, up to an end', () => {
    const step = edgeWidth(9999) - edgeWidth(999);
    expect(edgeWidth(999) - edgeWidth(99)).toBeCloseTo(step, 9);
    expect(edgeWidth(0)).toBeGreaterThan(0);
    expect(edgeWidth(1e12)).toBe(edgeWidth(1e15));
  });

  it('says what goes along it', () => {
    const moment = momentOf({ bins: 1, edges: { e: { records: [300] } } });
    expect(edgeView('e', moment)).toMatchObject({ label: '30/s', rate: '30/s', words: '30 records/s' });
    expect(edgeView('e', moment, 'second', 'queries')).toMatchObject({
      label: '30 queries/s',
      rate: '30/s',
    });
    expect(edgeView('e', moment, 'day', 'calls')?.label).toBe('2.59M calls/day');
  });

  it('says that it is records which fail on a call', () => {
    const moment = momentOf({ bins: 1, edges: { e: { records: [300], retried: [200] } } });
    expect(edgeView('e', moment, 'second', 'calls')?.words).toBe('30 calls/s, 20 records/s retried');
  });

  it('shows nothing for an edge that was not run', () => {
    expect(edgeView('x', momentOf({ bins: 1, edges: { e: {} } }))).toBeUndefined();
  });
});

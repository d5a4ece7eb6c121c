import { describe, expect, it } from 'vitest';
import { faultPlaces } from '#drawing/fault-lanes.ts';
import type { FaultSpec } from '#schema/faults.ts';

const outage = (id: string, startSeconds: number, durationSeconds: number): FaultSpec => ({
  id,
  kind: 'outage',
  node: 'a',
  startSeconds,
  durationSeconds,
});

describe('places of faults on the timeline', () => {
  it('are shares of the horizon, cut off at its ends', () => {
    expect(faultPlaces([outage('a', 90, 30), outage('b', -5, 10)], 100, 0, 3)).toMatchObject([
      { fault: { id: 'b' }, fromRatio: 0, toRatio: 0.05 },
      { fault: { id: 'a' }, fromRatio: 0.9, toRatio: 1 },
    ]);
  });

  it('leaves out faults that lie outside the horizon', () => {
    expect(faultPlaces([outage('a', 100, 10), outage('b', -20, 10)], 100, 0, 3)).toEqual([]);
  });

  it('takes another lane where marks would lie over one another, as far as there are lanes', () => {
    const faults = [outage('a', 0, 50), outage('b', 10, 50), outage('c', 20, 50), outage('d', 60, 5)];
    expect(faultPlaces(faults, 100, 0, 2).map(({ lane }) => lane)).toEqual([0, 1, 1, 0]);
    expect(faultPlaces([outage('a', 0, 1), outage('b', 5, 1)], 100, 0.1, 2).map(({ lane }) => lane)).toEqual([0, 1]);
  });
});

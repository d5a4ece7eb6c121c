import { describe, expect, it } from 'vitest';
import {
  defaultFaultSeconds,
  draggedFault,
  faultKinds,
  kindsFor,
  withFault,
  withoutFault,
} from '#renderer/charts/fault-edits.ts';
import { type CaudalDocument, documentSchema } from '#schema/document.ts';
import { faultSchema } from '#schema/faults.ts';

const day: CaudalDocument = documentSchema.parse({
  schemaVersion: 1,
  name: 'test',
  nodes: [
    { id: 'a', type: 'x' },
    { id: 'b', type: 'x' },
  ],
});

describe('placing a fault', () => {
  it('makes one of each kind that the schema accepts', () => {
    for (const kind of faultKinds) {
      const [fault] = withFault(day, kind, 'a', 3600).faults;
      expect(faultSchema.parse(fault)).toMatchObject({ kind, node: 'a', startSeconds: 3600, durationSeconds: 1800 });
    }
  });

  it('gives each an id of its own, and leaves the document as it was', () => {
    const twice = withFault(withFault(day, 'errorRate', 'a', 0), 'errorRate', 'b', 0);
    expect(twice.faults.map(({ id }) => id)).toEqual(['error-rate', 'error-rate-2']);
    expect(day.faults).toEqual([]);
  });

  it('begins early enough to be seen when it is placed at the very end', () => {
    expect(withFault(day, 'outage', 'a', 86_400).faults[0]).toMatchObject({ startSeconds: 84_600 });
    const short = { ...day, run: { ...day.run, horizonSeconds: 1 } };
    expect(withFault(short, 'outage', 'a', 1).faults[0]).toMatchObject({ startSeconds: 0, durationSeconds: 1 });
  });

  it('lasts about a fiftieth of the horizon, in round times', () => {
    expect([300, 7200, 86_400, 604_800].map(defaultFaultSeconds)).toEqual([10, 300, 1800, 21_600]);
  });

  it('offers what changes a load only where there is one', () => {
    const loaded = { workloads: [{ node: 'a' }] } as never;
    expect(kindsFor(loaded, 'a')).toContain('trafficSpike');
    expect(kindsFor(loaded, 'b')).not.toContain('trafficSpike');
    expect(kindsFor(loaded, 'b')).toContain('outage');
  });
});

describe('dragging a fault', () => {
  const placed = withFault(day, 'outage', 'a', 3600);
  const fault = placed.faults[0]!;
  const timesAfter = (grip: 'start' | 'end' | 'whole', by: number): number[] => {
    const { startSeconds, durationSeconds } = draggedFault(placed, fault, grip, by).faults[0]!;
    return [startSeconds, durationSeconds];
  };

  it('moves the whole, or one end, by whole seconds', () => {
    expect(timesAfter('whole', 600.4)).toEqual([4200, 1800]);
    expect(timesAfter('start', 600)).toEqual([4200, 1200]);
    expect(timesAfter('end', 600)).toEqual([3600, 2400]);
  });

  it('never leaves the run, and lasts at least a second', () => {
    expect(timesAfter('whole', -9999)).toEqual([0, 1800]);
    expect(timesAfter('whole', 1e9)).toEqual([86_399, 1800]);
    expect(timesAfter('start', 9999)).toEqual([5399, 1]);
    expect(timesAfter('end', -9999)).toEqual([3600, 1]);
  });

  it('is no change where nothing moves, or the fault is gone', () => {
    expect(draggedFault(placed, fault, 'whole', 0)).toBe(placed);
    expect(draggedFault(day, fault, 'whole', 60)).toBe(day);
    expect(withoutFault(placed, fault.id).faults).toEqual([]);
    expect(withoutFault(day, 'x')).toBe(day);
  });
});

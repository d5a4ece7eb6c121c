import { describe, expect, it } from 'vitest';
import { isPressed } from '#renderer/runs/limit-pressure.ts';
import type { LimitSummary } from '#schema/component.ts';

function limit(part: Partial<LimitSummary>): LimitSummary {
  const known = { id: 'x', node: 'n', name: 'x', unit: 'batches', capacity: 10, peakRatio: 0, refused: 0, waiting: 0 };
  return { ...known, source: '', raisable: true, ...part };
}

describe('the pressure on a limit', () => {
  it('begins at 80 % of the capacity', () => {
    expect(isPressed(limit({ peakRatio: 0.79 }))).toBe(false);
    expect(isPressed(limit({ peakRatio: 0.8 }))).toBe(true);
  });

  it('is not there where one thing is worked on at a time and nothing waits', () => {
    expect(isPressed(limit({ capacity: 1, peakRatio: 1 }))).toBe(false);
    expect(isPressed(limit({ capacity: 1, peakRatio: 1, waiting: 3 }))).toBe(true);
  });

  it('is there wherever something was refused', () => {
    expect(isPressed(limit({ peakRatio: 0.2, refused: 1 }))).toBe(true);
  });
});

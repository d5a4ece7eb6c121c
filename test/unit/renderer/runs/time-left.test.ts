import { describe, expect, it } from 'vitest';
import { progressText } from '#renderer/runs/time-left.ts';

function after(elapsedSeconds: number, simulatedSeconds: number): string {
  return progressText({ simulatedSeconds, preRollSeconds: 100, horizonSeconds: 900, elapsedSeconds });
}

describe('the progress of a run', () => {
  it('counts what is simulated before time zero too', () => {
    expect(after(0, -100)).toBe('0 %');
    expect(after(1, -50)).toBe('5 %');
    expect(after(1, 900)).toBe('100 %');
  });

  it('says what is left once that can be told', () => {
    expect(after(10, 150)).toBe('25 %, 30 s left');
    expect(after(100, 150)).toBe('25 %, 5 min left');
    expect(after(10, -90)).toBe('1 %');
    expect(after(10, 880)).toBe('98 %');
  });
});

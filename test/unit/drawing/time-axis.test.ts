import { describe, expect, it } from 'vitest';
import { timeTicks } from '#drawing/time-axis.ts';

const texts = (startsAt: string, horizon: number, most: number): string[] =>
  timeTicks(startsAt, horizon, most).map(({ text }) => text);

describe('the ticks of the time axis', () => {
  it('stand at round clock times, however the run begins', () => {
    expect(texts('2026-01-05T00:00:00', 86_400, 6)).toEqual([
      '00:00',
      '04:00',
      '08:00',
      '12:00',
      '16:00',
      '20:00',
      '24:00',
    ]);
    expect(texts('2026-01-05T12:07:00', 3600, 4)).toEqual(['12:15', '12:30', '12:45', '13:00']);
  });

  it('show seconds only where they are closer than a minute', () => {
    expect(texts('2026-01-05T12:00:00', 60, 4)).toEqual(['12:00:00', '12:00:15', '12:00:30', '12:00:45', '12:01:00']);
    expect(texts('2026-01-05T00:00:00', 345_600, 4).slice(1)).toEqual(['day 2', 'day 3', 'day 4', 'day 5']);
  });

  it('have their place as a share of the horizon', () => {
    expect(timeTicks('2026-01-05T00:00', 100, 2).map(({ ratio }) => ratio)).toEqual([0, 0.6]);
  });
});

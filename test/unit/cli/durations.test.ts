import { describe, expect, it } from 'vitest';
import { durationText, parseCount, parseDuration } from '#cli/durations.ts';
import { InputError } from '#schema/errors.ts';

describe('parseDuration', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['1.5h', 5400],
    ['1h30m', 5400],
    ['7d', 604_800],
    ['500ms', 0.5],
    ['24H', 86_400],
  ])('reads %s as %d seconds', (text, seconds) => {
    expect(parseDuration(text, '--horizon')).toBe(seconds);
  });

  it.each(['', 'h', '5x', '-3s', '1h 30', 'NaN', '1e3'])('fails for %j and names the option', (text) => {
    expect(() => parseDuration(text, '--horizon')).toThrow(InputError);
    expect(() => parseDuration(text, '--horizon')).toThrow('--horizon');
  });
});

describe('parseCount', () => {
  it('reads a whole number', () => {
    expect(parseCount('20', '--replications', 100)).toBe(20);
  });

  it.each(['0', '101', '2.5', '-1', 'many', ''])('fails for %j', (text) => {
    expect(() => parseCount(text, '--replications', 100)).toThrow(InputError);
  });
});

describe('durationText', () => {
  it('writes spans as a reader says them', () => {
    expect([0.25, 59, 60, 5400, 86_400, 90_061].map(durationText)).toEqual([
      '0.25 s',
      '59 s',
      '1 min',
      '1 h 30 min',
      '1 d',
      '1 d 1 h 1 min 1 s',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { exampleFor, numberOfText, readableHint, textOfNumber } from '#renderer/inspector/quantity-input.ts';

describe('a number typed into a field', () => {
  it('is read with and without groups of thousands', () => {
    expect(numberOfText('1,024', 'shards')).toBe(1024);
    expect(numberOfText(' 12.5 ', '')).toBe(12.5);
    expect(numberOfText('-1', 's')).toBe(-1);
    expect(numberOfText('1e6', 'records')).toBe(1_000_000);
  });

  it('is read in the unit it is written in', () => {
    expect(numberOfText('10 MiB', 'bytes')).toBe(10_485_760);
    expect(numberOfText('10MB', 'bytes')).toBe(10_000_000);
    expect(numberOfText('2 GiB', 'MiB')).toBe(2048);
    expect(numberOfText('2 GB', 'MB')).toBe(2048);
    expect(numberOfText('5 min', 's')).toBe(300);
    expect(numberOfText('1 h 30 min', 's')).toBe(5400);
    expect(numberOfText('0.5 s', 'ms')).toBe(500);
    expect(numberOfText('2 days', 'h')).toBe(48);
    expect(numberOfText('20 %', 'ratio')).toBe(0.2);
    expect(numberOfText('0.1 min', 's')).toBe(6);
  });

  it('may be a rate in another time, or shortened', () => {
    expect(numberOfText('1.5k', 'records/s')).toBe(1500);
    expect(numberOfText('600/min', 'records/s')).toBe(10);
    expect(numberOfText('86.4M/day', 'records/s')).toBe(1000);
    expect(numberOfText('8 shards', 'shards')).toBe(8);
    expect(numberOfText('250 records/s', 'records/s')).toBe(250);
  });

  it('fails for what is no number, or in a unit of something else', () => {
    for (const text of ['', 'abc', '1,5', '1.2.3', '10 MiB']) expect(numberOfText(text, 's')).toBeUndefined();
    expect(numberOfText('5 min', 'bytes')).toBeUndefined();
    expect(numberOfText('5 shards', 'records')).toBeUndefined();
    expect(numberOfText('1e999', '')).toBeUndefined();
    expect(numberOfText('1e300', '')).toBeUndefined();
    expect(numberOfText('1 MiB 2 KiB', 'bytes')).toBeUndefined();
  });

  it('reads what it shows', () => {
    for (const value of [0, 1, 1024, 0.25, 10_485_760, 1e-9, 123_456.789, -1]) {
      expect(numberOfText(textOfNumber(value), '')).toBe(value);
    }
  });

  it('is told in a larger unit where that is easier to grasp', () => {
    expect(readableHint(600, 's')).toBe('10 min');
    expect(readableHint(30, 's')).toBeUndefined();
    expect(readableHint(1024, 'KiB')).toBe('1 MiB');
    expect(readableHint(0.2, 'ratio')).toBe('20 %');
    expect(readableHint(5000, 'shards')).toBeUndefined();
  });

  it('has an example for each kind of unit', () => {
    expect(exampleFor('s')).toContain('5 min');
    expect(exampleFor('bytes')).toContain('10 MiB');
    expect(exampleFor('ratio')).toContain('25 %');
    expect(exampleFor('shards')).toContain('2,500');
  });
});

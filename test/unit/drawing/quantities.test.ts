import { describe, expect, it } from 'vitest';
import {
  bytesText,
  clockText,
  countOf,
  countText,
  durationText,
  endClockText,
  playheadText,
  rateText,
  secondsText,
  shareText,
  shortText,
  unitRateText,
  usdText,
  valueText,
} from '#drawing/quantities.ts';

describe('amounts of what has a name', () => {
  it.each([
    [1, 'batches', '1 batch'],
    [2, 'batches', '2 batches'],
    [1, 'shards', '1 shard'],
    [1000, 'records/s', '1,000 records/s'],
    [1, 'records/s', '1 record/s'],
    [2_097_152, 'bytes/s', '2 MiB/s'],
    [600, 'B', '600 B'],
    [1, 'ms', '1 ms'],
    [1, 'GB', '1 GB'],
    [1, 'instances', '1 instance'],
    [1, 'shard-hour', '1 shard-hour'],
    [96, 'shard-hour', '96 shard-hours'],
  ])('%d %s reads %s', (value, unit, text) => {
    expect(countOf(value, unit)).toBe(text);
  });
});

describe('rates', () => {
  it.each([
    [1620, '1.62k/s', '140M/day'],
    [0.001, '0.001/s', '86.4/day'],
    [0, '0/s', '0/day'],
  ])('of %d a second are told per second and per day', (value, perSecond, perDay) => {
    expect(rateText(value)).toBe(perSecond);
    expect(rateText(value, 'day')).toBe(perDay);
    expect(valueText(value, 'Count/Second', 'day')).toBe(perDay);
  });

  it('of bytes and times have the unit of the whole day', () => {
    expect(unitRateText(1024, 'Bytes')).toBe('1 KiB/s');
    expect(unitRateText(1024, 'Bytes', 'day')).toBe('84.4 MiB/day');
    expect(unitRateText(2, 'Count', 'day')).toBe('173k/day');
  });
});

describe('numbers in the window', () => {
  it.each([
    [0, '0'],
    [1234567, '1,234,567'],
    [0.12345, '0.123'],
    [12345.6, '12,346'],
    [Number.POSITIVE_INFINITY, 'no limit'],
    [Number.NaN, '–'],
  ])('show the count %d in full, as %s', (value, text) => {
    expect(countText(value)).toBe(text);
  });

  it.each([
    [0, '0'],
    [16, '16'],
    [1620, '1.62k'],
    [999.4, '999'],
    [999.6, '1k'],
    [1_900_000, '1.9M'],
    [2.5e9, '2.5G'],
  ])('shorten %d to three digits, %s', (value, text) => {
    expect(shortText(value)).toBe(text);
    expect(rateText(value)).toBe(`${text}/s`);
  });

  it.each([
    [0, '0 B'],
    [600, '600 B'],
    [1024, '1 KiB'],
    [1_992_294, '1.9 MiB'],
    [2 ** 40, '1 TiB'],
  ])('count %d bytes in powers of 1,024, as %s', (value, text) => {
    expect(bytesText(value)).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [0.0000125, '12.5 µs'],
    [0.0123, '12.3 ms'],
    [0.9996, '1 s'],
    [1.2345, '1.23 s'],
    [450, '7.5 min'],
    [7200, '2 h'],
  ])('show %d measured seconds in the unit that fits, as %s', (value, text) => {
    expect(secondsText(value)).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [45, '45 s'],
    [1800, '30 min'],
    [5400, '1 h 30 min'],
    [86_400, '24 h'],
    [90_000, '1 d 1 h'],
  ])('show %d chosen seconds in whole parts, as %s', (value, text) => {
    expect(durationText(value)).toBe(text);
  });

  it.each([
    [0, '$0'],
    [0.000834, '$0.00083'],
    [0.05, '$0.05'],
    [94.716, '$94.72'],
    [1284.4, '$1,284'],
    [-3, '-$3.00'],
  ])('show %d dollars with cents below 100, as %s', (value, text) => {
    expect(usdText(value)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.00123, '0.12 %'],
    [0.0614, '6.1 %'],
    [0.614, '61 %'],
    [1, '100 %'],
  ])('show the share %d as %s', (value, text) => {
    expect(shareText(value)).toBe(text);
  });

  it.each([
    [2048, 'Bytes', '2 KiB'],
    [412, 'Milliseconds', '412 ms'],
    [46.04, 'Percent', '46 %'],
    [0.02, 'ratio', '2 %'],
    [94.7, 'USD', '$94.70'],
    [1620, 'Count/Second', '1.62k/s'],
    [8, 'workers', '8 workers'],
  ])('show %d in the unit %s as %s', (value, unit, text) => {
    expect(valueText(value, unit)).toBe(text);
  });

  it.each([
    ['2026-01-05T12:00:00', 4086, '13:08:06'],
    ['2026-01-05T23:59:00', 60, 'day 2, 00:00:00'],
    ['2026-01-05T00:00', 0.9, '00:00:00'],
  ])('show the clock of a run that begins at %s after %d s as %s', (startsAt, seconds, text) => {
    expect(clockText(startsAt, seconds)).toBe(text);
  });

  it.each([
    ['2026-01-05T00:00:00', 86_400, '24:00:00'],
    ['2026-01-05T12:00:00', 43_200, '24:00:00'],
    ['2026-01-05T00:00:00', 172_800, 'day 2, 24:00:00'],
    ['2026-01-05T00:00:00', 90_000, 'day 2, 01:00:00'],
    ['2026-01-05T00:00:00', 0, '00:00:00'],
  ])('show the end of what began at %s, after %d s, as %s', (startsAt, seconds, text) => {
    expect(endClockText(startsAt, seconds)).toBe(text);
  });

  it.each([
    [0, 86_400, '00:00:00'],
    [86_399, 86_400, '23:59:59'],
    [86_400, 86_400, '24:00:00'],
    [0, 604_800, 'day 1, 00:00:00'],
    [86_400, 604_800, 'day 2, 00:00:00'],
    [604_800, 604_800, 'day 7, 24:00:00'],
  ])('show the playhead after %d s of %d s as %s', (seconds, horizonSeconds, text) => {
    expect(playheadText('2026-01-05T00:00:00', seconds, horizonSeconds)).toBe(text);
  });

  it('show the day where a run of a day goes past midnight', () => {
    expect(playheadText('2026-01-05T12:00:00', 0, 86_400)).toBe('day 1, 12:00:00');
    expect(playheadText('2026-01-05T12:00:00', 43_200, 43_200)).toBe('24:00:00');
  });
});

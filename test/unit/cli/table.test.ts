import { describe, expect, it } from 'vitest';
import {
  showAmount,
  showBytes,
  showInterval,
  showNumber,
  showPercent,
  showSeconds,
  showUsd,
  showWords,
  table,
} from '#cli/table.ts';

describe('table', () => {
  it('aligns columns and leaves no space at the end of a line', () => {
    expect(
      table(
        ['name', 'n'],
        [
          ['a', '1'],
          ['longer', '1,000'],
        ],
        ['n'],
      ),
    ).toBe(['  name        n', '  a           1', '  longer  1,000', ''].join('\n'));
  });
});

describe('numbers', () => {
  it('separates thousands and keeps four digits', () => {
    expect([0, 12, 1234.6, 1_234_567, 0.031_416, 1e21, Number.NaN].map(showNumber)).toEqual([
      '0',
      '12',
      '1,235',
      '1,234,567',
      '0.03142',
      '1e+21',
      '-',
    ]);
  });

  it('shows latencies in a unit that suits them', () => {
    expect([0, 0.000_25, 0.0123, 1.5, 600, 7200].map(showSeconds)).toEqual([
      '0 s',
      '250 us',
      '12.3 ms',
      '1.5 s',
      '10 min',
      '2 h',
    ]);
  });

  it('shows money to the cent, and small sums as they are', () => {
    expect([0, 0.000_01, 0.0123, 1, 1234.5, 1_234_567.891].map(showUsd)).toEqual([
      '0.00',
      '< 0.0001',
      '0.0123',
      '1.00',
      '1,234.50',
      '1,234,567.89',
    ]);
  });

  it('shows ratios in percent', () => {
    expect([0, 0.005, 0.614, 1.2].map(showPercent)).toEqual(['0 %', '0.5 %', '61 %', '120 %']);
  });

  it('shows bytes in binary units', () => {
    expect([0, 600, 1023.9, 1536, 322_805_124, 5e15].map(showBytes)).toEqual([
      '0 B',
      '600 B',
      '1 KiB',
      '1.5 KiB',
      '308 MiB',
      '4.44 PiB',
    ]);
  });

  it('shows an amount with its unit', () => {
    expect(showAmount(379.7, 'Milliseconds')).toBe('380 ms');
    expect(showAmount(-106, 's')).toBe('-106 s');
    expect(showAmount(46.04, 'Percent')).toBe('46 %');
    expect(showAmount(0.3224, 'ratio')).toBe('32 %');
    expect(showAmount(538_211, 'Count')).toBe('538,211');
    expect(showAmount(2_097_152, 'bytes/s')).toBe('2 MiB/s');
    expect(showAmount(1000, 'records/s')).toBe('1,000 records/s');
    expect(showAmount(94.7189, 'USD')).toBe('94.72 USD');
  });

  it('shows an interval in one unit, without digits that it makes idle', () => {
    expect(showInterval(0.592_37, 0.023_85, 's')).toBe('592 ± 24 ms');
    expect(showInterval(7303.6, 66.9, 'Count')).toBe('7,304 ± 67');
    expect(showInterval(17.4, 5.013, 'Count')).toBe('17.4 ± 5.0');
    expect(showInterval(0.0123, 0.004, 'ratio')).toBe('1.23 ± 0.40 %');
    expect(showInterval(27.74, 0.1975, 'USD')).toBe('27.74 ± 0.20');
    expect(showInterval(1234.5, 321.1, 'USD')).toBe('1,234.50 ± 321.10');
    expect(showInterval(5, null, 'Count')).toBe('5');
    expect(showInterval(5, 0, 'Count')).toBe('5');
  });

  it('shows names of fields as words', () => {
    expect(['shardHours', 'send-attempts-exhausted', 'requests'].map(showWords)).toEqual([
      'shard hours',
      'send attempts exhausted',
      'requests',
    ]);
  });
});

describe('one of a unit', () => {
  it.each([
    [1, 'workers', '1 worker'],
    [1, 'batches', '1 batch'],
    [2, 'batches', '2 batches'],
    [1, 'ms', '1 ms'],
  ])('%d %s reads %s', (value, unit, text) => {
    expect(showAmount(value, unit)).toBe(text);
  });
});

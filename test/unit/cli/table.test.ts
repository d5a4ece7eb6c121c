import { describe, expect, it } from 'vitest';
import { showNumber, showPercent, showSeconds, showUsd, table } from '#cli/table.ts';

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
});

import { describe, expect, it } from 'vitest';
import { amountText, bytesText, isKeptExactly, numberText, percentText } from '#analysis/numbers.ts';

describe('numbers in sentences', () => {
  it('are grouped, with four digits at most behind the first', () => {
    expect([1_234_567.8, 999, 0.031_416, -1500, Number.NaN, Number.POSITIVE_INFINITY].map(numberText)).toEqual([
      '1,234,568',
      '999',
      '0.03142',
      '-1,500',
      'unknown',
      'without end',
    ]);
    expect([0.614, 0.004, 1].map(percentText)).toEqual(['61 %', '0.4 %', '100 %']);
  });

  it('show bytes in binary units, and other amounts with their own', () => {
    expect([600, 1536, 2_097_152, 3.3e12].map(bytesText)).toEqual(['600 bytes', '1.5 KiB', '2 MiB', '3 TiB']);
    expect(amountText(1_048_576, 'bytes/s')).toBe('1 MiB/s');
    expect(amountText(1000, 'records/s')).toBe('1,000 records/s');
    expect(amountText(3, '')).toBe('3');
    expect([1, 2].map((servers) => amountText(servers, 'servers'))).toEqual(['1 server', '2 servers']);
    expect([1, 2].map((batches) => amountText(batches, 'batches'))).toEqual(['1 batch', '2 batches']);
    expect([amountText(1, 'instances'), amountText(1, 'ms')]).toEqual(['1 instance', '1 ms']);
  });
});

describe('isKeptExactly', () => {
  it('is true up to the largest whole number that has neighbours', () => {
    expect([2 ** 53 - 1, -(2 ** 53) + 1, 0.5].map(isKeptExactly)).toEqual([true, true, true]);
    expect([2 ** 53, Number.NaN, Number.NEGATIVE_INFINITY].map(isKeptExactly)).toEqual([false, false, false]);
  });
});

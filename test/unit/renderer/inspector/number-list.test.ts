import { describe, expect, it } from 'vitest';
import { numbersOfText, textOfNumbers } from '#renderer/inspector/number-list.ts';

describe('a list of numbers as text', () => {
  it('is read from commas, spaces, lines and brackets alike', () => {
    for (const text of ['1, 2.5, 3', '1 2.5 3', '1\n2.5\n3\n', '[1,2.5,3]', '1;2.5;3']) {
      expect(numbersOfText(text)).toEqual({ numbers: [1, 2.5, 3] });
    }
    expect(numbersOfText(textOfNumbers([1, 2.5]))).toEqual({ numbers: [1, 2.5] });
  });

  it('fails with the place of the first entry that is no number', () => {
    expect(numbersOfText('1, x, 3')).toEqual({ fault: expect.stringContaining('Entry 2, "x"') });
    expect(numbersOfText('  ')).toEqual({ fault: expect.stringContaining('Write numbers') });
  });
});

import { describe, expect, it } from 'vitest';
import { splitCsvLine } from '#engine/workload/csv-line.ts';

describe('a line of comma-separated text', () => {
  it('is cut at commas, with the column at which each field begins', () => {
    expect(splitCsvLine('a,bc,,d')).toEqual([
      { text: 'a', column: 1 },
      { text: 'bc', column: 3 },
      { text: '', column: 6 },
      { text: 'd', column: 7 },
    ]);
  });

  it('keeps commas and quotes inside quoted fields', () => {
    expect(splitCsvLine('"a,b","say ""hi""",3').map((field) => field.text)).toEqual(['a,b', 'say "hi"', '3']);
  });
});

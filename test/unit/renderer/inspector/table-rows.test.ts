import { describe, expect, it } from 'vitest';
import { withRow } from '#renderer/inspector/table-rows.ts';

const columns = [{ name: 'atSeconds' }, { name: 'recordsPerSecond' }];

describe('a row that is added', () => {
  it('stands as far behind the last as that behind the one before, with the same values', () => {
    const rows = [
      { atSeconds: 0, recordsPerSecond: 5 },
      { atSeconds: 300, recordsPerSecond: 9 },
    ];
    expect(withRow(columns, rows)).toEqual([...rows, { atSeconds: 600, recordsPerSecond: 9 }]);
  });

  it('begins the table, and follows a first row', () => {
    expect(withRow(columns, [])).toEqual([{ atSeconds: 60, recordsPerSecond: 0 }]);
    expect(withRow(columns, [{ atSeconds: 0, recordsPerSecond: 5 }])[1]).toEqual({
      atSeconds: 60,
      recordsPerSecond: 5,
    });
  });

  it('stands half way to the last of shares that end at 1', () => {
    const quantiles = [{ name: 'p' }, { name: 'valueMs' }];
    const rows = [
      { p: 0, valueMs: 10 },
      { p: 1, valueMs: 30 },
    ];
    expect(withRow(quantiles, rows)).toEqual([rows[0], { p: 0.5, valueMs: 20 }, rows[1]]);
  });
});

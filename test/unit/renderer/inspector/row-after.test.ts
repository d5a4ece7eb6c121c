import { describe, expect, it } from 'vitest';
import { rowAfter } from '#renderer/inspector/row-after.ts';

const columns = [{ name: 'atSeconds' }, { name: 'recordsPerSecond' }];

describe('a row that is added', () => {
  it('stands as far behind the last as that behind the one before, with the same values', () => {
    const rows = [
      { atSeconds: 0, recordsPerSecond: 5 },
      { atSeconds: 300, recordsPerSecond: 9 },
    ];
    expect(rowAfter(columns, rows)).toEqual({ atSeconds: 600, recordsPerSecond: 9 });
  });

  it('begins the table, and follows a first row', () => {
    expect(rowAfter(columns, [])).toEqual({ atSeconds: 60, recordsPerSecond: 0 });
    expect(rowAfter(columns, [{ atSeconds: 0, recordsPerSecond: 5 }])).toEqual({ atSeconds: 60, recordsPerSecond: 5 });
  });
});

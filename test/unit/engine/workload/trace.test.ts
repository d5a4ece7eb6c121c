import { describe, expect, it } from 'vitest';
import { readTraceCsv, type TraceCsvOptions, withTraceFile } from '#engine/workload/trace.ts';
import { traceProfileSchema } from '#schema/workload.ts';

const refuse: TraceCsvOptions = { gaps: 'refuse' };

/** Line, column, code, received and allowed of every fault of a text. */
function faults(text: string, options = refuse): string[] {
  return readTraceCsv(text, options).faults.map(
    (fault) => `${fault.position?.line}:${fault.position?.column} ${fault.code} ${fault.received} | ${fault.allowed}`,
  );
}

describe('trace from CSV', () => {
  it('reads minutes and infers the bin from their spacing', () => {
    const read = readTraceCsv('minute,count\n0,301\n5,267\n10,242\n', refuse);
    expect(read).toEqual({ counts: [301, 267, 242], binSeconds: 300, faults: [] });
  });

  it('reads seconds, Windows line ends, a byte-order mark, quotes, and a named column', () => {
    const text = '\uFEFFsecond,errors,"requests"\r\n100,1,"7"\r\n110,0,8.0\r\n\r\n';
    const read = readTraceCsv(text, { column: 'requests', gaps: 'refuse' });
    expect(read).toEqual({ counts: [7, 8], binSeconds: 10, faults: [] });
  });

  it('takes the bin that is given for a single row', () => {
    expect(readTraceCsv('second,count\n0,5', { gaps: 'refuse', binSeconds: 60 }).counts).toEqual([5]);
  });

  it('fails on gaps and names the missing rows', () => {
    const text = 'minute,count\n0,1\n5,2\n15,3\n20,4\n40,5\n';
    expect(faults(text)).toEqual(['4:1 trace/gap 15 | 10', '6:1 trace/gap 40 | 25']);
    const messages = readTraceCsv(text, refuse).faults.map((fault) => fault.message);
    expect(messages[0]).toContain('the row of minute 10 is missing');
    expect(messages[1]).toContain('3 rows are missing, minute 25 to 35');
  });

  it('fills gaps with zeros when asked to', () => {
    const read = readTraceCsv('minute,count\n0,1\n5,2\n15,3\n', { gaps: 'zero' });
    expect(read).toEqual({ counts: [1, 2, 0, 3], binSeconds: 300, faults: [] });
  });

  it('fails with every fault of a text at once', () => {
    const text = ['second,count', '0,1', '10,-2', '20,2.5', '30,many', '40', '50,5', 'x,6', '70,7', '65,8', '81,9'];
    expect(faults(text.join('\n'))).toEqual([
      '3:4 trace/count -2 | an integer from 0 to 864000000000',
      '4:4 trace/count 2.5 | an integer from 0 to 864000000000',
      '5:4 trace/count many | an integer from 0 to 864000000000',
      '6:1 trace/columns 1 columns | 2 columns, as in the first line',
      '8:1 trace/time x | a number >= 0, counted from any start',
      '10:1 trace/unsorted 65 | more than 70',
    ]);
  });

  it('fails on uneven spacing', () => {
    expect(faults('second,count\n0,1\n10,2\n20,3\n27,4\n')).toEqual(['5:1 trace/uneven 27 | 30']);
  });

  it('fails when the spacing is not whole seconds or differs from binSeconds', () => {
    expect(faults('second,count\n0,1\n0.5,2\n')).toEqual([
      '3:1 trace/bin 0.5 s | whole seconds from 1 to 86400 between rows',
    ]);
    expect(faults('second,count\n0,1\n10,2\n', { gaps: 'zero', binSeconds: 60 })).toEqual([
      '3:1 trace/bin 60 s | 10 s',
    ]);
  });

  it('fails on an empty file, a file without rows, and a single row without a bin', () => {
    expect(faults('')).toEqual(['1:1 trace/empty nothing | a line of column names, then rows']);
    expect(faults('minute,count\n')).toEqual(['2:1 trace/empty nothing | at least one row']);
    expect(faults('minute,count\n0,1')).toEqual(['2:1 trace/bin nothing | two good rows in a row, or binSeconds']);
  });

  it('fails when the first line does not name the columns', () => {
    expect(faults('0,301\n5,267')).toEqual(['1:1 trace/header 0 | second, minute']);
    expect(faults('minute\n0')).toHaveLength(1);
    expect(faults('minute,count\n0,1', { column: 'requests', gaps: 'zero' })).toEqual([
      '1:8 trace/header requests | count',
    ]);
  });

  it('puts the counts of a file into the profile that names it', () => {
    const profile = traceProfileSchema.parse({ kind: 'trace', csv: { path: 'a.csv' }, scale: 2 });
    const filled = withTraceFile(profile, 'minute,count\n0,3\n1,4\n');
    expect(filled.faults).toEqual([]);
    expect(traceProfileSchema.parse(filled.profile)).toEqual({
      kind: 'trace',
      binSeconds: 60,
      counts: [3, 4],
      repeat: false,
      scale: 2,
    });
    expect(withTraceFile(profile, '').faults).toHaveLength(1);
  });
});

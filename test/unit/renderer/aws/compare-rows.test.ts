import { describe, expect, it } from 'vitest';
import { amountText, compareRows, errorGrade, errorText, pointsCsv, rowsCsv } from '#renderer/aws/compare-rows.ts';
import { documentSchema, schemaVersion } from '#schema/document.ts';
import type { SeriesData } from '#schema/result.ts';

const document = documentSchema.parse({
  schemaVersion,
  name: 'Shop',
  nodes: [
    { id: 'clicks', type: 'kinesis-data-streams', config: {} },
    { id: 'enrich', type: 'lambda', config: {} },
  ],
});

const series = (metric: string, unit: string, stepSeconds: number, values: readonly number[]): SeriesData => ({
  metric,
  unit,
  startSeconds: 0,
  stepSeconds,
  values: Float64Array.from(values),
});

const simulated = {
  clicks: [
    series('IncomingRecords', 'Count', 30, [50, 50, 50, 50]),
    series('PutRecords.Latency', 'Milliseconds', 30, [20, 20, 20, 20]),
  ],
  enrich: [series('Invocations', 'Count', 30, [5, 5, 5, 5]), series('Errors', 'Count', 30, [0, 0, 0, 0])],
};
const measured = {
  clicks: [
    series('IncomingRecords', 'Count', 60, [105, 105]),
    series('PutRecords.Latency', 'Milliseconds', 60, [30, 30]),
  ],
  enrich: [series('Invocations', 'Count', 60, [10, 10]), series('Errors', 'Count', 60, [0, 0])],
};

describe('measured metrics beside simulated ones', () => {
  it('come with the farthest apart first', () => {
    const rows = compareRows(document, simulated, measured);
    expect(rows.map(({ metric }) => metric).slice(0, 2)).toEqual(['PutRecords.Latency', 'IncomingRecords']);
    expect(rows[0]).toMatchObject({ node: 'clicks', statistic: 'Average', simulated: 20, measured: 30 });
    expect(rows[0]?.errorRatio).toBeCloseTo(1 / 3, 12);
    expect(rows[1]).toMatchObject({ simulated: 200, measured: 210 });
    expect(rows.find(({ metric }) => metric === 'Invocations')?.errorRatio).toBe(0);
  });

  it('count as farthest apart where one is zero and the other is not', () => {
    const failing = { ...simulated, enrich: [series('Errors', 'Count', 30, [3, 0, 0, 0])] };
    const [row] = compareRows(document, failing, measured);
    expect(row).toMatchObject({ metric: 'Errors', simulated: 3, measured: 0, errorRatio: null });
    expect(row && errorGrade(row)).toBe('far');
  });

  it('are shown alone where nothing was simulated, or of another time', () => {
    for (const own of [undefined, { clicks: [series('IncomingRecords', 'Count', 30, [1])] }]) {
      const rows = compareRows(document, own, measured);
      expect(rows).toHaveLength(4);
      expect(rows.find(({ metric }) => metric === 'IncomingRecords')).toMatchObject({
        simulated: null,
        measured: 210,
        errorRatio: null,
      });
      expect(rows.every((row) => errorGrade(row) === undefined)).toBe(true);
    }
  });

  it('leave out metrics that no component declares', () => {
    expect(compareRows(document, simulated, { clicks: [series('Unheard', 'Count', 60, [1])], gone: [] })).toEqual([]);
  });

  it('are graded by how far they are apart', () => {
    const [row] = compareRows(document, simulated, measured);
    const grade = (errorRatio: number | null) => row && errorGrade({ ...row, errorRatio });
    expect([grade(0.1), grade(-0.1), grade(0.11), grade(-0.3), grade(0.31), grade(null)]).toEqual([
      'agrees',
      'agrees',
      'near',
      'near',
      'far',
      'far',
    ]);
  });
});

describe('words of a comparison', () => {
  it('say by how much, in which direction, and no more digits than matter', () => {
    expect([0, 0.0004, 0.004, -0.0512, 0.333, -12.5, null].map(errorText)).toEqual([
      '0 %',
      '0 %',
      '+0.4 %',
      '−5.1 %',
      '+33 %',
      '−1,250 %',
      '–',
    ]);
    expect(amountText(Number.NaN, 'Bytes')).toBe('–');
    expect(amountText(2048, 'Bytes')).toBe('2 KiB');
  });
});

describe('a comparison as CSV', () => {
  it('has a line for each metric', () => {
    const [head, first] = rowsCsv(compareRows(document, simulated, measured)).split('\n');
    expect(head).toBe('node,metric,unit,statistic,simulated,measured,error_ratio,shape_error_ratio');
    expect(first).toBe('clicks,PutRecords.Latency,Milliseconds,Average,20,30,0.3333333333333333,0.3333333333333333');
  });

  it('has a line for each minute, empty where there is nothing', () => {
    const gap = { clicks: [series('PutRecords.Latency', 'Milliseconds', 60, [30, Number.NaN])] };
    expect(pointsCsv(document, simulated, gap)).toBe(
      'node,metric,unit,second,seconds,simulated,measured\n' +
        'clicks,PutRecords.Latency,Milliseconds,0,60,20,30\n' +
        'clicks,PutRecords.Latency,Milliseconds,60,60,20,\n',
    );
    expect(pointsCsv(document, undefined, gap)).toContain('clicks,PutRecords.Latency,Milliseconds,0,60,,30\n');
  });

  it('quotes what would break a line', () => {
    const [row] = compareRows(document, simulated, measured);
    const text = row === undefined ? '' : rowsCsv([{ ...row, node: 'a,"b"' }]);
    expect(text.split('\n')[1]).toMatch(/^"a,""b""",PutRecords\.Latency,/);
  });
});

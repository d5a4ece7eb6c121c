/**
 * Reads a recorded trace from CSV text: a first line with the names of the columns, then one row a bin. The first column is
 * the time, named `second` or `minute`, evenly spaced and rising; another column holds whole counts. Every fault of a text is
 * reported, each with its line and column, so that a file can be mended in one go.
 */
import type { Fault } from '#schema/errors.ts';
import type { TraceProfile } from '#schema/workload.ts';
import { type CsvField, splitCsvLine } from './csv-line.ts';

/** How to read a text. */
export interface TraceCsvOptions {
  /** Name of the column of counts; the second column when left out. */
  readonly column?: string | undefined;
  /** Missing rows are faults, or bins without records. */
  readonly gaps: 'refuse' | 'zero';
  /** Seconds a row covers; taken from the times when left out, and compared with them when given. */
  readonly binSeconds?: number | undefined;
}

/** Counts and bin of a text, or what is wrong with it. Where there are faults, `counts` is empty. */
export interface TraceCsv {
  readonly counts: readonly number[];
  readonly binSeconds: number;
  readonly faults: readonly Fault[];
}

const MOST_BINS = 1_000_000;
const MOST_BIN_SECONDS = 86_400;
const MOST_COUNT = 864_000_000_000;
const SECONDS_OF_UNIT: Readonly<Record<string, number>> = {
  second: 1,
  seconds: 1,
  time: 1,
  timeseconds: 1,
  minute: 60,
  minutes: 60,
};

interface Row {
  readonly line: number;
  readonly field: CsvField;
  /** Time as written, in the unit of the column. */
  readonly time: number;
  readonly count: number;
  /** The row before could not be read: the spacing to it says nothing. */
  readonly afterFault: boolean;
}

interface Header {
  readonly unitSeconds: number;
  readonly unitName: string;
  readonly countIndex: number;
  readonly width: number;
}

/** Reads counts from CSV text. Never throws: what is wrong is in `faults`. */
export function readTraceCsv(text: string, options: TraceCsvOptions): TraceCsv {
  const faults: Fault[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  while (lines.length > 0 && lines[lines.length - 1].trim() === '') lines.pop();
  const header = readHeader(lines, options.column, faults);
  if (header === undefined) return { counts: [], binSeconds: 0, faults };
  const rows = readRows(lines, header, faults);
  if (lines.length < 2)
    faults.push(faultAt('trace/empty', 2, undefined, 'the file has no rows', '', 'at least one row'));
  const binSeconds = findBin(rows, header, options, faults);
  const counts = binSeconds > 0 ? placeRows(rows, header, binSeconds, options.gaps, faults) : [];
  return { counts: faults.length > 0 ? [] : counts, binSeconds, faults };
}

/** Puts the counts of a file into a trace that names one; `text` is the content of `profile.csv.path`. */
export function withTraceFile(
  profile: TraceProfile,
  text: string,
): { profile: TraceProfile; faults: readonly Fault[] } {
  const { csv, ...rest } = profile;
  if (csv === undefined) return { profile, faults: [] };
  const read = readTraceCsv(text, { column: csv.column, gaps: csv.gaps, binSeconds: profile.binSeconds });
  if (read.faults.length > 0) return { profile, faults: read.faults };
  return { profile: { ...rest, binSeconds: read.binSeconds, counts: [...read.counts] }, faults: [] };
}

function readHeader(lines: readonly string[], column: string | undefined, faults: Fault[]): Header | undefined {
  const line = lines[0] ?? '';
  if (line.trim() === '') {
    faults.push(faultAt('trace/empty', 1, undefined, 'the file is empty', '', 'a line of column names, then rows'));
    return undefined;
  }
  const fields = splitCsvLine(line);
  const unitName = fields[0].text.trim();
  const unitSeconds = SECONDS_OF_UNIT[unitName.toLowerCase()];
  const before = faults.length;
  if (unitSeconds === undefined) {
    const message = 'the first line must name the columns, the first of them being the time';
    faults.push(faultAt('trace/header', 1, fields[0], message, unitName, 'second, minute'));
  }
  let countIndex = 1;
  const names = fields.map((field) => field.text.trim());
  if (fields.length < 2) {
    faults.push(
      faultAt(
        'trace/header',
        1,
        fields[0],
        'a column of counts is missing',
        line,
        'two columns or more, separated by commas',
      ),
    );
  } else if (column !== undefined) {
    countIndex = names.indexOf(column, 1);
    if (countIndex < 0) {
      faults.push(
        faultAt(
          'trace/header',
          1,
          fields[1],
          'the column of counts is not in the file',
          column,
          names.slice(1).join(', '),
        ),
      );
    }
  }
  return faults.length > before ? undefined : { unitSeconds, unitName, countIndex, width: fields.length };
}

function readRows(lines: readonly string[], header: Header, faults: Fault[]): Row[] {
  const rows: Row[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  let afterFault = false;
  for (let i = 1; i < lines.length; i += 1) {
    const line = i + 1;
    const fields = splitCsvLine(lines[i]);
    const row = fields.length === header.width ? readRow(fields, header, line, faults) : undefined;
    if (fields.length !== header.width) {
      const allowed = `${header.width} columns, as in the first line`;
      faults.push(
        faultAt('trace/columns', line, fields[0], 'wrong number of columns', `${fields.length} columns`, allowed),
      );
    }
    if (row === undefined) {
      afterFault = true;
      continue;
    }
    if (row.time <= latest) {
      const message = 'times must rise from row to row';
      faults.push(faultAt('trace/unsorted', line, fields[0], message, fields[0].text, `more than ${latest}`));
      afterFault = true;
      continue;
    }
    latest = row.time;
    rows.push({ ...row, line, field: fields[0], afterFault });
    afterFault = false;
  }
  return rows;
}

/** Time and count of a row; `undefined` if the time cannot be read. A bad count is reported and taken as zero. */
function readRow(
  fields: readonly CsvField[],
  header: Header,
  line: number,
  faults: Fault[],
): { time: number; count: number } | undefined {
  const timeField = fields[0];
  const countField = fields[header.countIndex];
  const timeText = timeField.text.trim();
  const countText = countField.text.trim();
  const isTime = /^\d+(\.\d+)?$/.test(timeText);
  const count = /^\d+(\.0+)?$/.test(countText) ? Number(countText) : Number.NaN;
  if (!isTime) {
    faults.push(
      faultAt(
        'trace/time',
        line,
        timeField,
        'the time must be a number',
        timeText,
        'a number >= 0, counted from any start',
      ),
    );
  }
  if (!(count <= MOST_COUNT)) {
    faults.push(
      faultAt(
        'trace/count',
        line,
        countField,
        'the count must be a whole number',
        countText,
        `an integer from 0 to ${MOST_COUNT}`,
      ),
    );
  }
  return isTime ? { time: Number(timeText), count: count <= MOST_COUNT ? count : 0 } : undefined;
}

/** Seconds of a bin: as given, or the spacing that most rows have. 0 if there is none. */
function findBin(rows: readonly Row[], header: Header, options: TraceCsvOptions, faults: Fault[]): number {
  const uses = new Map<number, number>();
  for (let i = 1; i < rows.length; i += 1) {
    if (rows[i].afterFault) continue;
    const spacing = spacingSeconds(rows[i - 1], rows[i], header);
    uses.set(spacing, (uses.get(spacing) ?? 0) + 1);
  }
  let common = 0;
  for (const [spacing, count] of uses) {
    const most = uses.get(common) ?? 0;
    if (count > most || (count === most && spacing < common)) common = spacing;
  }
  if (options.binSeconds !== undefined) {
    if (common === 0 || common === options.binSeconds) return options.binSeconds;
    const message = 'the rows are not binSeconds apart: leave binSeconds out or correct it';
    faults.push(faultAt('trace/bin', rows[1].line, rows[1].field, message, `${options.binSeconds} s`, `${common} s`));
    return 0;
  }
  if (common === 0) {
    if (rows.length > 0) {
      const message = 'the time between rows cannot be told';
      faults.push(
        faultAt('trace/bin', rows[0].line, rows[0].field, message, '', 'two good rows in a row, or binSeconds'),
      );
    }
    return 0;
  }
  if (!Number.isInteger(common) || common > MOST_BIN_SECONDS) {
    const allowed = `whole seconds from 1 to ${MOST_BIN_SECONDS} between rows`;
    faults.push(
      faultAt('trace/bin', rows[1].line, rows[1].field, 'rows are unsuitably spaced', `${common} s`, allowed),
    );
    return 0;
  }
  return common;
}

/** Times as written are decimal: a millionth of a second is below what they can mean. */
function spacingSeconds(before: Row, row: Row, header: Header): number {
  return Math.round((row.time - before.time) * header.unitSeconds * 1e6) / 1e6;
}

function placeRows(
  rows: readonly Row[],
  header: Header,
  binSeconds: number,
  gaps: 'refuse' | 'zero',
  faults: Fault[],
): number[] {
  const counts: number[] = [];
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i];
    const missing = i === 0 || row.afterFault ? 0 : missingBefore(rows[i - 1], row, header, binSeconds, gaps, faults);
    if (counts.length + missing >= MOST_BINS) {
      faults.push(faultAt('trace/long', row.line, row.field, 'the trace is too long', '', `at most ${MOST_BINS} bins`));
      return counts;
    }
    for (let gap = 0; gap < missing; gap += 1) counts.push(0);
    counts.push(row.count);
  }
  return counts;
}

/** Number of bins without a row before this one; reports uneven spacing, and gaps unless they count as zero. */
function missingBefore(
  before: Row,
  row: Row,
  header: Header,
  binSeconds: number,
  gaps: 'refuse' | 'zero',
  faults: Fault[],
): number {
  const spacing = spacingSeconds(before, row, header);
  const bins = Math.round(spacing / binSeconds);
  const step = binSeconds / header.unitSeconds;
  const expected = before.time + step;
  if (bins < 1 || Math.abs(spacing - bins * binSeconds) > 1e-6) {
    const message = `rows must be ${binSeconds} s apart`;
    faults.push(faultAt('trace/uneven', row.line, row.field, message, row.field.text, `${expected}`));
    return 0;
  }
  if (bins > 1 && gaps === 'refuse') {
    const last = row.time - step;
    const message =
      bins === 2
        ? `the row of ${header.unitName} ${expected} is missing: add it, or set gaps to zero`
        : `${bins - 1} rows are missing, ${header.unitName} ${expected} to ${last}: add them, or set gaps to zero`;
    faults.push(faultAt('trace/gap', row.line, row.field, message, row.field.text, `${expected}`));
  }
  return bins - 1;
}

function faultAt(
  code: string,
  line: number,
  field: CsvField | undefined,
  message: string,
  received: string,
  allowed: string,
): Fault {
  const shown = received.length <= 80 ? received : `${received.slice(0, 77)}...`;
  return {
    code,
    path: '',
    message,
    received: shown === '' ? 'nothing' : shown,
    allowed,
    position: { line, column: field?.column ?? 1 },
  };
}

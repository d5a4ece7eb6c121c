/** Traces that a workload takes from a CSV file: which files, and the document with their counts put in. */
import { withTraceFile } from '#engine/workload/trace.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { Fault } from '#schema/errors.ts';
import { workloadLimits, workloadSchema } from '#schema/workload.ts';
import { FaultList, type DocumentFault } from './document-fault.ts';
import { numberText } from './numbers.ts';
import { pathText } from './paths.ts';
import { parseAt } from './zod-faults.ts';

/** Faults of one kind that are told of one file. */
const MOST_OF_EACH = 50;
/** The line of names, and empty lines at the end. */
const SPARE_LINES = 100;

/** A file that a workload names, relative to the document. */
export interface TraceFile {
  readonly workload: string;
  readonly path: string;
}

export function traceFiles(document: CaudalDocument): readonly TraceFile[] {
  return document.workloads.flatMap(({ id, arrivals }) =>
    arrivals.kind === 'trace' && arrivals.csv !== undefined ? [{ workload: id, path: arrivals.csv.path }] : [],
  );
}

/** Puts the counts of the files into the document. `texts`: content by workload id. */
export function inlineTraces(
  document: CaudalDocument,
  texts: ReadonlyMap<string, string>,
): { readonly document: CaudalDocument } | { readonly faults: readonly DocumentFault[] } {
  const found = new FaultList(document);
  const workloads = document.workloads.map((workload, index) => {
    const text = texts.get(workload.id);
    const { arrivals } = workload;
    if (text === undefined || arrivals.kind !== 'trace' || arrivals.csv === undefined) return workload;
    const tooLong = tooManyRows(text);
    const { profile, faults } = tooLong ? { profile: arrivals, faults: [tooLong] } : withTraceFile(arrivals, text);
    const at = ['workloads', index, 'arrivals', 'csv', 'path'];
    for (const fault of fewOfEach(faults)) reportInFile(found, at, arrivals.csv.path, fault);
    if (faults.length > 0) return workload;
    return parseAt(found, workloadSchema, { ...workload, arrivals: profile }, ['workloads', index]) ?? workload;
  });
  return found.isEmpty ? { document: { ...document, workloads } } : { faults: found.items };
}

/** A file with more rows than a trace may have bins is not read row by row only to be refused. */
function tooManyRows(text: string): Fault | undefined {
  let rows = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) rows += 1;
  if (rows <= workloadLimits.bins + SPARE_LINES) return undefined;
  const message = 'is too long; use longer bins or a shorter trace';
  return { code: 'trace/long', path: '', message, allowed: `at most ${workloadLimits.bins} rows` };
}

/** Of faults that a file repeats row by row, the first ones and how many more there are. */
function fewOfEach(faults: readonly Fault[]): Fault[] {
  const counts = new Map<string, number>();
  const shown = faults.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= MOST_OF_EACH;
  });
  const more = [...counts].filter(([, count]) => count > MOST_OF_EACH);
  return [
    ...shown,
    ...more.map(([code, count]) => {
      const message = `has the same fault in ${numberText(count - MOST_OF_EACH)} more places`;
      return { code, path: '', message };
    }),
  ];
}

/** The place in the document is where the file is named; the place in the file goes into the sentence. */
function reportInFile(found: FaultList, at: (string | number)[], file: string, fault: Fault): void {
  const where = fault.position ? `${file}:${fault.position.line}:${fault.position.column}` : file;
  found.items.push({
    code: fault.code,
    path: pathText(found.root, at),
    pointer: at,
    message: fault.position ? `${where}: ${fault.message}` : `${where} ${fault.message}`,
    received: fault.received,
    allowed: fault.allowed,
  });
}

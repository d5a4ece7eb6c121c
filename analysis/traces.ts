/** Traces that a workload takes from a CSV file: which files, and the document with their counts put in. */
import { withTraceFile } from '#engine/workload/trace.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { Fault } from '#schema/errors.ts';
import { workloadSchema } from '#schema/workload.ts';
import { FaultList, type DocumentFault } from './document-fault.ts';
import { pathText } from './paths.ts';
import { parseAt } from './zod-faults.ts';

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
    const { profile, faults } = withTraceFile(arrivals, text);
    const at = ['workloads', index, 'arrivals', 'csv'];
    for (const fault of faults) reportInFile(found, [...at, 'path'], arrivals.csv.path, fault);
    if (faults.length > 0) return workload;
    return parseAt(found, workloadSchema, { ...workload, arrivals: profile }, ['workloads', index]) ?? workload;
  });
  return found.isEmpty ? { document: { ...document, workloads } } : { faults: found.items };
}

/** The place in the document is where the file is named; the place in the file goes into the sentence. */
function reportInFile(found: FaultList, at: (string | number)[], file: string, fault: Fault): void {
  const where = fault.position ? `${file}:${fault.position.line}:${fault.position.column}` : file;
  found.items.push({
    code: fault.code,
    path: pathText(found.root, at),
    pointer: at,
    message: `${where} ${fault.message}`,
    received: fault.received,
    allowed: fault.allowed,
  });
}

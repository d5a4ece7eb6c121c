/** The event log in words: of the report, or of what has come so far. */
import { renderLog } from '#analysis/report.ts';
import * as catalog from '#catalog/specs.ts';
import type { RunReport } from '#schema/result.ts';
import { type RunResults, useResultsPart } from './run-results.ts';

export type EventEntry = RunReport['log'][number];

const NONE: readonly EventEntry[] = [];
let wordedOf: unknown;
let worded: readonly EventEntry[] = NONE;

/** Sorted by time. The same list until there are other results. */
function eventsOf({ report, partial, document }: RunResults): readonly EventEntry[] {
  if (report !== undefined) return report.log;
  if (partial === undefined || document === undefined) return NONE;
  if (wordedOf !== partial) {
    wordedOf = partial;
    worded = renderLog(document, catalog, partial.log);
  }
  return worded;
}

export function useEvents(): readonly EventEntry[] {
  return useResultsPart(eventsOf);
}

/** The runs of this session, newest first: headline numbers only, for comparing before and after. Columns are not kept. */
import { create } from 'zustand';
import type { CaudalDocument } from '#schema/document.ts';
import type { RunReport } from '#schema/result.ts';
import { type RunSummary, summaryOf } from './run-summary.ts';

const MOST_KEPT = 50;

export interface RememberedRun extends RunSummary {
  readonly number: number;
  /** What was changed last before it. */
  readonly change: string;
  readonly document: CaudalDocument;
}

interface RunHistory {
  readonly runs: readonly RememberedRun[];
}

export const useRunHistory = create<RunHistory>(() => ({ runs: [] }));

/** `change`: what was changed last before it, as a menu says it. `note` stands in its place for a run from elsewhere. */
export function rememberRun(report: RunReport, document: CaudalDocument, change: string, note?: string): void {
  const { runs } = useRunHistory.getState();
  const [before] = runs;
  const isChanged = before !== undefined && before.document !== document;
  const run = {
    ...summaryOf(report),
    number: (before?.number ?? 0) + 1,
    change: note ?? (isChanged ? change : ''),
    document,
  };
  useRunHistory.setState({ runs: [run, ...runs].slice(0, MOST_KEPT) });
}

/** Another document: its runs are not compared with those of the one before. */
export function forgetRuns(): void {
  useRunHistory.setState({ runs: [] });
}

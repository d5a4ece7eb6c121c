/** The runs of this session, newest first: headline numbers only, for comparing before and after. Columns are not kept. */
import { create } from 'zustand';
import { useDocumentState } from '#renderer/state/document-store.ts';
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

export function rememberRun(report: RunReport, document: CaudalDocument): void {
  const { runs } = useRunHistory.getState();
  const change = runs.length === 0 ? '' : useDocumentState.getState().undoLabel;
  const run = { ...summaryOf(report), number: (runs[0]?.number ?? 0) + 1, change, document };
  useRunHistory.setState({ runs: [run, ...runs].slice(0, MOST_KEPT) });
}

/** Another document: its runs are not compared with those of the one before. */
export function forgetRuns(): void {
  useRunHistory.setState({ runs: [] });
}

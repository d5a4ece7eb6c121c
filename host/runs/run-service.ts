/** Runs a design and makes the report: worker, bill (with a second run where there are faults), advice, digest. */
import { createHash } from 'node:crypto';
import { hasOneOffFaults } from '#analysis/bill.ts';
import { clockText, endClockText } from '#analysis/calendar.ts';
import { dropReasonText } from '#analysis/messages.en.ts';
import { assembleReport, digestText, warningText } from '#analysis/report.ts';
import type { RateTable } from '#catalog/pricing/rates.ts';
import * as catalog from '#catalog/specs.ts';
import { ratesOf } from '#host/prices/stored-prices.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { RunReport } from '#schema/result.ts';
import type { RunOptions, RunOutput } from '#schema/worker-messages.ts';
import { type RunListener, startWorkerRun, type WorkerRun } from './worker-run.ts';

export interface FinishedRun {
  readonly report: RunReport;
  /** What the worker returned: raw result, columns of the limits. */
  readonly output: RunOutput;
  /** The run ended early; the report covers what had been simulated. */
  readonly cancelled: boolean;
}

/** A run under way, with its report to come. */
export interface StartedRun extends Omit<WorkerRun, 'finished'> {
  readonly finished: Promise<FinishedRun>;
}

export interface ServiceListener extends RunListener {
  /** The run itself is done; one without faults follows, for the cost of a month. */
  readonly onSecondRun?: () => void;
}

/** Seed, horizon, pre-roll and fidelity as the document states them. */
export function runOptionsOf({ run }: CaudalDocument): RunOptions {
  const { seed, horizonSeconds, preRollSeconds, fidelity } = run;
  return { seed, horizonSeconds, preRollSeconds, fidelity };
}

/** Starts a run of a valid, complete document with its traces inlined. */
export function startRun(
  document: CaudalDocument,
  listener: ServiceListener = {},
  special: Pick<RunOptions, 'quantumFactor'> = {},
): StartedRun {
  const options = { ...runOptionsOf(document), ...special };
  let current = startWorkerRun(document, options, listener);
  let isCancelled = false;
  const finish = async (): Promise<FinishedRun> => {
    const output = await current.finished;
    const { cancelled } = output.result;
    let usageWithoutFaults: RunOutput['result']['usage'] | undefined;
    if (hasOneOffFaults(document) && !cancelled && !isCancelled) {
      listener.onSecondRun?.();
      const { onProgress } = listener;
      current = startWorkerRun({ ...document, faults: [] }, options, onProgress === undefined ? {} : { onProgress });
      const calm = await current.finished;
      if (!calm.result.cancelled) usageWithoutFaults = calm.result.usage;
    }
    const rates = await ratesOf(document.account.region);
    return { report: reportOf(document, rates, output, usageWithoutFaults), output, cancelled };
  };
  return {
    pause: () => current.pause(),
    resume: () => current.resume(),
    cancel: () => {
      isCancelled = true;
      current.cancel();
    },
    finished: finish(),
  };
}

function reportOf(
  document: CaudalDocument,
  rates: RateTable,
  { result, limitColumns, measurement }: RunOutput,
  usageWithoutFaults: RunOutput['result']['usage'] | undefined,
): RunReport {
  const report = assembleReport({ document, catalog, rates, result, limitColumns, measurement, usageWithoutFaults });
  return { ...report, digest: sha256(digestText(report)) };
}

/** Simulated seconds of a design as its local clock shows them; `isEnd` for a time at which something ends. */
export function clockOf({ account }: CaudalDocument): (tSeconds: number, isEnd?: boolean) => string {
  return (tSeconds, isEnd = false) => (isEnd ? endClockText : clockText)(account, tSeconds);
}

/** The warnings of a report as sentences. */
export function warningTexts(report: Pick<RunReport, 'fidelity'>): readonly string[] {
  return report.fidelity.warnings.map(warningText);
}

/** Why records were lost, in words, and how many for each reason. */
export function dropReasonTexts({ ledger }: Pick<RunReport, 'ledger'>): readonly (readonly [string, number])[] {
  return Object.entries(ledger.droppedBy).map(([reason, count]) => [dropReasonText(reason), count]);
}

/** SHA-256, in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

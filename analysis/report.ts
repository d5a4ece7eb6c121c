/** From what a run returned to what a reader sees: the bill, objectives, advice, explanation and sentences added. */
import type { RateTable } from '#catalog/pricing/rates.ts';
import type { Messages } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { LogEntry, Measurement, RawResult, RunReport } from '#schema/result.ts';
import type { LimitColumns } from '#schema/worker-messages.ts';
import { adviseRun } from './advise.ts';
import { assumptionsOf } from './assumptions.ts';
import { billOf } from './bill.ts';
import { type Catalog, connectionOfEdge, nodesById } from './catalog.ts';
import { explainRun } from './explain.ts';
import { runMessages } from './messages.en.ts';
import { judgeObjectives } from './objectives.ts';
import { sentence } from './sentences.ts';
import { stableJson } from './stable-json.ts';

export interface ReportInput {
  readonly document: CaudalDocument;
  readonly catalog: Catalog;
  readonly rates: RateTable;
  readonly result: RawResult;
  readonly limitColumns: readonly LimitColumns[];
  readonly measurement: Measurement;
  /** Usage of the same run without one-off faults, where the document has such. */
  readonly usageWithoutFaults?: RawResult['usage'] | undefined;
}

/** A report that has no digest yet: the host computes it with `digestText`. */
export type UnsealedReport = Omit<RunReport, 'digest'>;

export function assembleReport(input: ReportInput): UnsealedReport {
  const { document, catalog, rates, result, measurement, limitColumns } = input;
  const { log, usage, logDropped, cancelled: _, limits, ...rest } = result;
  const { horizonSeconds } = result;
  const cost = billOf({
    document,
    catalog,
    rates,
    usage,
    usageWithoutFaults: input.usageWithoutFaults,
    horizonSeconds,
  });
  const advice = adviseRun(document, result, catalog);
  const warnings = [...rest.fidelity.warnings, ...(logDropped > 0 ? ['log/entries-dropped'] : [])];
  return {
    ...rest,
    fidelity: { ...rest.fidelity, warnings },
    measurement,
    cost,
    limits,
    bottlenecks: explainRun(limitColumns, limits, advice, horizonSeconds, (owner) =>
      document.edges.some(({ id }) => id === owner) ? `edges.${owner}` : `nodes.${owner}`,
    ),
    advice,
    assumptions: assumptionsOf(document, catalog, cost, rates),
    objectives: judgeObjectives(document.objectives, result, cost),
    log: renderLog(document, catalog, log),
  };
}

/** Log entries with their sentences. A connection's entries stand under the node where it counts: the code says whose they are. */
export function renderLog(document: CaudalDocument, catalog: Catalog, log: readonly LogEntry[]): RunReport['log'] {
  const messages = messagesOf(document, catalog);
  return log.map((entry) => ({ ...entry, text: sentence(messages, entry.code, entry.params) }));
}

/** A warning of `fidelity.warnings` as a sentence. */
export function warningText(code: string): string {
  return sentence(runMessages, code, {});
}

/** Sentences of everything the document uses; codes begin with the name of their component or connection. */
export function messagesOf(document: CaudalDocument, catalog: Catalog): Messages {
  const nodes = nodesById(document);
  const specs = [
    ...document.nodes.map(({ type }) => catalog.components.get(type)),
    ...document.edges.map((edge) => connectionOfEdge(catalog, nodes, edge)),
  ];
  return Object.assign({}, runMessages, ...new Set(specs.map((spec) => spec?.messages)));
}

/** A report as `--json` prints it: everything but the series. */
export function printedReport<T extends UnsealedReport>(report: T): T {
  const nodes = Object.fromEntries(
    Object.entries(report.nodes).map(([id, { series: _, ...node }]) => [id, { ...node }]),
  );
  return { ...report, nodes } as T;
}

/**
 * The text whose hash is the digest: the printed report without machine figures. Series are left out, so that a run in a
 * pool, which does not send them back, has the same digest.
 */
export function digestText(report: UnsealedReport): string {
  const { measurement: _, ...rest } = printedReport(report);
  return stableJson(rest);
}

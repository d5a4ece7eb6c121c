/** A measured run in the shape of a simulated one, so that it is saved, opened and shown as one. */
import { assembleReport, digestText } from '#analysis/report.ts';
import * as catalog from '#catalog/specs.ts';
import { sha256 } from '#host/runs/run-service.ts';
import { ratesOf } from '#host/prices/stored-prices.ts';
import type { KeptRun } from '#host/saved-runs/run-files.ts';
import { productVersion } from '#host/serve/product-version.ts';
import type { MeasuredPercentiles } from '#schema/deployment-measure.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { edgeRows, nodeRows } from '#schema/playback.ts';
import { emptyLedger, type MetricSummary, type NodeSeries, type RawResult, type SeriesData } from '#schema/result.ts';

/** `horizonSeconds`: simulated second at which the measurements end; `percentiles`: of metrics that CloudWatch has them of. */
export async function measuredRun(
  document: CaudalDocument,
  nodes: NodeSeries,
  horizonSeconds: number,
  percentiles: readonly MeasuredPercentiles[] = [],
): Promise<KeptRun> {
  const rates = await ratesOf(document.account.region);
  const result: RawResult = {
    scenario: document.name,
    seed: document.run.seed,
    horizonSeconds,
    preRollSeconds: 0,
    fidelity: { mode: 'exact', quantumSeconds: 0, warnings: [] },
    // CloudWatch counts no single records: the ledger of a measured run is empty.
    ledger: { ...emptyLedger, droppedBy: {}, duplicates: { made: 0, delivered: 0, removed: 0, inside: 0 } },
    nodes: Object.fromEntries(
      document.nodes.map(({ id, type }) => [
        id,
        {
          type,
          ledger: { ...emptyLedger, in: 0, out: 0 },
          metrics: summaries(
            nodes[id] ?? [],
            percentiles.filter(({ node }) => node === id),
          ),
          series: [...(nodes[id] ?? [])],
        },
      ]),
    ),
    edges: Object.fromEntries(document.edges.map(({ id }) => [id, { ...NO_TRAFFIC }])),
    paths: [],
    usage: {},
    limits: [],
    log: [],
    logDropped: 0,
    cancelled: false,
  };
  const report = assembleReport({
    // Objectives are judged by ledger, latency and bill, which were not measured.
    document: { ...document, objectives: [] },
    catalog,
    rates,
    result,
    limitColumns: [],
    measurement: { wallSeconds: horizonSeconds, events: 0, eventsPerSecond: 0, peakRssBytes: 0 },
  });
  const rows = document.nodes.length * nodeRows.length + document.edges.length * edgeRows.length;
  const bins = Math.max(1, Math.ceil(horizonSeconds / BIN_SECONDS));
  return {
    document,
    run: {
      report: { ...report, digest: sha256(digestText(report)) },
      playback: { binSeconds: BIN_SECONDS, fromBin: 0, bins, limitCount: 0, values: new Float32Array(rows * bins) },
      usage: {},
    },
    origin: { origin: 'measured', engineVersion: productVersion(), ratesDate: rates.date },
  };
}

const BIN_SECONDS = 60;
const NO_TRAFFIC = { records: 0, units: 0, requests: 0, bytes: 0, retried: 0, refused: 0, dropped: 0 };

function summaries(
  series: readonly SeriesData[],
  percentiles: readonly MeasuredPercentiles[],
): Record<string, MetricSummary> {
  return Object.fromEntries(
    series.map((one) => {
      const found = percentiles.find(({ metric }) => metric === one.metric);
      return [one.metric, { ...summaryOf(one), ...(found === undefined ? {} : { p50: found.p50, p99: found.p99 }) }];
    }),
  );
}

/** Counters have no largest values of their own: theirs are sums of a point. */
function summaryOf({ unit, values, maxima, stepSeconds }: SeriesData): MetricSummary {
  const known = values.filter((value) => !Number.isNaN(value));
  const sum = known.reduce((total, value) => total + value, 0);
  const peaks = (maxima ?? values).filter((value) => !Number.isNaN(value));
  const max = peaks.reduce((most, value) => Math.max(most, value), 0);
  const mean = known.length === 0 ? 0 : sum / known.length;
  return known.length === values.length && unit === 'Count' && maxima === undefined
    ? { unit, sum, mean: mean / stepSeconds, max: max / stepSeconds }
    : { unit, mean, max };
}

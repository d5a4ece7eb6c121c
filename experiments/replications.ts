/** Replications: the same design under seed, seed + 1, ..., with an interval for every number. */
import { assembleReport, type UnsealedReport } from '#analysis/report.ts';
import { hasOneOffFaults } from '#analysis/bill.ts';
import type { Catalog } from '#analysis/catalog.ts';
import type { RateTable } from '#catalog/pricing/rates.ts';
import { wilsonInterval } from '#engine/stats/intervals.ts';
import type { LimitSummary } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type {
  CostLine,
  EdgeResult,
  LatencySummary,
  Measurement,
  NodeResult,
  RunLedger,
  RunReport,
} from '#schema/result.ts';
import type { RunOptions } from '#schema/worker-messages.ts';
import type { RunPool } from './run-pool.ts';
import { mergeStats, rowsByKey, type Stat, statOf, type Stats } from './statistics.ts';

/** Share of the replications that must meet an objective for it to count as met. */
const neededPassShare = 0.95;

export interface ReplicatedObjective {
  readonly id: string;
  readonly unit: string;
  /** `null` where no replication could measure it. */
  readonly measured: Stat | null;
  readonly target: number;
  readonly passShare: number;
  /** 95 % Wilson interval of the pass share. */
  readonly interval: readonly [low: number, high: number];
  readonly n: number;
  readonly pass: boolean;
}

type CountedNumbers = 'quantity' | 'usdRun' | 'usdPerMonth';
type LimitNumbers = 'peakRatio' | 'refused' | 'waiting';

/** What `run --replications N --json` prints. Log, advice and bottlenecks are those of the first seed. */
export interface ReplicatedReport
  extends Pick<
    RunReport,
    | 'scenario'
    | 'seed'
    | 'horizonSeconds'
    | 'preRollSeconds'
    | 'fidelity'
    | 'bottlenecks'
    | 'advice'
    | 'assumptions'
    | 'log'
  > {
  readonly replications: number;
  readonly digest: string;
  readonly measurement: Measurement;
  readonly ledger: Stats<RunLedger>;
  readonly nodes: Record<string, { type: string } & Stats<Omit<NodeResult, 'type' | 'series'>>>;
  readonly edges: Record<string, Stats<EdgeResult>>;
  readonly paths: { source: string; sink: string; count: Stat; latencySeconds: Stats<LatencySummary> }[];
  readonly cost: {
    currency: 'USD';
    run: Stat;
    perMonth: Stat;
    lines: (Omit<CostLine, CountedNumbers> & Record<CountedNumbers, Stat>)[];
  };
  readonly limits: (Omit<LimitSummary, LimitNumbers | 'firstRefusedAt' | 'lastRefusedAt'> &
    Record<LimitNumbers, Stat>)[];
  readonly objectives: ReplicatedObjective[];
}

export type UnsealedReplicatedReport = Omit<ReplicatedReport, 'digest'>;

export interface ReplicationInput {
  /** Valid, complete, traces inlined. */
  readonly document: CaudalDocument;
  readonly options: RunOptions;
  readonly replications: number;
  readonly catalog: Catalog;
  readonly rates: RateTable;
  readonly pool: RunPool;
  /** Called after each replication with how many are done. */
  readonly onDone?: (done: number) => void;
}

/** Runs all replications. The result does not depend on the pool's size or on the order in which runs end. */
export async function replicate(input: ReplicationInput): Promise<UnsealedReplicatedReport> {
  const started = performance.now();
  let done = 0;
  const reports = await Promise.all(
    Array.from({ length: input.replications }, async (_, index) => {
      const report = await oneReplication(input, input.options.seed + index, index === 0);
      done += 1;
      input.onDone?.(done);
      return report;
    }),
  );
  return merge(reports, (performance.now() - started) / 1000);
}

async function oneReplication(input: ReplicationInput, seed: number, isFirst: boolean): Promise<UnsealedReport> {
  const { document, catalog, rates, pool } = input;
  const options = { ...input.options, seed };
  const [output, calm] = await Promise.all([
    pool.run({ document, options }),
    hasOneOffFaults(document) ? pool.run({ document: { ...document, faults: [] }, options }) : undefined,
  ]);
  const { result, limitColumns, measurement } = output;
  const usageWithoutFaults = calm?.result.usage;
  const report = assembleReport({ document, catalog, rates, result, limitColumns, measurement, usageWithoutFaults });
  return isFirst ? report : { ...report, log: [], advice: [], bottlenecks: [], assumptions: [] };
}

function merge(reports: readonly UnsealedReport[], wallSeconds: number): UnsealedReplicatedReport {
  const first = reports[0] as UnsealedReport;
  const warnings = [...new Set(reports.flatMap((report) => report.fidelity.warnings))].sort();
  const events = reports.reduce((sum, report) => sum + report.measurement.events, 0);
  return {
    scenario: first.scenario,
    seed: first.seed,
    replications: reports.length,
    horizonSeconds: first.horizonSeconds,
    preRollSeconds: first.preRollSeconds,
    fidelity: { ...first.fidelity, warnings },
    measurement: {
      wallSeconds,
      events,
      eventsPerSecond: events / wallSeconds,
      peakRssBytes: Math.max(...reports.map((report) => report.measurement.peakRssBytes)),
    },
    ledger: mergeStats(
      reports.map((report) => report.ledger),
      true,
    ),
    nodes: mergeNodes(reports),
    edges: mergeStats(
      reports.map((report) => report.edges),
      true,
    ),
    paths: mergePaths(reports),
    cost: mergeCost(reports),
    limits: mergeLimits(reports),
    bottlenecks: first.bottlenecks,
    advice: first.advice,
    assumptions: first.assumptions,
    objectives: mergeObjectives(reports),
    log: first.log,
  };
}

function mergeNodes(reports: readonly UnsealedReport[]): ReplicatedReport['nodes'] {
  const ids = Object.keys(reports[0]?.nodes ?? {});
  return Object.fromEntries(
    ids.map((id) => {
      const own = reports.flatMap(({ nodes }) => nodes[id] ?? []);
      const numbers = own.map(({ type: _, series: __, ...node }) => node);
      return [id, { type: own[0]?.type ?? '', ...mergeStats(numbers) }];
    }),
  );
}

/** Deliveries that one replication lacks count as none; latencies are averaged over those that have any. */
function mergePaths(reports: readonly UnsealedReport[]): ReplicatedReport['paths'] {
  const rows = rowsByKey(
    reports.map(({ paths }) => paths),
    ({ source, sink }) => `${source}\0${sink}`,
  );
  return [...rows.values()].flatMap((own) => {
    const [row] = own;
    if (row === undefined) return [];
    const count = statOf(
      padded(
        own.map((path) => path.count),
        reports.length,
      ),
    );
    const latencySeconds = mergeStats(own.map((path) => path.latencySeconds));
    return [{ source: row.source, sink: row.sink, count, latencySeconds }];
  });
}

function mergeCost(reports: readonly UnsealedReport[]): ReplicatedReport['cost'] {
  const n = reports.length;
  const keyOf = ({ node, dimension, rateId }: CostLine): string => `${node}\0${dimension}\0${rateId}`;
  const rows = rowsByKey(
    reports.map(({ cost }) => cost.lines),
    keyOf,
  );
  const over = (own: readonly CostLine[], name: CountedNumbers): Stat =>
    statOf(
      padded(
        own.map((line) => line[name]),
        n,
      ),
    );
  const lines = [...rows.values()].flatMap((own) => {
    const [line] = own;
    if (line === undefined) return [];
    return [
      { ...line, quantity: over(own, 'quantity'), usdRun: over(own, 'usdRun'), usdPerMonth: over(own, 'usdPerMonth') },
    ];
  });
  return {
    currency: 'USD',
    run: statOf(reports.map(({ cost }) => cost.run)),
    perMonth: statOf(reports.map(({ cost }) => cost.perMonth)),
    lines,
  };
}

function mergeLimits(reports: readonly UnsealedReport[]): ReplicatedReport['limits'] {
  const n = reports.length;
  const rows = rowsByKey(
    reports.map(({ limits }) => limits),
    ({ node, id }) => `${node ?? ''}\0${id}`,
  );
  return [...rows.values()].flatMap((own) => {
    const [limit] = own;
    if (limit === undefined) return [];
    const { firstRefusedAt: _, lastRefusedAt: __, ...rest } = limit;
    const over = (name: LimitNumbers): Stat =>
      statOf(
        padded(
          own.map((row) => row[name]),
          n,
        ),
      );
    return [{ ...rest, peakRatio: over('peakRatio'), refused: over('refused'), waiting: over('waiting') }];
  });
}

function mergeObjectives(reports: readonly UnsealedReport[]): ReplicatedObjective[] {
  const first = reports[0]?.objectives ?? [];
  return first.map(({ id, unit, target }, index) => {
    const own = reports.flatMap(({ objectives }) => objectives[index] ?? []);
    const values = own.flatMap(({ measured }) => (measured === null ? [] : [measured]));
    const passed = own.filter(({ pass }) => pass).length;
    const { share, low, high } = wilsonInterval(passed, own.length, 0.95);
    return {
      id,
      unit,
      measured: values.length === 0 ? null : statOf(values),
      target,
      passShare: share,
      interval: [low, high] as const,
      n: own.length,
      pass: share >= neededPassShare,
    };
  });
}

function padded(values: readonly number[], n: number): readonly number[] {
  return [...values, ...Array.from({ length: n - values.length }, () => 0)];
}

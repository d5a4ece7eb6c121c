/** What a run returns: plain data, with series as typed arrays. `--json` prints it without the series. */
import type { Evidence, LimitSummary, LogParams, PatchStep } from './component.ts';

export interface LedgerTotals {
  carriedIn: number;
  created: number;
  copied: number;
  replayed: number;
  emitted: number;
  delivered: number;
  filtered: number;
  absorbed: number;
  dropped: number;
  deadLettered: number;
  expired: number;
  inside: number;
}

/** Of what nothing was counted. */
export const emptyLedger: Readonly<LedgerTotals> = {
  carriedIn: 0,
  created: 0,
  copied: 0,
  replayed: 0,
  emitted: 0,
  delivered: 0,
  filtered: 0,
  absorbed: 0,
  dropped: 0,
  deadLettered: 0,
  expired: 0,
  inside: 0,
};

export interface NodeLedger extends LedgerTotals {
  in: number;
  out: number;
}

export interface DuplicateTotals {
  made: number;
  delivered: number;
  removed: number;
  inside: number;
}

export interface RunLedger extends LedgerTotals {
  droppedBy: Record<string, number>;
  duplicates: DuplicateTotals;
}

export interface MetricSummary {
  unit: string;
  /** Sum over the horizon (counters). */
  sum?: number;
  /** Counters: per second; gauges: time-weighted; samples: arithmetic. */
  mean: number;
  /** Counters: largest rate per second over one point of the series; gauges and samples: largest value. */
  max: number;
  p50?: number;
  p99?: number;
}

/** One series: value `i` covers `[startSeconds + i * stepSeconds, + stepSeconds)`. */
export interface SeriesData {
  metric: string;
  unit: string;
  startSeconds: number;
  stepSeconds: number;
  values: Float64Array;
  /** Largest value within each point, where it differs from the mean (gauges, samples). */
  maxima?: Float64Array;
}

/** Series of each node, by its id. */
export type NodeSeries = Readonly<Record<string, readonly SeriesData[]>>;

export interface NodeResult {
  type: string;
  ledger: NodeLedger;
  /** Records delivered here once more than they should have been. */
  duplicatesDelivered?: number;
  metrics: Record<string, MetricSummary>;
  series: SeriesData[];
}

export interface EdgeResult {
  records: number;
  units: number;
  requests: number;
  bytes: number;
  retried: number;
  refused: number;
  dropped: number;
}

export interface LatencySummary {
  mean: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  p999: number;
  max: number;
}

export interface PathResult {
  source: string;
  sink: string;
  count: number;
  latencySeconds: LatencySummary;
}

export interface LogEntry {
  /** Simulated seconds. */
  t: number;
  node: string | null;
  level: 'info' | 'warning' | 'error';
  code: string;
  params: LogParams;
}

/** A value the run used that AWS does not document. */
export interface Assumption {
  path: string;
  value: unknown;
  kind: 'measured' | 'guess';
  source: string;
}

/** What the worker returns, before bill, objectives, advice and sentences are added. */
export interface RawResult {
  scenario: string;
  seed: number;
  horizonSeconds: number;
  preRollSeconds: number;
  fidelity: { mode: 'auto' | 'exact'; quantumSeconds: number; warnings: string[] };
  ledger: RunLedger;
  nodes: Record<string, NodeResult>;
  edges: Record<string, EdgeResult>;
  paths: PathResult[];
  /** Billable quantities by node or edge id, then usage id. */
  usage: Record<string, Record<string, number>>;
  limits: LimitSummary[];
  log: LogEntry[];
  /** Log entries beyond the memory bound, by code. */
  logDropped: number;
  cancelled: boolean;
}

export interface Measurement {
  wallSeconds: number;
  events: number;
  eventsPerSecond: number;
  peakRssBytes: number;
}

export interface CostLine {
  node: string;
  dimension: string;
  quantity: number;
  unit: string;
  usdRun: number;
  usdPerMonth: number;
  rateId: string;
  rateDate: string;
  confidence: string;
}

export interface CostResult {
  currency: 'USD';
  run: number;
  perMonth: number;
  lines: CostLine[];
}

export interface ObjectiveResult {
  id: string;
  unit: string;
  measured: number | null;
  target: number;
  pass: boolean;
  /** Target minus measured, in the unit. */
  margin: number | null;
}

export interface AdviceResult {
  code: string;
  severity: 'info' | 'warning' | 'critical';
  node: string;
  text: string;
  params: LogParams;
  evidence: readonly Evidence[];
  patch: readonly PatchStep[];
}

/** A sentence before it has words: its owner's messages have them under the code. */
export interface Told {
  readonly code: string;
  readonly params: LogParams;
}

export interface Bottleneck {
  t0: number;
  t1: number;
  node: string;
  limit: string;
  text: string;
  /** What `text` says, as codes: what happened at the limit, then what would move it. Not in runs saved in format 1. */
  cause?: Told;
  remedies?: readonly Told[];
}

/** The object that `caudal run --json` prints. */
export interface RunReport extends Omit<RawResult, 'log' | 'usage' | 'logDropped' | 'cancelled' | 'limits'> {
  digest: string;
  measurement: Measurement;
  cost: CostResult;
  limits: LimitSummary[];
  bottlenecks: Bottleneck[];
  advice: AdviceResult[];
  assumptions: Assumption[];
  objectives: ObjectiveResult[];
  log: (LogEntry & { text: string })[];
}

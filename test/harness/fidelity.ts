/** Runs documents in both fidelities, seed by seed, and sets what a reader looks at side by side. */
import { billOf } from '#analysis/bill.ts';
import { components, connections } from '#catalog/specs.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import { meanInterval } from '#engine/stats/intervals.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { RawResult } from '#schema/result.ts';
import { runDocument } from './scenario.ts';

const catalog = { components, connections };

/** How far `auto` may be from `exact`, as a share of the exact value: design budgets of the aggregated fidelity. */
const allowances = { throughput: 0.005, cost: 0.005, loss: 0.005, latency: 0.05, count: 0.05, metric: 0.05 } as const;

export type Kind = keyof typeof allowances;

/** Numbers whose interval must itself be narrower than what is allowed, or is called too wide. */
const strict: ReadonlySet<Kind> = new Set(['throughput', 'cost', 'loss']);

/** Confidence of the intervals of metrics: there are so many that some would be apart by chance at less. */
const METRIC_CONFIDENCE = 0.999;

export interface Headline {
  readonly number: string;
  readonly kind: Kind;
  readonly value: number;
}

/** One number in both fidelities: means over the pairs, and the interval of the mean difference. */
export interface Comparison {
  readonly number: string;
  readonly kind: Kind;
  readonly exact: number;
  readonly auto: number;
  /** auto - exact, and half the width of its paired interval. */
  readonly difference: number;
  readonly halfWidth: number;
  /**
   * `within`: the difference is within what is allowed; `chance`: it is not, but the interval holds 0; `apart`: neither.
   */
  readonly verdict: 'within' | 'chance' | 'apart';
  /** Throughput, loss or cost whose interval is wider than what is allowed: a difference of that size would not be seen. */
  readonly isWide: boolean;
  /** The difference as a share of the larger of what is allowed and the half-width: above 1 is apart. */
  readonly use: number;
}

/** What a run shows first: what arrived where, what was lost, what it costs, how long it took, what was refused; and every metric. */
export function headlinesOf(document: CaudalDocument, result: RawResult): readonly Headline[] {
  const { ledger, nodes, paths, usage, horizonSeconds } = result;
  const cost = billOf({ document, catalog, rates: rateTable(document.account.region), usage, horizonSeconds });
  const found: Headline[] = [{ number: 'records lost', kind: 'loss', value: ledger.dropped + ledger.expired }];
  const add = (number: string, kind: Kind, value: number): void => void found.push({ number, kind, value });
  if (ledger.deadLettered > 0) add('records dead-lettered', 'loss', ledger.deadLettered);
  add('duplicates delivered', 'count', ledger.duplicates.delivered);
  for (const [id, node] of Object.entries(nodes)) {
    if (node.ledger.delivered > 0) add(`delivered at ${id}`, 'throughput', node.ledger.delivered);
    for (const [metric, { sum, mean, p99 }] of Object.entries(node.metrics)) {
      if (sum !== undefined) add(`${metric} of ${id}`, counted.has(metric) ? 'count' : 'metric', sum);
      else add(`mean ${metric} of ${id}`, 'metric', mean);
      if (p99 !== undefined) add(`p99 ${metric} of ${id}`, 'metric', p99);
    }
  }
  for (const { source, sink, latencySeconds } of paths) {
    add(`p50 seconds ${source} to ${sink}`, 'latency', latencySeconds.p50);
    add(`p99 seconds ${source} to ${sink}`, 'latency', latencySeconds.p99);
  }
  add('USD a month', 'cost', cost.perMonth);
  return found;
}

/** Cold starts, refusals and what follows from them. */
const counted = new Set(['ColdStarts', 'Throttles', 'Errors', 'Invocations', 'WriteProvisionedThroughputExceeded']);

export interface Thoroughness {
  /** Pairs to begin with, and the most that are run while some number is apart. */
  readonly least: number;
  readonly most: number;
  /** Of the intervals of headline numbers. */
  readonly confidence: number;
  /** More pairs are also run while an interval is too wide. */
  readonly narrows: boolean;
}

export interface Compared {
  readonly pairs: number;
  readonly comparisons: readonly Comparison[];
}

/** Values of one number by seed. */
interface Columns {
  readonly kind: Kind;
  readonly exact: number[];
  readonly auto: number[];
}

/**
 * Runs seeds 1, 2 ... in both fidelities and compares the numbers: `least` pairs, and as many again while that is of use and there
 * are no more than `most`.
 */
export function compareFidelities(document: CaudalDocument, thoroughness: Thoroughness): Compared {
  const { least, most, confidence, narrows } = thoroughness;
  const columns = new Map<string, Columns>();
  for (let pairs = 0; ; ) {
    for (const end = pairs + least; pairs < end; pairs++) addPair(columns, document, pairs);
    const comparisons = [...columns].map(([number, one]) => compared(number, one, pairs, confidence));
    const isOpen = comparisons.some(({ verdict, isWide }) => verdict === 'apart' || (narrows && isWide));
    if (!isOpen || pairs + least > most) return { pairs, comparisons };
  }
}

function addPair(columns: Map<string, Columns>, document: CaudalDocument, pair: number): void {
  for (const fidelity of ['exact', 'auto'] as const) {
    const { result } = runDocument(document, { seed: pair + 1, fidelity });
    for (const { number, kind, value } of headlinesOf(document, result)) {
      let one = columns.get(number);
      if (one === undefined) columns.set(number, (one = { kind, exact: [], auto: [] }));
      one[fidelity][pair] = value;
    }
  }
}

function compared(number: string, { kind, exact, auto }: Columns, pairs: number, ofHeadlines: number): Comparison {
  // What a run does not show is nothing: no dead letters, no record on a path.
  const valuesOf = (values: readonly number[]): number[] => Array.from({ length: pairs }, (_, i) => values[i] ?? 0);
  const [exactly, automatically] = [valuesOf(exact), valuesOf(auto)];
  const differences = automatically.map((value, i) => value - exactly[i]!);
  const confidence = kind === 'metric' ? METRIC_CONFIDENCE : ofHeadlines;
  const { mean: difference, halfWidth } = meanInterval(differences, confidence);
  const means = { exact: mean(exactly), auto: mean(automatically) };
  const allowed = allowances[kind] * means.exact;
  const reach = Math.max(allowed, halfWidth);
  const size = Math.abs(difference);
  const verdict = size <= allowed ? 'within' : size <= halfWidth ? 'chance' : 'apart';
  const isWide = strict.has(kind) && halfWidth > allowed;
  return { number, kind, ...means, difference, halfWidth, verdict, isWide, use: size === 0 ? 0 : size / reach };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

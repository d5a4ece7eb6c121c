/** Runs documents in both fidelities, seed by seed, and sets what a reader looks at side by side. */
import { billOf } from '#analysis/bill.ts';
import { components, connections } from '#catalog/specs.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import { meanInterval } from '#engine/stats/intervals.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { RawResult } from '#schema/result.ts';
import { runDocument } from './scenario.ts';

const catalog = { components, connections };
const CONFIDENCE = 0.95;

/** How far `auto` may be from `exact`, as a share of the exact value: design budgets of the aggregated fidelity. */
const allowances = { throughput: 0.005, cost: 0.005, loss: 0.005, latency: 0.05, count: 0.05 } as const;

export type Kind = keyof typeof allowances;

export interface Headline {
  readonly number: string;
  readonly kind: Kind;
  readonly value: number;
}

/** One number in both fidelities: means over the pairs, and the interval of the mean difference. */
export interface Comparison {
  readonly number: string;
  readonly exact: number;
  readonly auto: number;
  /** auto - exact, and half the width of its paired 95 % interval. */
  readonly difference: number;
  readonly halfWidth: number;
  /**
   * `within`: the difference is within what is allowed; `chance`: it is not, but the interval holds 0; `apart`: neither.
   */
  readonly verdict: 'within' | 'chance' | 'apart';
  /** The difference as a share of the larger of what is allowed and the half-width: above 1 is apart. */
  readonly use: number;
}

/** What a run shows first: what arrived where, what was lost, what it costs, how long it took, and what was refused. */
export function headlinesOf(document: CaudalDocument, result: RawResult): readonly Headline[] {
  const { ledger, nodes, paths, usage, horizonSeconds } = result;
  const cost = billOf({ document, catalog, rates: rateTable(document.account.region), usage, horizonSeconds });
  const found: Headline[] = [{ number: 'records lost', kind: 'loss', value: ledger.dropped + ledger.expired }];
  const add = (number: string, kind: Kind, value: number): void => void found.push({ number, kind, value });
  if (ledger.deadLettered > 0) add('records dead-lettered', 'loss', ledger.deadLettered);
  add('duplicates delivered', 'count', ledger.duplicates.delivered);
  for (const [id, node] of Object.entries(nodes)) {
    if (node.ledger.delivered > 0) add(`delivered at ${id}`, 'throughput', node.ledger.delivered);
    for (const [metric, { sum }] of Object.entries(node.metrics)) {
      if (counted.has(metric) && sum !== undefined) add(`${metric} of ${id}`, 'count', sum);
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

/** Runs seeds 1..n in both fidelities and compares the headline numbers. */
export function compareFidelities(document: CaudalDocument, n: number): readonly Comparison[] {
  return compareRuns(document, n, headlinesOf);
}

/** As `compareFidelities`, of whatever `measure` reads. */
export function compareRuns(
  document: CaudalDocument,
  n: number,
  measure: (document: CaudalDocument, result: RawResult) => readonly Headline[],
): readonly Comparison[] {
  const pairs = new Map<string, { kind: Kind; exact: number[]; auto: number[] }>();
  for (let seed = 1; seed <= n; seed++) {
    for (const fidelity of ['exact', 'auto'] as const) {
      for (const { number, kind, value } of measure(document, runDocument(document, { seed, fidelity }).result)) {
        let pair = pairs.get(number);
        if (pair === undefined) {
          pair = { kind, exact: Array.from({ length: n }, () => 0), auto: Array.from({ length: n }, () => 0) };
          pairs.set(number, pair);
        }
        pair[fidelity][seed - 1] = value;
      }
    }
  }
  return [...pairs].map(([number, { kind, exact, auto }]) => compared(number, kind, exact, auto));
}

function compared(number: string, kind: Kind, exact: readonly number[], auto: readonly number[]): Comparison {
  const differences = auto.map((value, i) => value - exact[i]!);
  const { mean: difference, halfWidth } = meanInterval(differences, CONFIDENCE);
  const means = { exact: mean(exact), auto: mean(auto) };
  const allowed = allowances[kind] * means.exact;
  const reach = Math.max(allowed, halfWidth);
  const size = Math.abs(difference);
  const verdict = size <= allowed ? 'within' : size <= halfWidth ? 'chance' : 'apart';
  return { number, ...means, difference, halfWidth, verdict, use: size === 0 ? 0 : size / reach };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

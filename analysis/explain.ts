/**
 * The bottleneck at each moment: of all limits the one that refuses most, else the one nearest to its capacity once it is
 * at least 80 % used (on average over the moment where that is known: a lone server is full whenever it works). Neighbouring bins with the same answer become one interval, with its cause and what would move it.
 */
import type { LimitSummary } from '#schema/component.ts';
import type { AdviceResult, Bottleneck } from '#schema/result.ts';
import type { LimitColumns } from '#schema/worker-messages.ts';
import { runMessages } from './messages.en.ts';
import { numberText, percentText } from './numbers.ts';
import { sentence } from './sentences.ts';

/** Share of a capacity from which a limit counts as binding. Queues lengthen steeply above it. */
const BINDING_RATIO = 0.8;
/** Bins without a bottleneck that are bridged between two intervals of the same limit. */
const BRIDGED_BINS = 1;
/** Most intervals that are told; of more, the longest are kept. */
const MOST_INTERVALS = 200;

interface Interval {
  readonly column: LimitColumns;
  readonly from: number;
  to: number;
  ratio: number;
  refused: number;
}

/** What explains a run. `advice` supplies what would move a limit; `columns` and `limits` share ids. */
export function explainRun(
  columns: readonly LimitColumns[],
  limits: readonly LimitSummary[],
  advice: readonly AdviceResult[],
  horizonSeconds: number,
): Bottleneck[] {
  const summaries = new Map(limits.map((limit) => [keyOf(limit.node, limit.id), limit]));
  return longest(intervalsOf(columns)).flatMap((interval) => {
    const { column } = interval;
    const limit = summaries.get(keyOf(column.node, column.id));
    const t0 = interval.from * column.binSeconds;
    if (limit === undefined || t0 >= horizonSeconds) return [];
    const t1 = Math.min(horizonSeconds, (interval.to + 1) * column.binSeconds);
    const text = `${causeText(interval, limit)}; ${remedyText(limit, advice)}`;
    return [{ t0, t1, node: column.node ?? 'account', limit: column.id, text }];
  });
}

function intervalsOf(columns: readonly LimitColumns[]): Interval[] {
  const bins = columns.reduce((most, column) => Math.max(most, column.ratios.length), 0);
  const intervals: Interval[] = [];
  for (let bin = 0; bin < bins; bin += 1) {
    const column = bindingAt(columns, bin);
    if (column === undefined) continue;
    const last = intervals.at(-1);
    const ratio = column.ratios[bin] ?? 0;
    const refused = column.refusals[bin] ?? 0;
    if (last?.column === column && bin - last.to <= BRIDGED_BINS + 1) {
      last.to = bin;
      last.ratio = Math.max(last.ratio, ratio);
      last.refused += refused;
    } else intervals.push({ column, from: bin, to: bin, ratio, refused });
  }
  return intervals;
}

function bindingAt(columns: readonly LimitColumns[], bin: number): LimitColumns | undefined {
  let best: LimitColumns | undefined;
  let bestRefused = 0;
  let bestRatio = BINDING_RATIO;
  for (const column of columns) {
    const refused = column.refusals[bin] ?? 0;
    const ratio = (column.means ?? column.ratios)[bin] ?? 0;
    const isWorse =
      refused > bestRefused || (refused === bestRefused && (best ? ratio > bestRatio : ratio >= bestRatio));
    if (!isWorse || (refused === 0 && ratio < BINDING_RATIO)) continue;
    best = column;
    bestRefused = refused;
    bestRatio = ratio;
  }
  return best;
}

function longest(intervals: Interval[]): Interval[] {
  if (intervals.length <= MOST_INTERVALS) return intervals;
  const weight = (interval: Interval): number => interval.to - interval.from + (interval.refused > 0 ? 0.5 : 0);
  const kept = new Set([...intervals].sort((a, b) => weight(b) - weight(a)).slice(0, MOST_INTERVALS));
  return intervals.filter((interval) => kept.has(interval));
}

function causeText({ ratio, refused }: Interval, { name, capacity, unit }: LimitSummary): string {
  return sentence(runMessages, refused > 0 ? 'bottleneck/refused' : 'bottleneck/near', {
    name,
    unit,
    ratio: percentText(ratio),
    capacity: numberText(capacity),
    refused: numberText(refused),
  });
}

/** What advice would change because of this very limit, or what its kind allows. */
function remedyText(limit: LimitSummary, advice: readonly AdviceResult[]): string {
  const finding = advice.find(
    ({ patch, evidence, node }) =>
      patch.length > 0 &&
      (limit.node === null || node === limit.node) &&
      evidence.some((proof) => proof.limit === limit.id),
  );
  if (finding === undefined) return sentence(runMessages, limit.raisable ? 'remedy/raisable' : 'remedy/fixed', {});
  const changes = finding.patch.map(({ path, from, to }) => `${path} ${shown(from)} -> ${shown(to)}`).join(', ');
  return sentence(runMessages, 'remedy/patch', { changes });
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}

function keyOf(node: string | null, id: string): string {
  return `${node ?? ''}\0${id}`;
}

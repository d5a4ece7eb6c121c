/**
 * The bottleneck at each moment: of all limits the one that refuses most, else the one nearest to its capacity once it is
 * used to at least 80 % over the moment, on average: a lone server is full whenever it works, and a pool that is busy for an
 * instant holds nothing back. Limits that are alike (one for each shard) count as one. Neighbouring moments with the same
 * answer become one interval, with its cause and what would move it.
 */
import type { LimitSummary } from '#schema/component.ts';
import type { AdviceResult, Bottleneck, Told } from '#schema/result.ts';
import type { LimitColumns } from '#schema/worker-messages.ts';
import { runMessages } from './messages.en.ts';
import { amountText, percentText } from './numbers.ts';
import { sentence } from './sentences.ts';

/** Mean share of a capacity from which a limit counts as binding. Queues lengthen steeply above it. */
const BINDING_RATIO = 0.8;
/** Shortest moment that is judged, seconds: use that ends sooner is not sustained. */
const MOMENT_SECONDS = 10;
/** A short run still has this many moments. */
const FEWEST_MOMENTS = 6;
/** Moments without a bottleneck that are bridged between two intervals of the same limit. */
const BRIDGED_MOMENTS = 1;
/** Most intervals that are told; of more, the longest are kept. */
const MOST_INTERVALS = 200;

/** Where the settings of a limit's owner stand, such as `nodes.clicks` or `edges.poll`. */
export type PlaceOf = (owner: string) => string;

/** Limits that are alike: one name, one owner. */
interface Family {
  readonly limit: LimitSummary;
  readonly members: readonly LimitColumns[];
}

/** One moment of a family. */
interface Moment {
  readonly mean: number;
  readonly refused: number;
  /** Ids of the members that refused or were used to the binding share. */
  readonly bound: readonly string[];
}

interface Interval {
  readonly family: Family;
  readonly from: number;
  to: number;
  mean: number;
  refused: number;
  readonly bound: Set<string>;
}

/** What explains a run. `advice` supplies what would move a limit; `columns` and `limits` share ids. */
export function explainRun(
  columns: readonly LimitColumns[],
  limits: readonly LimitSummary[],
  advice: readonly AdviceResult[],
  horizonSeconds: number,
  placeOf: PlaceOf = (owner) => `nodes.${owner}`,
): Bottleneck[] {
  const binSeconds = columns[0]?.binSeconds ?? 1;
  const wanted = Math.min(MOMENT_SECONDS, horizonSeconds / FEWEST_MOMENTS);
  const binsPerMoment = Math.max(1, Math.ceil(wanted / binSeconds));
  const momentSeconds = binsPerMoment * binSeconds;
  return longest(intervalsOf(familiesOf(columns, limits), binsPerMoment)).flatMap((interval) => {
    const { limit } = interval.family;
    const t0 = interval.from * momentSeconds;
    if (t0 >= horizonSeconds) return [];
    const t1 = Math.min(horizonSeconds, (interval.to + 1) * momentSeconds);
    const cause = causeOf(interval);
    const remedies = remediesOf(interval.family, advice, placeOf);
    const text = `${words(cause)}; ${remedies.map(words).join(', ')}`;
    const [id = limit.id] = interval.bound;
    return [{ t0, t1, node: limit.node ?? 'account', limit: id, text, cause, remedies }];
  });
}

function words({ code, params }: Told): string {
  return sentence(runMessages, code, params);
}

function familiesOf(columns: readonly LimitColumns[], limits: readonly LimitSummary[]): Family[] {
  const summaries = new Map(limits.map((limit) => [keyOf(limit.node, limit.id), limit]));
  const families = new Map<string, { limit: LimitSummary; members: LimitColumns[] }>();
  for (const column of columns) {
    const limit = summaries.get(keyOf(column.node, column.id));
    if (limit === undefined) continue;
    const key = keyOf(limit.node, limit.name);
    const family = families.get(key);
    if (family === undefined) families.set(key, { limit, members: [column] });
    else family.members.push(column);
  }
  return [...families.values()];
}

function intervalsOf(families: readonly Family[], binsPerMoment: number): Interval[] {
  const bins = families.reduce((most, { members }) => Math.max(most, members[0]?.ratios.length ?? 0), 0);
  const intervals: Interval[] = [];
  for (let moment = 0; moment * binsPerMoment < bins; moment += 1) {
    const binding = bindingAt(families, moment * binsPerMoment, binsPerMoment);
    if (binding === undefined) continue;
    const { family, mean, refused, bound } = binding;
    const last = intervals.at(-1);
    if (last?.family === family && moment - last.to <= BRIDGED_MOMENTS + 1) {
      last.to = moment;
      last.mean = Math.max(last.mean, mean);
      last.refused += refused;
      for (const id of bound) last.bound.add(id);
    } else intervals.push({ family, from: moment, to: moment, mean, refused, bound: new Set(bound) });
  }
  return intervals;
}

function bindingAt(
  families: readonly Family[],
  from: number,
  bins: number,
): (Moment & { readonly family: Family }) | undefined {
  let best: (Moment & { readonly family: Family }) | undefined;
  for (const family of families) {
    const moment = momentOf(family, from, bins);
    if (moment.refused === 0 && moment.mean < BINDING_RATIO) continue;
    const isWorse =
      best === undefined ||
      moment.refused > best.refused ||
      (moment.refused === best.refused && moment.mean > best.mean);
    if (isWorse) best = { ...moment, family };
  }
  return best;
}

function momentOf({ members }: Family, from: number, bins: number): Moment {
  let worst = 0;
  let refusedByAll = 0;
  const bound: string[] = [];
  for (const column of members) {
    const used = column.means ?? column.ratios;
    const end = Math.min(from + bins, used.length);
    let sum = 0;
    let refused = 0;
    for (let bin = from; bin < end; bin += 1) {
      sum += used[bin] ?? 0;
      refused += column.refusals[bin] ?? 0;
    }
    const mean = end > from ? sum / (end - from) : 0;
    if (refused > 0 || mean >= BINDING_RATIO) bound.push(column.id);
    worst = Math.max(worst, mean);
    refusedByAll += refused;
  }
  return { mean: worst, refused: refusedByAll, bound };
}

function longest(intervals: Interval[]): Interval[] {
  if (intervals.length <= MOST_INTERVALS) return intervals;
  const weight = (interval: Interval): number => interval.to - interval.from + (interval.refused > 0 ? 0.5 : 0);
  const kept = new Set([...intervals].sort((a, b) => weight(b) - weight(a)).slice(0, MOST_INTERVALS));
  return intervals.filter((interval) => kept.has(interval));
}

function causeOf({ mean, refused, bound, family: { limit, members } }: Interval): Told {
  const alike = members.length > 1 ? ` (${bound.size} of ${members.length})` : '';
  const name = `${limit.name}${alike}`;
  const capacity = amountText(limit.capacity, limit.unit);
  if (refused > 0) return { code: 'bottleneck/refused', params: { name, capacity, refused } };
  return { code: 'bottleneck/near', params: { name, capacity, ratio: percentText(mean) } };
}

/** What advice would change because of this very limit, else the setting that it is, else what its kind allows. */
function remediesOf({ limit, members }: Family, advice: readonly AdviceResult[], placeOf: PlaceOf): readonly Told[] {
  const ids = new Set(members.map(({ id }) => id));
  const findings = advice.filter(
    ({ evidence, node }) =>
      (limit.node === null || node === limit.node) &&
      evidence.some((proof) => proof.limit !== undefined && ids.has(proof.limit)),
  );
  const finding = findings.find(({ patch }) => patch.length > 0);
  if (finding !== undefined) {
    return finding.patch.map(({ path, from, to }, index) => ({
      code: index === 0 ? 'remedy/patch' : 'remedy/patch-more',
      params: { path, from: shown(from), to: shown(to) },
    }));
  }
  if (findings.length > 0) return [{ code: 'remedy/advice', params: {} }];
  if (limit.node !== null && limit.source.startsWith('config.')) {
    return [{ code: 'remedy/setting', params: { path: `${placeOf(limit.node)}.${limit.source}` } }];
  }
  return [{ code: limit.raisable ? 'remedy/raisable' : 'remedy/fixed', params: {} }];
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}

function keyOf(node: string | null, id: string): string {
  return `${node ?? ''}\0${id}`;
}

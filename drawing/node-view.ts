/** How a node card looks during and after a run. Knows no component: what fills a face is declared with the component. */
import type { ComponentSpec, LimitSummary } from '#schema/component.ts';
import type { NodeResult, SeriesData } from '#schema/result.ts';
import { sparkSize } from './node-card.ts';
import { countText, rateText, shareText, shortText } from './quantities.ts';
import { type Shown, shownSeconds } from './run-sample.ts';
import { sparkPath } from './spark-path.ts';

/**
 * Idle: no result. Near: a limit held something up, or refused a little. Failing: it refused a share worth noting, or
 * records were lost.
 */
export type NodeState = 'idle' | 'running' | 'near' | 'failing';

export interface Badge {
  readonly kind: 'throttled' | 'lost' | 'deadLettered' | 'backlog';
  readonly text: string;
  readonly words: string;
}

/** One bar of a face, 0..1 filled. */
export interface FaceCell {
  readonly fill: number;
  readonly state: Exclude<NodeState, 'idle'>;
}

export interface NodeView {
  readonly state: NodeState;
  readonly rate: string;
  readonly badges: readonly Badge[];
  readonly face: readonly FaceCell[];
  /** Path of the throughput curve, in `sparkSize`; empty before the second point. */
  readonly spark: string;
  readonly words: string;
}

const NEAR_RATIO = 0.8;
/** Refused for each record that went through, from which a node fails. */
const FAILING_RATIO = 0.001;
const MOST_BADGES = 2;
const MOST_CELLS = 16;

export function nodeView(id: string, spec: ComponentSpec, shown: Shown): NodeView | undefined {
  const result = shown.now.result.nodes[id];
  if (result === undefined) return undefined;
  const limits = shown.now.result.limits.filter((limit) => limit.node === id);
  const change = changeOf(id, shown);
  const rate = rateText(change.records / shownSeconds(shown));
  const isBottleneck = shown.now.result.bottlenecks?.some(({ node }) => node === id) === true;
  const state = stateOf(change, limits, isBottleneck);
  const badges = badgesOf(change, result).slice(0, MOST_BADGES);
  return {
    state,
    rate,
    badges,
    face: faceOf(spec, result, limits),
    spark: sparkPath(throughputSeries(spec, result), shown.now.seconds, sparkSize),
    words: [rate, STATE_WORDS[state], ...badges.map((badge) => badge.words)].join(', '),
  };
}

const STATE_WORDS: Readonly<Record<NodeState, string>> = {
  idle: 'not run',
  running: 'below its limits',
  near: 'near a limit',
  failing: 'at a limit or losing records',
};

interface Change {
  readonly records: number;
  readonly refused: number;
  readonly lost: number;
  readonly deadLettered: number;
}

/** What happened at the node in the interval shown. */
function changeOf(id: string, { now, before }: Shown): Change {
  const counts = (sample: Shown['now'] | undefined): Change => {
    const ledger = sample?.result.nodes[id]?.ledger;
    if (sample === undefined || ledger === undefined) return { records: 0, refused: 0, lost: 0, deadLettered: 0 };
    const limits = sample.result.limits.filter((limit) => limit.node === id);
    return {
      records: Math.max(ledger.in + ledger.created, ledger.out),
      refused: limits.reduce((sum, limit) => sum + limit.refused, 0),
      lost: ledger.dropped + ledger.expired,
      deadLettered: ledger.deadLettered,
    };
  };
  const late = counts(now);
  const early = counts(before);
  return {
    records: late.records - early.records,
    refused: late.refused - early.refused,
    lost: late.lost - early.lost,
    deadLettered: late.deadLettered - early.deadLettered,
  };
}

/** A small pool is full for moments at any load: that alone is no trouble unless something waits. */
function stateOf(change: Change, limits: readonly LimitSummary[], isBottleneck: boolean): NodeState {
  const { records, refused, lost, deadLettered } = change;
  if (lost > 0 || refused > FAILING_RATIO * records) return 'failing';
  const holdsUp = limits.some(({ peakRatio, waiting }) => peakRatio >= NEAR_RATIO && waiting > 0);
  return refused > 0 || deadLettered > 0 || isBottleneck || holdsUp ? 'near' : 'running';
}

function badgesOf({ refused, lost, deadLettered }: Change, { ledger }: NodeResult): Badge[] {
  const found: Badge[] = [];
  if (lost > 0) found.push({ kind: 'lost', text: shortText(lost), words: `${countText(lost)} records lost` });
  if (refused > 0) {
    found.push({ kind: 'throttled', text: shortText(refused), words: `${countText(refused)} refused at a limit` });
  }
  if (deadLettered > 0) {
    const words = `${countText(deadLettered)} records in the dead-letter queue`;
    found.push({ kind: 'deadLettered', text: shortText(deadLettered), words });
  }
  // A backlog worth a badge is more than a tenth of all that ever came in.
  if (ledger.inside > 100 && ledger.inside > 0.1 * (ledger.in + ledger.carriedIn)) {
    found.push({
      kind: 'backlog',
      text: shortText(ledger.inside),
      words: `${countText(ledger.inside)} records waiting`,
    });
  }
  return found;
}

function faceOf(spec: ComponentSpec, result: NodeResult, limits: readonly LimitSummary[]): FaceCell[] {
  const { kind, fill } = spec.declaration.face;
  const series = result.series.find(({ metric }) => metric === fill);
  switch (kind) {
    case 'none':
      return [];
    case 'segments':
      return segmentCells(limits);
    case 'bar':
      return series === undefined ? [] : [levelCell(series)];
    case 'squares':
      return series === undefined ? [] : squareCells(series);
  }
}

/** One cell for each part that has limits of its own (`.../shard-3`), filled by the limit it comes nearest to. */
function segmentCells(limits: readonly LimitSummary[]): FaceCell[] {
  const parts = new Map<string, number>();
  for (const { id, peakRatio } of limits) {
    const cut = id.lastIndexOf('/');
    if (cut < 0) continue;
    const part = id.slice(cut + 1);
    parts.set(part, Math.max(parts.get(part) ?? 0, peakRatio));
  }
  return [...parts.values()].slice(0, MOST_CELLS).map(cell);
}

/** As many squares as were ever busy at once, the busy ones filled. */
function squareCells(series: SeriesData): FaceCell[] {
  const most = Math.ceil(largest(series.maxima ?? series.values));
  const busy = last(series);
  const squares = Math.min(MOST_CELLS, Math.max(1, most));
  const filled = most === 0 ? 0 : (busy / most) * squares;
  return Array.from({ length: squares }, (_, index) => ({
    fill: Math.min(1, Math.max(0, filled - index)),
    state: 'running',
  }));
}

/** Percentages as they are; other levels as a share of the highest they reached, which is no limit. */
function levelCell(series: SeriesData): FaceCell {
  if (series.unit === 'Percent') return cell(last(series) / 100);
  const most = largest(series.maxima ?? series.values);
  return { fill: most === 0 ? 0 : Math.min(1, last(series) / most), state: 'running' };
}

function cell(ratio: number): FaceCell {
  const state = ratio >= 1 ? 'failing' : ratio >= NEAR_RATIO ? 'near' : 'running';
  return { fill: Math.min(1, Math.max(0, ratio)), state };
}

/** The first count that the component declares: what its owner looks at first. */
function throughputSeries(spec: ComponentSpec, result: NodeResult): SeriesData | undefined {
  const name = spec.metrics.find(({ series, unit }) => series === 'counter' && unit === 'Count')?.name;
  return result.series.find(({ metric }) => metric === name);
}

function last({ values }: SeriesData): number {
  return values.at(-1) ?? 0;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** Share of capacity as a face shows it, for its tooltip. */
export function cellWords(cells: readonly FaceCell[]): string {
  return cells.map(({ fill }) => shareText(fill)).join(', ');
}

/** The face at the foot of a card: shards, buffers, queues and concurrency, as the component declares. */
import type { ComponentSpec } from '#schema/component.ts';
import type { SeriesData } from '#schema/result.ts';
import { shareText } from './quantities.ts';
import { type LimitUse, type Moment, momentEnd, seriesAt } from './recording.ts';

/** One bar of a face, 0..1 filled. */
export interface FaceCell {
  readonly fill: number;
  readonly state: 'running' | 'near' | 'failing';
}

export interface Face {
  readonly kind: 'none' | 'bar' | 'segments' | 'squares';
  readonly cells: readonly FaceCell[];
  /** What the face says, for its tooltip and for those who cannot see it. */
  readonly words: string;
}

/** From this share of a capacity on, a limit is near. */
export const nearRatio = 0.8;
/** Bars that are told apart on a card; of more, each stands for the fullest of several. */
const MOST_BARS = 32;
const MOST_SQUARES = 14;

const nothing: Face = { kind: 'none', cells: [], words: '' };

export function faceOf(spec: ComponentSpec, id: string, uses: readonly LimitUse[], moment: Moment): Face {
  const { kind, fill } = spec.declaration.face;
  const series = moment.recording.results[id]?.series.find(({ metric }) => metric === fill);
  switch (kind) {
    case 'none':
      return nothing;
    case 'segments':
      return segments(uses);
    case 'bar':
      return series === undefined ? nothing : bar(series, momentEnd(moment));
    case 'squares':
      return series === undefined ? nothing : squares(series, uses, momentEnd(moment));
  }
}

/** One bar for each part that has limits of its own (`.../shard-3`), filled by the limit it comes nearest to. */
function segments(uses: readonly LimitUse[]): Face {
  const parts = new Map<string, { ratio: number; refused: number }>();
  for (const { limit, usedRatio, refused } of uses) {
    const cut = limit.id.lastIndexOf('/');
    if (cut < 0) continue;
    const part = limit.id.slice(cut + 1);
    const known = parts.get(part) ?? { ratio: 0, refused: 0 };
    parts.set(part, { ratio: Math.max(known.ratio, usedRatio), refused: known.refused + refused });
  }
  if (parts.size === 0) return nothing;
  const bars = [...parts.values()].map(({ ratio, refused }) => cell(refused > 0 ? 1 : ratio, refused > 0));
  const each = Math.ceil(bars.length / MOST_BARS);
  const cells: FaceCell[] = [];
  for (let at = 0; at < bars.length; at += each) cells.push(fullest(bars.slice(at, at + each)));
  const hottest = [...parts].reduce((most, part) => (part[1].ratio > most[1].ratio ? part : most));
  const atLimit = [...parts.values()].filter(({ refused }) => refused > 0).length;
  const words = `${hottest[0]} is the fullest of ${parts.size}: ${shareText(hottest[1].ratio)} of its limit in use`;
  return { kind: 'segments', cells, words: atLimit > 0 ? `${words}; ${atLimit} of ${parts.size} refuse` : words };
}

/** As many squares as were ever busy at once, the busy ones filled; red while one of the limits refuses. */
function squares(series: SeriesData, uses: readonly LimitUse[], seconds: number): Face {
  const most = Math.ceil(largest(series.maxima ?? series.values));
  const busy = seriesAt(series, seconds) ?? 0;
  const count = Math.min(MOST_SQUARES, Math.max(1, most));
  const filled = most === 0 ? 0 : (busy / most) * count;
  const highest = uses.reduce((most, { usedRatio }) => Math.max(most, usedRatio), 0);
  const { state } = cell(
    highest,
    uses.some(({ refused }) => refused > 0),
  );
  const cells = Array.from({ length: count }, (_, index): FaceCell => ({ fill: between01(filled - index), state }));
  return { kind: 'squares', cells, words: `${Number(busy.toPrecision(3))} busy now, ${most} at most` };
}

/** Percentages as they are; other levels as a share of the highest they reached, which is no limit. */
function bar(series: SeriesData, seconds: number): Face {
  const value = seriesAt(series, seconds) ?? 0;
  if (series.unit === 'Percent') {
    return { kind: 'bar', cells: [cell(value / 100)], words: `${shareText(value / 100)} in use` };
  }
  const most = largest(series.maxima ?? series.values);
  const fill = most === 0 ? 0 : between01(value / most);
  return { kind: 'bar', cells: [{ fill, state: 'running' }], words: `${shareText(fill)} of the highest level so far` };
}

/** Red where it refuses: a level of 100 % alone holds up, and loses nothing. */
function cell(ratio: number, doesRefuse = false): FaceCell {
  return { fill: between01(ratio), state: doesRefuse ? 'failing' : ratio >= nearRatio ? 'near' : 'running' };
}

function fullest(cells: readonly FaceCell[]): FaceCell {
  const badness = ({ fill, state }: FaceCell): number => fill + (state === 'failing' ? 1 : 0);
  return cells.reduce((worst, other) => (badness(other) > badness(worst) ? other : worst));
}

function between01(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

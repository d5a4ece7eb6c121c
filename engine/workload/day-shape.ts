/** The curve of a day: 24 hourly knots joined by straight lines, from a measured shape or from a peak. */
import type { Piece } from './rate-curve.ts';

const HOURS = 24;
const HOUR_SECONDS = 3600;
export const DAY_SECONDS = HOURS * HOUR_SECONDS;

/**
 * Peak to mean when a document names none. Assumption: a load that follows the waking hours of one Region. For comparison,
 * the hourly means of the NASA-HTTP trace of July 1995 (Internet Traffic Archive) peak at 1.58 times their mean.
 */
export const defaultPeakToMeanRatio = 2;
/** Busiest local hour when a document names none. Assumption: an evening peak of a consumer application. */
export const defaultPeakHour = 20;

/** What a document says about the shape of a day. */
export interface DayShape {
  readonly peakToMeanRatio?: number | undefined;
  readonly peakHour?: number | undefined;
  readonly shape?: readonly number[] | undefined;
}

/**
 * Pieces of one local day from 0 to 86,400 s, in the units of the shape: only the proportions count. A measured shape
 * states the rate in the middle of each hour; a peak gives a wave with its maximum exactly at the peak hour.
 */
export function dayPieces(day: DayShape): Piece[] {
  if (day.shape !== undefined) return joinKnots(day.shape, HOUR_SECONDS / 2);
  const values = waveKnots(day.peakToMeanRatio ?? defaultPeakToMeanRatio);
  return joinKnots(values, (day.peakHour ?? defaultPeakHour) * HOUR_SECONDS);
}

/** Area under pieces that end at `end`. */
export function areaUnder(pieces: readonly Piece[], end: number): number {
  let area = 0;
  pieces.forEach((piece, i) => {
    const next = pieces[i + 1]?.start ?? end;
    area += ((next - piece.start) * (piece.rate0 + piece.rate1)) / 2;
  });
  return area;
}

/** Joins 24 values, the first at `firstSeconds`, one an hour, round the clock; cut at midnight. */
function joinKnots(values: readonly number[], firstSeconds: number): Piece[] {
  const knots = values
    .map((rate, i) => {
      const at = firstSeconds + i * HOUR_SECONDS;
      return { at: at >= DAY_SECONDS ? at - DAY_SECONDS : at, rate };
    })
    .sort((a, b) => a.at - b.at);
  const first = knots[0];
  const last = knots[HOURS - 1];
  const untilFirst = first.at;
  const midnight = first.rate + ((last.rate - first.rate) * untilFirst) / HOUR_SECONDS;
  const pieces: Piece[] = untilFirst > 0 ? [{ start: 0, rate0: midnight, rate1: first.rate }] : [];
  knots.forEach((knot, i) => {
    const next = i + 1 < HOURS ? knots[i + 1].rate : midnight;
    pieces.push({ start: knot.at, rate0: knot.rate, rate1: next });
  });
  return pieces;
}

/**
 * 24 values, the first being the peak, whose mean is 1 and whose maximum is `ratio`: up to 2 a cosine about the mean, above
 * 2 (where a cosine would go below zero) a raised cosine to the power that gives the ratio.
 */
function waveKnots(ratio: number): number[] {
  const cosines = cosineKnots();
  if (ratio <= 2) return cosines.map((c) => 1 + (ratio - 1) * c);
  const raised = (power: number): number[] =>
    cosines.map((c) => (c <= -1 ? 0 : Math.exp(power * Math.log((1 + c) / 2))));
  const ratioOf = (power: number): number => HOURS / raised(power).reduce((sum, value) => sum + value, 0);
  let low = 1;
  let high = 2;
  while (ratioOf(high) < ratio) high *= 2;
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (ratioOf(middle) < ratio) low = middle;
    else high = middle;
  }
  const reached = ratioOf(high);
  return raised(high).map((value) => value * reached);
}

/** Cosines of 0, 15, ... 345 degrees from square roots: `Math.cos` differs between versions of V8. */
function cosineKnots(): number[] {
  const root2 = Math.sqrt(2);
  const root6 = Math.sqrt(6);
  const quarter = [1, (root6 + root2) / 4, Math.sqrt(3) / 2, root2 / 2, 0.5, (root6 - root2) / 4, 0];
  return Array.from({ length: HOURS }, (_, k) => {
    const mirrored = k <= HOURS / 2 ? k : HOURS - k;
    return mirrored <= 6 ? quarter[mirrored] : -quarter[12 - mirrored];
  });
}

/** A small curve of a series: its shape only, from zero to its largest value. */
import type { SeriesData } from '#schema/result.ts';

const MOST_POINTS = 40;

interface Box {
  readonly width: number;
  readonly height: number;
}

/**
 * SVG path in a box of that size; empty for a series of fewer than two points. Neighbouring points are averaged. A last
 * point that is not over at `untilSeconds` is left out: it would look like a fall.
 */
export function sparkPath(series: SeriesData | undefined, untilSeconds: number, box: Box): string {
  const values = series === undefined ? new Float64Array() : wholePoints(series, untilSeconds);
  return curvePath(values, box, 1);
}

/** The same of plain values, over the share `widthRatio` of the box: what is still to come stays empty. */
export function curvePath(values: Float64Array | Float32Array, { width, height }: Box, widthRatio: number): string {
  if (values.length < 2) return '';
  const points = averaged(values, Math.min(MOST_POINTS, values.length));
  const most = Math.max(...points, 0);
  const scale = most === 0 ? 0 : (height - 2) / most;
  return points
    .map((value, index) => {
      const x = (index / (points.length - 1)) * width * widthRatio;
      const y = height - 1 - value * scale;
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

/** A time in which nothing was observed keeps the value before it. */
function averaged(values: Float64Array | Float32Array, count: number): number[] {
  let held = 0;
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * values.length) / count));
    let sum = 0;
    let observed = 0;
    for (let at = from; at < to; at += 1) {
      const value = values[at] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      observed += 1;
    }
    if (observed > 0) held = sum / observed;
    return held;
  });
}

function wholePoints({ values, startSeconds, stepSeconds }: SeriesData, untilSeconds: number): Float64Array {
  const whole = Math.floor((untilSeconds - startSeconds) / stepSeconds + 1e-9);
  return values.subarray(0, Math.max(0, whole));
}

/** The time axis that all charts of a run share. */
import { clockText, endClockText } from './quantities.ts';

export interface Tick {
  readonly seconds: number;
  /** Place on the axis, 0..1. */
  readonly ratio: number;
  readonly text: string;
}

const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400, 172_800,
  604_800, 2_592_000,
] as const;

/** Ticks at round clock times, no more than `most` of them. */
export function timeTicks(startsAt: string, horizonSeconds: number, most: number): readonly Tick[] {
  return ticksBetween(startsAt, 0, horizonSeconds, most);
}

/** As `timeTicks`, for an axis from one simulated second to another. */
export function ticksBetween(startsAt: string, fromSecond: number, untilSecond: number, most: number): readonly Tick[] {
  const span = untilSecond - fromSecond;
  const step = STEPS.find((seconds) => span / seconds <= most) ?? 2_592_000;
  const [hours = 0, minutes = 0, seconds = 0] = (startsAt.split('T')[1] ?? '').split(':').map(Number.parseFloat);
  const sinceMidnight = hours * 3600 + minutes * 60 + seconds;
  const first = Math.ceil((sinceMidnight + fromSecond) / step) * step - sinceMidnight;
  const ticks: Tick[] = [];
  for (let at = first; at <= untilSecond + 1e-9; at += step) {
    const text = tickText(startsAt, at, step, at >= untilSecond);
    ticks.push({ seconds: at, ratio: (at - fromSecond) / span, text });
  }
  return ticks;
}

/** Seconds only where ticks are closer than a minute; the day alone where they are a day apart. */
function tickText(startsAt: string, seconds: number, step: number, isEnd: boolean): string {
  const text = (isEnd && step < 86_400 ? endClockText : clockText)(startsAt, seconds);
  if (step < 60) return text;
  const withoutSeconds = text.replace(/:\d\d$/, '');
  return step >= 86_400 ? (withoutSeconds.split(',')[0] ?? text) : withoutSeconds;
}

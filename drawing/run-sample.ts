/** What of a run a picture shows: its counts at one simulated moment, and at one before it. */
import type { RawResult, RunReport } from '#schema/result.ts';

export interface RunSample {
  /** Simulated seconds since time zero. */
  readonly seconds: number;
  readonly result: Pick<RawResult, 'nodes' | 'edges' | 'limits'> & Partial<Pick<RunReport, 'bottlenecks'>>;
}

/** The interval a picture is about: all of a run, or what has come since the sample before. */
export interface Shown {
  readonly now: RunSample;
  readonly before: RunSample | undefined;
}

/** Simulated seconds in the interval; above 0. */
export function shownSeconds({ now, before }: Shown): number {
  return Math.max(now.seconds - (before?.seconds ?? 0), Number.MIN_VALUE);
}

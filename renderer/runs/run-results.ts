/** Results of the run on screen, outside React: typed arrays stay where they are, and views are made when asked for. */
import { useSyncExternalStore } from 'react';
import type { Shown } from '#drawing/run-sample.ts';
import type { RawResult, RunReport } from '#schema/result.ts';

export interface RunResults {
  /** Grows with each change: views made of an older one are stale. */
  readonly version: number;
  /** What the canvas shows: the newest interval during a run, all of it afterwards. */
  readonly shown: Shown | undefined;
  /** What has been counted so far, while the run goes on. */
  readonly partial: RawResult | undefined;
  /** Everything, once the run has ended. */
  readonly report: RunReport | undefined;
}

let results: RunResults = { version: 0, shown: undefined, partial: undefined, report: undefined };
const listeners = new Set<() => void>();

function replace(next: Omit<RunResults, 'version'>): void {
  results = { ...next, version: results.version + 1 };
  for (const listener of listeners) listener();
}

export function clearResults(): void {
  replace({ shown: undefined, partial: undefined, report: undefined });
}

/** What a run has reached: the canvas shows what came since the partial result before. */
export function takePartial(seconds: number, result: RawResult): void {
  replace({ shown: { now: { seconds, result }, before: results.shown?.now }, partial: result, report: undefined });
}

/** `seconds`: how far it came; the horizon, unless it was cancelled. */
export function takeReport(seconds: number, report: RunReport): void {
  replace({ shown: { now: { seconds, result: report }, before: undefined }, partial: undefined, report });
}

export function currentResults(): RunResults {
  return results;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useResults(): RunResults {
  return useSyncExternalStore(subscribe, currentResults);
}

/** Rerenders only when the chosen value is another one; choose primitives or stable references. */
export function useResultsPart<Part>(choose: (results: RunResults) => Part): Part {
  return useSyncExternalStore(subscribe, () => choose(results));
}

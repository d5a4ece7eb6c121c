/** Results of the run on screen, outside React: typed arrays stay where they are, and views are made when asked for. */
import { useSyncExternalStore } from 'react';
import { reachedSeconds, type Recording, recorded } from '#drawing/recording.ts';
import { forgetMeasurements } from '#renderer/aws/measure-store.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { Playback } from '#schema/playback.ts';
import type { RawResult, RunReport } from '#schema/result.ts';
import { Turns } from './in-turns.ts';
import type { SavedRunHead } from '#schema/saved-run.ts';
import { currentPlayhead, resetPlayhead } from './playhead.ts';
import { forgetRuns } from './run-history.ts';

export interface RunResults {
  /** Grows with each change: views made of an older one are stale. */
  readonly version: number;
  /** The newest counts, for what looks at the whole run. */
  readonly shown: { readonly now: { readonly seconds: number; readonly result: RawResult | RunReport } } | undefined;
  /** What the playhead moves over. */
  readonly recording: Recording | undefined;
  /** The document that was run. */
  readonly document: CaudalDocument | undefined;
  /** What has been counted so far, while the run goes on. */
  readonly partial: RawResult | undefined;
  /** Everything, once the run has ended. */
  readonly report: RunReport | undefined;
  /** The file that the run was read from; undefined for one that was simulated in this window. */
  readonly origin: RunOriginFile | undefined;
}

export interface RunOriginFile extends SavedRunHead {
  readonly name: string;
}

const nothing = {
  shown: undefined,
  recording: undefined,
  document: undefined,
  partial: undefined,
  report: undefined,
  origin: undefined,
} as const;

let results: RunResults = { version: 0, ...nothing };
/** The run that goes on: shown once it has come as far as the playhead, so that a rerun does not blank what is looked at. */
let coming: { readonly document: CaudalDocument; recording: Recording | undefined; log: RawResult['log'] } | undefined;
const listeners = new Turns();

/** Milliseconds between two partial results that views are told of: the playhead moves over what has come meanwhile. */
const PARTIAL_MS = 500;

function replace(next: Omit<RunResults, 'version'>): void {
  const isFirst = results.recording === undefined;
  results = { ...next, version: results.version + 1 };
  if (results.recording === undefined) listeners.tellNow();
  else listeners.tellSoon(isFirst || results.report !== undefined ? 0 : PARTIAL_MS);
}

/** Another document takes the place of the one that was run. */
export function clearResults(): void {
  coming = undefined;
  resetPlayhead();
  forgetRuns();
  forgetMeasurements();
  replace(nothing);
}

/** A run of this document begins. What is on screen stays until the new run has come as far as the playhead. */
export function beginResults(document: CaudalDocument): void {
  coming = { document, recording: undefined, log: [] };
}

export function takePartial(seconds: number, result: RawResult, playback: Playback): void {
  if (coming === undefined) return;
  const { document } = coming;
  const recording = recorded(coming.recording, document, result, playback);
  coming.recording = recording;
  // Entries come once each.
  if (result.log.length > 0) coming.log = [...coming.log, ...result.log];
  if (results.recording !== undefined && !isShown(document) && reachedSeconds(recording) < currentPlayhead()) return;
  const partial = { ...result, nodes: recording.results, limits: [...recording.limits], log: coming.log };
  replace({
    shown: { now: { seconds, result: partial } },
    recording,
    document,
    partial,
    report: undefined,
    origin: undefined,
  });
}

/** `seconds`: how far it came; the horizon, unless it was cancelled. `origin`: the file it was read from, if any. */
export function takeReport(seconds: number, report: RunReport, playback: Playback, origin?: RunOriginFile): void {
  if (coming === undefined) return;
  const { document } = coming;
  // Complete: begun afresh, so that no point of an earlier, partial state is left.
  const recording = recorded(undefined, document, report, playback);
  coming = undefined;
  const shown = { now: { seconds, result: report } };
  replace({ shown, recording, document, partial: undefined, report, origin });
}

/** A run that failed leaves what was on screen before. */
export function abandonResults(): void {
  coming = undefined;
}

/** A run goes on that has not come as far as the playhead: what is on screen is of the run before. */
export function isAwaitingResults(): boolean {
  return coming !== undefined && !isShown(coming.document);
}

function isShown(document: CaudalDocument): boolean {
  return results.document === document && results.report === undefined;
}

export function currentResults(): RunResults {
  return results;
}

export function subscribeResults(listener: () => void): () => void {
  return listeners.add(listener);
}

export function useResults(): RunResults {
  return useSyncExternalStore(subscribeResults, currentResults);
}

/** Rerenders only when the chosen value is another one; choose primitives or stable references. */
export function useResultsPart<Part>(choose: (results: RunResults) => Part): Part {
  return useSyncExternalStore(subscribeResults, () => choose(results));
}

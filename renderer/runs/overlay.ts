/**
 * What a run draws over cards and edges at the playhead. Views are made for what is mounted only, a few in each frame, so that
 * a large design never holds up the window; a card redraws only when its view is another one.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { components } from '#catalog/specs.ts';
import { type EdgeView, edgeView } from '#drawing/edge-view.ts';
import { sparkSize } from '#drawing/node-card.ts';
import { type NodeView, nodeView } from '#drawing/node-view.ts';
import type { RatePeriod } from '#drawing/quantities.ts';
import { arrivals, type Moment, momentAt, type Recording } from '#drawing/recording.ts';
import { curvePath } from '#drawing/spark-path.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { usePlayhead } from './playhead.ts';
import { currentResults, subscribeResults } from './run-results.ts';

/** A node's view, with the curve of its throughput so far. */
export interface CardView extends NodeView {
  /** In `sparkSize`; empty before the second point. */
  readonly spark: string;
  /** Share of the horizon before the playhead. */
  readonly playedRatio: number;
}

interface Renewable {
  /** True where the view became another one. */
  renew(): boolean;
}

interface Slot<View> extends Renewable {
  view: View | undefined;
  /** What tells two views apart. */
  key: string;
  readonly listeners: Set<() => void>;
  readonly make: (moment: Moment) => View | undefined;
}

/** Views made in one frame at most; what remains is made in the next ones. */
const MOST_IN_A_FRAME = 10;
/** Milliseconds of a frame spent on making views. */
const FRAME_MS = 2;
/** Milliseconds between two rounds over all views, while the playhead moves over a large design. */
const ROUND_MS = 250;
/** A design with fewer views is drawn anew with every bin. */
const MANY_VIEWS = 60;

const nodeSlots = new Map<string, Slot<CardView>>();
const edgeSlots = new Map<string, Slot<EdgeView>>();
const waiting = new Set<Renewable>();
let frame: number | undefined;
let moment: Moment | undefined;
/** When the last round began; and whether there is something newer to show than what it shows. */
let roundMs = 0;
let isLate = false;
const sparks = new Map<string, string>();
let sparksOf: Recording | undefined;

subscribeResults(follow);
usePlayhead.subscribe(follow);
useApp.subscribe(({ preferences }, before) => {
  if (preferences.ratePeriod === before.preferences.ratePeriod) return;
  // Every view says its rate anew.
  moment = undefined;
  follow();
});

function period(): RatePeriod {
  return useApp.getState().preferences.ratePeriod;
}

/** The moment that is shown now. */
export function currentMoment(): Moment | undefined {
  const { recording } = currentResults();
  return recording && momentAt(recording, usePlayhead.getState().seconds);
}

/** Has all views made anew when the playhead has come to another bin, or the results are others. */
function follow(): void {
  frame ??= requestAnimationFrame(work);
}

/** Begins another round, once the one before is done and it is time. */
function beginRound(nowMs: number): void {
  const next = currentMoment();
  if (next?.recording === moment?.recording && next?.toBin === moment?.toBin) return;
  const isMany = nodeSlots.size + edgeSlots.size > MANY_VIEWS;
  if (waiting.size > 0 || (isMany && moment !== undefined && next !== undefined && nowMs - roundMs < ROUND_MS)) {
    isLate = true;
    return;
  }
  isLate = false;
  roundMs = nowMs;
  moment = next;
  for (const slot of nodeSlots.values()) waiting.add(slot);
  for (const slot of edgeSlots.values()) waiting.add(slot);
}

function work(): void {
  frame = undefined;
  const started = performance.now();
  beginRound(started);
  let made = 0;
  for (const slot of waiting) {
    waiting.delete(slot);
    if (slot.renew()) made += 1;
    if (made >= MOST_IN_A_FRAME || performance.now() - started > FRAME_MS) break;
  }
  if (waiting.size > 0 || isLate) frame = requestAnimationFrame(work);
}

function renewed<View>(slot: Slot<View>): boolean {
  const view = moment && slot.make(moment);
  const key = view === undefined ? '' : JSON.stringify(view);
  if (key === slot.key) return false;
  slot.view = view;
  slot.key = key;
  for (const listener of slot.listeners) listener();
  return true;
}

function cardView(id: string, type: string, at: Moment): CardView | undefined {
  const spec = components.get(type);
  const view = spec && nodeView(id, spec, at, period());
  if (view === undefined) return undefined;
  const { recording, toBin } = at;
  // To whole units of the curve's width: less is not seen.
  const playedRatio = Math.round((toBin / recording.stride) * sparkSize.width) / sparkSize.width;
  return { ...view, spark: sparkOf(id, recording), playedRatio };
}

function sparkOf(id: string, recording: Recording): string {
  if (sparksOf !== recording) {
    sparksOf = recording;
    sparks.clear();
  }
  const known = sparks.get(id);
  if (known !== undefined) return known;
  const path = curvePath(arrivals(recording, id), sparkSize, recording.bins / recording.stride);
  sparks.set(id, path);
  return path;
}

export function useNodeView(id: string, type: string): CardView | undefined {
  const key = `${id} ${type}`;
  const subscribe = useCallback(
    (listener: () => void) => listen(nodeSlots, key, (at) => cardView(id, type, at), listener),
    [key, id, type],
  );
  return useSyncExternalStore(subscribe, () => nodeSlots.get(key)?.view);
}

export function useEdgeView(id: string): EdgeView | undefined {
  const subscribe = useCallback(
    (listener: () => void) => listen(edgeSlots, id, (at) => edgeView(id, at, period()), listener),
    [id],
  );
  return useSyncExternalStore(subscribe, () => edgeSlots.get(id)?.view);
}

function listen<View>(
  slots: Map<string, Slot<View>>,
  key: string,
  make: Slot<View>['make'],
  listener: () => void,
): () => void {
  let slot = slots.get(key);
  if (slot === undefined) {
    const made: Slot<View> = { view: undefined, key: '', listeners: new Set(), make, renew: () => renewed(made) };
    slots.set(key, made);
    made.renew();
    slot = made;
  }
  const own = slot;
  own.listeners.add(listener);
  return () => {
    own.listeners.delete(listener);
    if (own.listeners.size > 0) return;
    slots.delete(key);
    waiting.delete(own);
  };
}

/**
 * What a run draws over cards and edges at the playhead. Views are made for what is mounted only, a few in each frame, so that
 * a large design never holds up the window; a card redraws only when its view is another one. From afar a view is only what
 * can be seen from there.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { components } from '#catalog/specs.ts';
import { type Carried, type EdgeView, edgeView } from '#drawing/edge-view.ts';
import { sparkSize } from '#drawing/node-card.ts';
import { type NodeView, nodeView } from '#drawing/node-view.ts';
import type { RatePeriod } from '#drawing/quantities.ts';
import { arrivals, type Moment, momentAt, type Recording } from '#drawing/recording.ts';
import { curvePath } from '#drawing/spark-path.ts';
import { useApp } from '#renderer/state/app-store.ts';
import type { EdgeKind } from '#schema/protocols.ts';
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

interface Maker<View> {
  readonly make: (moment: Moment) => View | undefined;
  /** The parts of a view that can be seen from afar. */
  readonly outline: (view: View) => unknown;
}

interface Slot<View> extends Renewable {
  view: View | undefined;
  /** What tells two views apart. */
  key: string;
  /** Who draws it by itself, far out too, and who redraws a component. */
  readonly painters: Set<Painter<View>>;
  readonly listeners: Set<() => void>;
}

type Painter<View> = (view: View | undefined) => void;

/** Views made in one frame at most; what remains is made in the next ones. */
const MOST_IN_A_FRAME = 10;
/** Milliseconds of a frame spent on making views. */
const FRAME_MS = 1.5;
/** Milliseconds between two rounds over all views while it plays, at least; and for each view. */
const ROUND_MS = 100;
const ROUND_MS_A_VIEW = 1;

const nodeSlots = new Map<string, Slot<CardView>>();
const edgeSlots = new Map<string, Slot<EdgeView>>();
const waiting = new Set<Renewable>();
/** Far out all is drawn in the last frame of a round: each frame that changes something costs the browser as much as all of it. */
let ready: (() => void)[] = [];
let frame: number | undefined;
let moment: Moment | undefined;
/** When the last round began; and whether there is something newer to show than what it shows. */
let roundMs = 0;
let isLate = false;
let isFar = false;
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
function currentMoment(): Moment | undefined {
  const { recording } = currentResults();
  return recording && momentAt(recording, usePlayhead.getState().readSeconds);
}

/** Far out, text and curves are not drawn: views that differ in nothing else are then alike. */
export function setOverview(isOverview: boolean): void {
  if (isFar === isOverview) return;
  isFar = isOverview;
  moment = undefined;
  follow();
}

/** Has all views made anew when the playhead has come to another bin, or the results are others. */
function follow(): void {
  frame ??= requestAnimationFrame(work);
}

/** Begins another round, once the one before is done and it is time. */
function beginRound(nowMs: number): void {
  const next = currentMoment();
  if (next?.recording === moment?.recording && next?.toBin === moment?.toBin) return;
  const pauseMs = Math.max(ROUND_MS, (nodeSlots.size + edgeSlots.size) * ROUND_MS_A_VIEW);
  const isSoon = usePlayhead.getState().isPlaying && nowMs - roundMs < pauseMs;
  if (waiting.size > 0 || (isSoon && moment !== undefined && next !== undefined)) {
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
    if ((made >= MOST_IN_A_FRAME && !isFar) || performance.now() - started > FRAME_MS) break;
  }
  if (waiting.size === 0) {
    const all = ready;
    ready = [];
    for (const draw of all) draw();
  }
  if (waiting.size > 0 || isLate) frame = requestAnimationFrame(work);
}

function renewed<View>(slot: Slot<View>, { make, outline }: Maker<View>): boolean {
  const view = moment && make(moment);
  const key = view === undefined ? '' : JSON.stringify(isFar ? outline(view) : view);
  if (key === slot.key) return false;
  slot.view = view;
  slot.key = key;
  if (isFar) ready.push(() => draw(slot));
  else draw(slot);
  return true;
}

function draw<View>({ view, painters, listeners }: Slot<View>): void {
  for (const paint of painters) paint(view);
  // Far out nothing else of a card is drawn: to redraw components would be the most of the work.
  if (!isFar || painters.size === 0 || view === undefined) for (const listener of listeners) listener();
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

/** Levels to a tenth: a face is a few pixels wide. */
function cardOutline({ state, face, badges }: CardView): unknown {
  const cells = face.cells.map((cell) => `${cell.state} ${Math.round(cell.fill * 10)}`);
  return [state, cells, badges.map(({ kind }) => kind)];
}

/** Widths to a whole unit: less is not seen. */
function edgeOutline({ recordsPerSecond, width, retriedRatio, droppedRatio }: EdgeView): unknown {
  return [recordsPerSecond > 0, Math.round(width), retriedRatio > 0, droppedRatio > 0];
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
    (listener: () => void) => listen(nodeSlots, key, cardMaker(id, type), ({ listeners }) => listeners, listener),
    [key, id, type],
  );
  return useSyncExternalStore(subscribe, () => nodeSlots.get(key)?.view);
}

/** Calls `paint` now, and whenever the view is another one. */
export function paintNodeView(id: string, type: string, paint: Painter<CardView>): () => void {
  const key = `${id} ${type}`;
  const stop = listen(nodeSlots, key, cardMaker(id, type), ({ painters }) => painters, paint);
  paint(nodeSlots.get(key)?.view);
  return stop;
}

function cardMaker(id: string, type: string): Maker<CardView> {
  return { make: (at) => cardView(id, type, at), outline: cardOutline };
}

export function useEdgeView(id: string, kind: EdgeKind): EdgeView | undefined {
  const subscribe = useCallback(
    (listener: () => void) => listen(edgeSlots, id, edgeMaker(id, kind), ({ listeners }) => listeners, listener),
    [id, kind],
  );
  return useSyncExternalStore(subscribe, () => edgeSlots.get(id)?.view);
}

const CARRIED: Readonly<Record<EdgeKind, Carried>> = {
  data: 'records',
  trigger: 'records',
  call: 'calls',
  query: 'queries',
};

function edgeMaker(id: string, kind: EdgeKind): Maker<EdgeView> {
  const carried = CARRIED[kind];
  return { make: (at) => edgeView(id, at, period(), carried), outline: edgeOutline };
}

function listen<View, Listener>(
  slots: Map<string, Slot<View>>,
  key: string,
  maker: Maker<View>,
  listenersOf: (slot: Slot<View>) => Set<Listener>,
  listener: Listener,
): () => void {
  let slot = slots.get(key);
  if (slot === undefined) {
    const made: Slot<View> = {
      view: undefined,
      key: '',
      painters: new Set(),
      listeners: new Set(),
      renew: () => renewed(made, maker),
    };
    slots.set(key, made);
    made.renew();
    slot = made;
  }
  const own = slot;
  listenersOf(own).add(listener);
  return () => {
    listenersOf(own).delete(listener);
    if (own.listeners.size > 0 || own.painters.size > 0) return;
    slots.delete(key);
    waiting.delete(own);
  };
}

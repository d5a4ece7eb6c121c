/**
 * The playhead: the simulated moment that canvas and charts show. It moves over results that are there; where the run has not
 * come that far it waits. One loop of animation frames, only while it plays.
 */
import { create } from 'zustand';
import { suggestedSpeed } from './speeds.ts';

export interface PlayheadState {
  /** Simulated seconds since time zero. */
  readonly seconds: number;
  /** The same for what is read, not followed by the eye: while it plays it changes ten times a second. */
  readonly readSeconds: number;
  readonly isPlaying: boolean;
  /** Simulated seconds for each second that passes, once the user has chosen; else one that suits the horizon. */
  readonly speed: number | undefined;
  /** It plays, and waits for the run to come further. */
  readonly isWaiting: boolean;
}

/** How far there are results, and whether more will come. */
export interface Reach {
  readonly seconds: number;
  readonly horizonSeconds: number;
  readonly isGrowing: boolean;
}

/** A frame that took longer (a hidden tab) counts as this long, seconds. */
const LONGEST_FRAME_SECONDS = 0.25;
/** Nobody reads faster, and each change of a text costs the browser a frame's work. */
const READ_MS = 100;

export const usePlayhead = create<PlayheadState>(() => ({
  seconds: 0,
  readSeconds: 0,
  isPlaying: false,
  speed: undefined,
  isWaiting: false,
}));

const set = usePlayhead.setState;
let readReach: () => Reach = () => ({ seconds: 0, horizonSeconds: 0, isGrowing: false });
let frame: number | undefined;
let lastMs = 0;
let lastReadMs = 0;

/** Tells where results are to be found; called once. */
export function followReach(read: () => Reach): void {
  readReach = read;
}

export function currentPlayhead(): number {
  return usePlayhead.getState().seconds;
}

export function play(): void {
  const { seconds, horizonSeconds, isGrowing } = readReach();
  const isAtEnd = !isGrowing && currentPlayhead() >= Math.min(seconds, horizonSeconds);
  set({ isPlaying: true, ...(isAtEnd ? placed(0) : {}) });
  lastMs = performance.now();
  frame ??= requestAnimationFrame(advance);
}

export function pause(): void {
  set({ isPlaying: false, isWaiting: false, ...placed(currentPlayhead()) });
}

function placed(seconds: number): Pick<PlayheadState, 'seconds' | 'readSeconds'> {
  return { seconds, readSeconds: seconds };
}

/** Moves it, within what there is; it goes on playing from there. */
export function moveTo(seconds: number): void {
  const reach = readReach();
  set(placed(Math.min(Math.max(0, seconds), reach.seconds)));
}

export function toStart(): void {
  moveTo(0);
}

/** The end of what has been simulated. */
export function toEnd(): void {
  moveTo(readReach().seconds);
}

export function setSpeed(speed: number): void {
  set({ speed });
}

/** Another document, or another horizon: back to the start, at a speed that suits it. */
export function resetPlayhead(): void {
  set({ ...placed(0), isPlaying: false, isWaiting: false, speed: undefined });
}

function advance(nowMs: number): void {
  frame = undefined;
  const { isPlaying, seconds, speed } = usePlayhead.getState();
  if (!isPlaying) return;
  const passed = Math.min(LONGEST_FRAME_SECONDS, Math.max(0, (nowMs - lastMs) / 1000));
  lastMs = nowMs;
  const reach = readReach();
  const wanted = seconds + passed * (speed ?? suggestedSpeed(reach.horizonSeconds));
  const next = Math.max(seconds, Math.min(wanted, reach.seconds));
  if (!reach.isGrowing && next >= Math.min(reach.seconds, reach.horizonSeconds)) {
    set({ ...placed(next), isPlaying: false, isWaiting: false });
    return;
  }
  const isWaiting = wanted > reach.seconds;
  // Who listens has nothing to do while it stands and waits.
  if (next !== seconds || isWaiting !== usePlayhead.getState().isWaiting) {
    const isRead = nowMs - lastReadMs >= READ_MS || isWaiting;
    if (isRead) lastReadMs = nowMs;
    set({ isWaiting, ...(isRead ? placed(next) : { seconds: next }) });
  }
  frame = requestAnimationFrame(advance);
}

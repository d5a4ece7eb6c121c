import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  followReach,
  moveTo,
  pause,
  play,
  type Reach,
  resetPlayhead,
  setSpeed,
  toEnd,
  toStart,
  usePlayhead,
} from '#renderer/runs/playhead.ts';

let frames: ((nowMs: number) => void)[] = [];
let reach: Reach;
let nowMs = 0;

/** Lets time pass in frames of 100 ms. */
function pass(seconds: number): void {
  for (let passed = 0; passed < seconds - 1e-9; passed += 0.1) {
    nowMs += 100;
    const due = frames;
    frames = [];
    for (const frame of due) frame(nowMs);
  }
}

beforeEach(() => {
  frames = [];
  nowMs = 0;
  reach = { seconds: 1000, horizonSeconds: 1000, isGrowing: false };
  followReach(() => reach);
  vi.stubGlobal('requestAnimationFrame', (frame: (at: number) => void) => frames.push(frame));
  vi.stubGlobal('performance', { now: () => nowMs });
  resetPlayhead();
  setSpeed(10);
});

afterEach(() => {
  pause();
  pass(0.1);
  vi.unstubAllGlobals();
});

const state = usePlayhead.getState;

describe('the playhead', () => {
  it('moves at its speed while it plays, and stands still afterwards', () => {
    play();
    pass(2);
    expect(state().seconds).toBeCloseTo(20, 6);
    pause();
    pass(2);
    expect(state().seconds).toBeCloseTo(20, 6);
    expect(frames).toHaveLength(0);
  });

  it('waits where the run has not come further, and goes on when it has', () => {
    reach = { seconds: 15, horizonSeconds: 1000, isGrowing: true };
    play();
    pass(3);
    expect(state()).toMatchObject({ seconds: 15, isPlaying: true, isWaiting: true });
    reach = { seconds: 500, horizonSeconds: 1000, isGrowing: true };
    pass(1);
    expect(state().seconds).toBeCloseTo(25, 6);
    expect(state().isWaiting).toBe(false);
  });

  it('stops at the end, and begins anew when it is played from there', () => {
    toEnd();
    expect(state().seconds).toBe(1000);
    play();
    pass(0.1);
    expect(state().seconds).toBeCloseTo(1, 6);
    moveTo(995);
    pass(1);
    expect(state()).toMatchObject({ seconds: 1000, isPlaying: false });
  });

  it('stays within what there is', () => {
    reach = { seconds: 300, horizonSeconds: 1000, isGrowing: true };
    moveTo(999);
    expect(state().seconds).toBe(300);
    moveTo(-5);
    expect(state().seconds).toBe(0);
    toEnd();
    toStart();
    expect(state().seconds).toBe(0);
  });

  it('takes a hidden window for a short moment, not for a leap', () => {
    play();
    nowMs += 60_000;
    pass(0.1);
    expect(state().seconds).toBeLessThan(5);
  });

  it('plays at a pace that suits the horizon until one is chosen', () => {
    resetPlayhead();
    reach = { seconds: 86_400, horizonSeconds: 86_400, isGrowing: false };
    play();
    pass(1);
    expect(state().seconds).toBeCloseTo(3600, 3);
  });
});

/** Where the marks of faults stand over the timeline: overlapping ones in lanes of their own. */
import type { FaultSpec } from '#schema/faults.ts';

export interface FaultPlace {
  readonly fault: FaultSpec;
  /** Share of the axis, 0..1; cut off at its ends. */
  readonly fromRatio: number;
  readonly toRatio: number;
  readonly lane: number;
}

/** `markRatio`: least width of a mark, because of its words. Faults wholly outside the horizon have no place. */
export function faultPlaces(
  faults: readonly FaultSpec[],
  horizonSeconds: number,
  markRatio: number,
  mostLanes: number,
): readonly FaultPlace[] {
  const ends: number[] = [];
  return [...faults]
    .sort((a, b) => a.startSeconds - b.startSeconds)
    .flatMap((fault) => {
      const from = fault.startSeconds / horizonSeconds;
      const to = (fault.startSeconds + fault.durationSeconds) / horizonSeconds;
      if (to <= 0 || from >= 1) return [];
      const fromRatio = Math.max(0, from);
      const toRatio = Math.min(1, to);
      const free = ends.findIndex((end) => end <= fromRatio);
      const lane = free >= 0 ? free : Math.min(ends.length, mostLanes - 1);
      ends[lane] = Math.max(toRatio, fromRatio + markRatio);
      return [{ fault, fromRatio, toRatio, lane }];
    });
}

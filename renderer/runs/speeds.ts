/** At what pace the playhead moves: simulated seconds for each real one. */
import { durationText } from '#drawing/quantities.ts';

export const speeds = [1, 10, 60, 600, 3600, 21_600, 86_400, 604_800] as const;

/** Seconds in which a run should play through at first. */
const COMFORTABLE_SECONDS = 30;

/** The slowest speed at which the whole horizon plays in half a minute. */
export function suggestedSpeed(horizonSeconds: number): number {
  return speeds.find((speed) => horizonSeconds / speed <= COMFORTABLE_SECONDS) ?? 604_800;
}

export function speedText(speed: number): string {
  return `×${speed}`;
}

/** What a speed means: `1 h of the run each second`. */
export function speedWords(speed: number): string {
  return speed === 1 ? 'as in reality' : `${durationText(speed)} of the run each second`;
}

/** A step of `.`: a round time of about a hundredth of the horizon. */
export function stepSeconds(horizonSeconds: number): number {
  const steps = [1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400];
  return steps.find((step) => step >= horizonSeconds / 150) ?? 86_400;
}

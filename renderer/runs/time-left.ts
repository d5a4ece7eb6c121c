/** How far a run has come and how long it may still take, as the top bar says it. */
import { durationText } from '#drawing/quantities.ts';

/** Below this share, what is left cannot be told from what was. */
const LEAST_SHARE = 0.03;
const LEAST_SECONDS = 3;

export interface Progress {
  readonly simulatedSeconds: number;
  readonly preRollSeconds: number;
  readonly horizonSeconds: number;
  /** Of the wall clock, since the run began. */
  readonly elapsedSeconds: number;
}

/** `12 %`, with `, 40 s left` once that can be told and is worth telling. */
export function progressText({ simulatedSeconds, preRollSeconds, horizonSeconds, elapsedSeconds }: Progress): string {
  const whole = Math.max(1, preRollSeconds + horizonSeconds);
  const share = Math.min(1, Math.max(0, (simulatedSeconds + preRollSeconds) / whole));
  const percent = `${Math.floor(share * 100)} %`;
  const left = share < LEAST_SHARE ? 0 : (elapsedSeconds * (1 - share)) / share;
  return elapsedSeconds < LEAST_SECONDS || left < LEAST_SECONDS
    ? percent
    : `${percent}, ${durationText(rounded(left))} left`;
}

/** To 5 s below a minute, to whole minutes above. */
function rounded(seconds: number): number {
  return seconds < 55 ? Math.ceil(seconds / 5) * 5 : Math.ceil(seconds / 60) * 60;
}

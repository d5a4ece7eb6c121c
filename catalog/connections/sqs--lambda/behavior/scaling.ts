/** How many batches a mapping works on at once: where it starts, what it shrinks to, how fast and how far it grows. */
import type { Config } from '../config.ts';

/**
 * Concurrent invocations, bytes and polls a second of one provisioned poller; deletes do not count: AWS's sizing formula has
 * min(100, 10 x batch size) events a second for each. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html (2026-11-21).
 */
const POLLER_INVOCATIONS = 10;
const POLLER_BYTES_PER_SECOND = 1_048_576;
const POLLER_CALLS_PER_SECOND = 10;
const SECOND_US = 1_000_000;

export interface ScalingPlan {
  readonly start: number;
  readonly least: number;
  readonly most: number;
  readonly perSecond: number;
}

export function scalingPlan(config: Config): ScalingPlan {
  if (config.provisionedPollers) {
    const least = config.minimumPollers * POLLER_INVOCATIONS;
    const most = config.maximumPollers * POLLER_INVOCATIONS;
    return { start: least, least, most, perSecond: config.provisionedScaleUpPerMinute / 60 };
  }
  const most = Math.min(config.mostConcurrency, config.maximumConcurrency ?? Number.POSITIVE_INFINITY);
  return {
    start: Math.min(config.startingConcurrency, most),
    least: Math.min(config.idleConcurrency, most),
    most,
    perSecond: config.scaleUpPerMinute / 60,
  };
}

/** Provisioned pollers behind a concurrency. */
export function pollersFor(concurrency: number): number {
  return Math.ceil(concurrency / POLLER_INVOCATIONS);
}

/**
 * Turns of provisioned pollers: polls evenly spaced at their rate, none while the payload already taken is ahead of its rate.
 * A poll reserves its turn, and again if the payload is too far ahead when the turn comes. One second of payload can be saved up.
 */
export class PollerPace {
  private readonly isOn: boolean;
  private callsFreeUs = Number.NEGATIVE_INFINITY;
  private bytesFreeUs = Number.NEGATIVE_INFINITY;

  constructor(isOn: boolean) {
    this.isOn = isOn;
  }

  /** Takes the next turn and returns when it is, whole microseconds. */
  reserveUs(nowUs: number, pollers: number): number {
    if (!this.isOn) return nowUs;
    const turnUs = Math.ceil(Math.max(nowUs, this.callsFreeUs, this.bytesFreeUs));
    this.callsFreeUs = turnUs + SECOND_US / (POLLER_CALLS_PER_SECOND * pollers);
    return turnUs;
  }

  /** Whether the payload allows a poll now. */
  isClear(nowUs: number): boolean {
    return this.bytesFreeUs <= nowUs;
  }

  useBytes(nowUs: number, bytes: number, pollers: number): void {
    if (!this.isOn) return;
    const fromUs = Math.max(nowUs - SECOND_US, this.bytesFreeUs);
    this.bytesFreeUs = fromUs + (bytes / (POLLER_BYTES_PER_SECOND * pollers)) * SECOND_US;
  }
}

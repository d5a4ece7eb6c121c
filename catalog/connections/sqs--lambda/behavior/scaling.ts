/** How many batches a mapping works on at once: where it starts, what it shrinks to, how fast and how far it grows. */
import type { Config } from '../config.ts';

/** Concurrent invocations, bytes and calls a second of one provisioned poller. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html (2026-11-21). */
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

/** Spaces the calls and the payload of provisioned pollers evenly: no faster than their rates, nothing saved up. */
export class PollerPace {
  private readonly isOn: boolean;
  private callsFreeUs = Number.NEGATIVE_INFINITY;
  private bytesFreeUs = Number.NEGATIVE_INFINITY;

  constructor(isOn: boolean) {
    this.isOn = isOn;
  }

  /** When the next poll may be made, microseconds. */
  freeUs(nowUs: number): number {
    return this.isOn ? Math.max(nowUs, this.callsFreeUs, this.bytesFreeUs) : nowUs;
  }

  useCall(nowUs: number, pollers: number): void {
    if (this.isOn)
      this.callsFreeUs = Math.max(nowUs, this.callsFreeUs) + SECOND_US / (POLLER_CALLS_PER_SECOND * pollers);
  }

  useBytes(nowUs: number, bytes: number, pollers: number): void {
    if (!this.isOn) return;
    this.bytesFreeUs = Math.max(nowUs, this.bytesFreeUs) + (bytes / (POLLER_BYTES_PER_SECOND * pollers)) * SECOND_US;
  }
}

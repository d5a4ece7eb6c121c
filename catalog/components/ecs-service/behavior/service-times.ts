import type { BehaviorContext } from '#engine/behavior.ts';
import { compileLaw, type Law, type LawSpec } from '#engine/kernel/laws.ts';
import type { Config } from '../config.ts';

const MS_US = 1000;
/** Ordinals of one lane stay below this, so that lanes do not share draws. */
const DRAWS_PER_LANE = 4_294_967_296;

/** Times of work alone on a core, and which work fails. Draw n of a lane is the same whatever the other lanes do. */
export class ServiceTimes {
  private readonly context: BehaviorContext<Config>;
  private readonly law: Law;
  private readonly draw;
  private readonly failure;
  private readonly ordinals: number[] = [];

  constructor(context: BehaviorContext<Config>) {
    this.context = context;
    this.law = compileLaw(lawOf(context.config));
    this.draw = context.draw('serviceTime');
    this.failure = context.draw('failure');
  }

  /** Mean time for one record, microseconds, no fault counted. */
  get meanUs(): number {
    return this.law.mean;
  }

  /** Standard deviation of it. */
  get deviationUs(): number {
    const { mean, secondMoment } = this.law;
    return Math.sqrt(Math.max(0, secondMoment - mean * mean));
  }

  /** A lane more: its draws are its own. */
  newLane(): number {
    return this.ordinals.push(0) - 1;
  }

  /** Time for all records of a unit, microseconds. */
  sampleUs(parcel: number, lane: number): number {
    const { store } = this.context.flow;
    let sumUs = 0;
    let ordinal = this.ordinals[lane] ?? 0;
    for (let records = store.records[parcel]!; records > 0; records--) {
      sumUs += this.law.sample(this.draw, lane * DRAWS_PER_LANE + ordinal++);
    }
    this.ordinals[lane] = ordinal;
    return sumUs * this.context.faults.latencyFactor;
  }

  /** Time for one record, microseconds, no fault counted. */
  sampleOneUs(lane: number): number {
    const ordinal = this.ordinals[lane] ?? 0;
    this.ordinals[lane] = ordinal + 1;
    return this.law.sample(this.draw, lane * DRAWS_PER_LANE + ordinal);
  }

  /** Poison always fails; any other error passes: each attempt draws anew. Work on one unit is one invocation. */
  fails(parcel: number, attempt: number): boolean {
    const { faults, flow } = this.context;
    if (flow.isPoison(parcel)) return true;
    const ratio = 1 - (1 - faults.recordErrorRatio) * (1 - faults.invocationErrorRatio);
    return ratio > 0 && this.failure.uniformPair(flow.store.entity[parcel]!, attempt & 2047) < ratio;
  }
}

function lawOf(config: Config): LawSpec {
  const mean = config.meanServiceTimeMs * MS_US;
  switch (config.serviceTimeLaw) {
    case 'exponential':
    case 'deterministic':
      return { kind: config.serviceTimeLaw, mean };
    case 'lognormal':
    case 'gamma':
    case 'hyperexponential':
      return { kind: config.serviceTimeLaw, mean, cv: config.coefficientOfVariation };
  }
}

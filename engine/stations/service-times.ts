import type { FaultState } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { compileLaw, type Law, type LawSpec } from '#engine/kernel/laws.ts';

/** Ordinals of one lane stay below this, so that lanes do not share draws. */
const DRAWS_PER_LANE = 4_294_967_296;

/** What times and failures depend on: see BehaviorContext. */
export interface ServiceEnvironment {
  readonly flow: Flow;
  readonly faults: Readonly<FaultState>;
  draw(purpose: string): DrawStream;
}

/** Times of work on records, one lane after the other, and which work fails. Draw n of a lane is the same whatever the other lanes do. */
export class ServiceTimes {
  private readonly env: ServiceEnvironment;
  private readonly law: Law;
  private readonly draw: DrawStream;
  private readonly failure: DrawStream;
  private readonly ordinals: number[] = [];

  /** `law`: of the time for one record, microseconds. */
  constructor(env: ServiceEnvironment, law: LawSpec) {
    this.env = env;
    this.law = compileLaw(law);
    this.draw = env.draw('serviceTime');
    this.failure = env.draw('failure');
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
    const { store } = this.env.flow;
    let sumUs = 0;
    let ordinal = this.ordinals[lane] ?? 0;
    for (let records = store.records[parcel]; records > 0; records--) {
      sumUs += this.law.sample(this.draw, lane * DRAWS_PER_LANE + ordinal++);
    }
    this.ordinals[lane] = ordinal;
    return sumUs * this.env.faults.latencyFactor;
  }

  /** Times for `count` records, each for itself, microseconds, into `out`; no fault counted. */
  sampleEachUs(lane: number, out: Float64Array, count: number): void {
    const first = lane * DRAWS_PER_LANE + (this.ordinals[lane] ?? 0);
    for (let i = 0; i < count; i++) out[i] = this.law.sample(this.draw, first + i);
    this.ordinals[lane] = (this.ordinals[lane] ?? 0) + count;
  }

  /** Poison always fails; any other error passes: each attempt draws anew. Work on one unit is one invocation. */
  fails(parcel: number, attempt: number): boolean {
    const { faults, flow } = this.env;
    if (flow.isPoison(parcel)) return true;
    const ratio = 1 - (1 - faults.recordErrorRatio) * (1 - faults.invocationErrorRatio);
    return ratio > 0 && this.failure.uniformPair(flow.store.entity[parcel], attempt & 2047) < ratio;
  }
}

/** One shard: the keys of its primary and the engine thread that executes commands one after the other. */
import { KeyedStore, type KeyedStoreLimits } from '#engine/stations/keyed-store.ts';

export class Shard {
  readonly store: KeyedStore;
  /** When the engine has executed everything that it was sent, microseconds. */
  private freeUs = Number.NEGATIVE_INFINITY;
  private workUs = 0;

  constructor(limits: KeyedStoreLimits) {
    this.store = new KeyedStore(limits);
  }

  /** Queues `serviceUs` of work now; returns the time until it is done, microseconds. */
  execute(nowUs: number, serviceUs: number): number {
    this.freeUs = Math.max(nowUs, this.freeUs) + serviceUs;
    this.workUs += serviceUs;
    return this.freeUs - nowUs;
  }

  /** Work that waits or is under way, microseconds. */
  backlogUs(nowUs: number): number {
    return Math.max(0, this.freeUs - nowUs);
  }

  /** Work queued since the last call, without what is still to be done. */
  takeWorkUs(nowUs: number): number {
    const left = this.backlogUs(nowUs);
    const done = Math.max(0, this.workUs - left);
    this.workUs -= done;
    return done;
  }

  /** The node is gone: commands that wait are too. */
  reset(nowUs: number): void {
    this.freeUs = nowUs;
    this.workUs = 0;
  }
}

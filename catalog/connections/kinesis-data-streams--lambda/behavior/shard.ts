/** A shard as the mapping reads it. */
import { ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { IN_FLIGHT, type Lane, READY } from './lane.ts';

export class Shard {
  readonly partition: number;
  readonly lanes: Lane[] = [];
  readonly children: Shard[] = [];
  /** Read but not yet answered. */
  readonly arriving: ParcelList;
  /** Shards that must be read and worked off before this one is read. */
  parentsLeft = 0;
  lastPollUs = Number.NEGATIVE_INFINITY;
  /** When the next poll is due; Infinity when the log will tell. */
  dueUs = Number.POSITIVE_INFINITY;
  /** A poll or an answer is pending in the kernel. */
  isBusy = false;
  /** The last read left something behind. */
  hasMore = false;
  /** Reads refused in a row. */
  refusals = 0;
  /** Closed and read to its end. */
  isEnded = false;
  isDrained = false;
  private readonly work: LimitMeter;
  private lanesAtWork = 0;

  constructor(partition: number, store: ParcelStore, work: LimitMeter) {
    this.work = work;
    this.partition = partition;
    this.arriving = new ParcelList(store);
  }

  /** The function has begun (`change` 1) or ended (-1) the work on a batch of one lane. */
  onWork(nowUs: number, change: number): void {
    this.lanesAtWork += change;
    this.work.set(nowUs, this.lanesAtWork);
  }

  /** Some lane that is not blocked has less than a batch waiting. */
  wants(batchSize: number): boolean {
    for (const lane of this.lanes) {
      if ((lane.state === READY || lane.state === IN_FLIGHT) && lane.buffer.units < batchSize) return true;
    }
    return false;
  }
}

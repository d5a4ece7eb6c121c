import type { ParcelStore } from '#engine/flow/parcels.ts';
import { ParcelList } from '#engine/flow/parcels.ts';

/** One partition of a log: a stretch of the hash ring and, for each consumer, what it has not read yet. */
export class LogPartition {
  /** Place in the order of opening; never reused. */
  readonly id: number;
  /** Keys at positions `from` <= x < `to` of the ring [0, 1) belong here. */
  readonly from: number;
  readonly to: number;
  /** Partitions it took over from; they are to be read to their end first. */
  readonly parents: readonly number[];
  /** Closed partitions take nothing more; what they hold can be read until its retention ends. */
  isOpen = true;
  /** Unread parcels by consumer; a log without consumers keeps one list that nobody reads. */
  readonly unread: readonly ParcelList[];
  /** Time of the latest append, microseconds: records become readable in the order of appending. */
  lastAvailableUs: number;

  constructor(
    id: number,
    from: number,
    to: number,
    parents: readonly number[],
    store: ParcelStore,
    lists: number,
    nowUs: number,
  ) {
    this.id = id;
    this.from = from;
    this.to = to;
    this.parents = parents;
    this.lastAvailableUs = nowUs;
    this.unread = Array.from({ length: Math.max(1, lists) }, () => new ParcelList(store));
  }

  /** Closed and read to its end by this consumer. */
  isRead(consumer: number): boolean {
    return !this.isOpen && this.unread[consumer].length === 0;
  }

  /** Closed and, for every consumer, read to its end. */
  get isDrained(): boolean {
    return !this.isOpen && this.unread.every((list) => list.length === 0);
  }
}

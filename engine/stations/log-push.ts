import type { LogConsumer } from '#engine/flow/ports.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_POLL } from '#engine/kernel/priorities.ts';
import type { LogPartition } from './log-partition.ts';
import type { PartitionedLog } from './partitioned-log.ts';
import { TokenBucket } from './token-bucket.ts';

/** Nothing to say; a notice is scheduled; the consumer was told and has not read yet. */
const QUIET = 0;
const SCHEDULED = 1;
const TOLD = 2;

/**
 * Pushed reading: one consumer with a byte rate of its own at each partition, told when there is something to read.
 *
 * A record reaches the consumer `delayUs` after it became available, or when the byte rate allows, whichever is later. One
 * kernel event per notice; a consumer that was told is not told again before it reads. The last record of a read may
 * overdraw the bucket (records are not cut), which delays the next notice: in the long run the rate holds.
 */
export class LogPush {
  private readonly kernel: Kernel;
  private readonly log: PartitionedLog;
  private readonly consumer: LogConsumer;
  /** Its number in the log. */
  private readonly id: number;
  private readonly notice: number;
  private delayUs: number;
  private bytesPerSecond: number;
  private isSilent = false;
  private readonly buckets: TokenBucket[] = [];
  private readonly states: number[] = [];
  /** The consumer knows that the partition is closed and read to its end. */
  private readonly hasEnded: boolean[] = [];

  constructor(
    kernel: Kernel,
    log: PartitionedLog,
    consumer: LogConsumer,
    id: number,
    bytesPerSecond: number,
    delayUs: number,
  ) {
    this.kernel = kernel;
    this.log = log;
    this.consumer = consumer;
    this.id = id;
    this.bytesPerSecond = bytesPerSecond;
    this.delayUs = delayUs;
    this.notice = kernel.register((partition) => this.tell(partition));
  }

  /** Latest availability that a read at this moment may see, microseconds. */
  get cutoffUs(): number {
    return this.kernel.nowUs - this.delayUs;
  }

  /** A partition was opened; partitions come in the order of their ids. */
  onOpened(partition: LogPartition): void {
    this.buckets[partition.id] = new TokenBucket(this.bytesPerSecond, this.bytesPerSecond, this.kernel.nowUs);
    this.states[partition.id] = QUIET;
    this.hasEnded[partition.id] = false;
  }

  /** Something was appended to the partition, or it was closed: its reader must come once more to learn that. */
  onChanged(partition: LogPartition): void {
    if (this.states[partition.id] === QUIET) this.scheduleNext(partition);
  }

  /** Bytes that a read at this moment may return; 0 or less: none. */
  bytesLeft(partition: LogPartition): number {
    return this.buckets[partition.id].available(this.kernel.nowUs);
  }

  /** The consumer has read `bytes`; the next notice is arranged. */
  onRead(partition: LogPartition, bytes: number): void {
    this.buckets[partition.id].spend(bytes, this.kernel.nowUs);
    if (partition.isRead(this.id)) this.hasEnded[partition.id] = true;
    if (this.states[partition.id] === SCHEDULED) return;
    this.states[partition.id] = QUIET;
    this.scheduleNext(partition);
  }

  /** The consumer tried to read while the log was out of order; it will be told again afterwards. */
  onFailed(partition: LogPartition): void {
    if (this.states[partition.id] === TOLD) this.states[partition.id] = QUIET;
  }

  /** Changes rate and delay from now on; `isSilent`: out of order, nothing is pushed until it is over. */
  configure(bytesPerSecond: number, delayUs: number, isSilent: boolean): void {
    this.bytesPerSecond = bytesPerSecond;
    this.delayUs = delayUs;
    this.isSilent = isSilent;
    const { partitions } = this.log;
    for (let id = 0; id < this.buckets.length; id++) {
      this.buckets[id].configure(bytesPerSecond, bytesPerSecond, this.kernel.nowUs);
      if (!isSilent && this.states[id] === QUIET) this.scheduleNext(partitions[id]);
    }
  }

  private scheduleNext(partition: LogPartition): void {
    const { nowUs } = this.kernel;
    const oldestUs = this.log.firstUs(this.id, partition);
    if (oldestUs === Number.POSITIVE_INFINITY) {
      if (!partition.isOpen && !this.hasEnded[partition.id]) this.schedule(partition, nowUs + this.delayUs);
      return;
    }
    // On a whole microsecond by which it can be read: just before, there would be nothing, and no end of asking.
    const dueUs = Math.max(
      Math.ceil(oldestUs + this.delayUs),
      nowUs + this.buckets[partition.id].timeUntilUs(1, nowUs),
    );
    this.schedule(partition, dueUs);
  }

  private schedule(partition: LogPartition, dueUs: number): void {
    if (this.isSilent || dueUs === Number.POSITIVE_INFINITY) return;
    this.states[partition.id] = SCHEDULED;
    this.kernel.at(Math.max(dueUs, this.kernel.nowUs), this.notice, partition.id, 0, PRIORITY_POLL);
  }

  private tell(id: number): void {
    if (this.isSilent) {
      this.states[id] = QUIET;
      return;
    }
    this.states[id] = TOLD;
    this.consumer.onRecords?.(id);
  }
}

import type { BehaviorContext } from '#engine/behavior.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { FrequentKeys } from '#engine/stations/frequent-keys.ts';
import type { LogPartition } from '#engine/stations/log-partition.ts';
import { LogReadLimit } from '#engine/stations/log-read-limit.ts';
import { TokenBucket } from '#engine/stations/token-bucket.ts';
import type { KeyShare, KeySpace } from '#engine/workload/keys.ts';
import { type Config, limitNames, streamLimits } from '../config.ts';

const SECOND_US = 1_000_000;
/** An episode of refusals is over when this long passed without one, microseconds. */
const CALM_US = 60 * SECOND_US;
/** Share of its write limit above which a second's load is searched for its hottest key. */
const BUSY_RATIO = 0.5;
/** Calls of one shard that index its draws: above any number of calls in a run. */
const DRAWS_PER_SHARD = 68_719_476_736;

/** One shard: its write and read limits, what it took in the last minute, and the episodes it is in. */
export class Shard {
  readonly partition: LogPartition;
  /** Records written. */
  readonly records: TokenBucket;
  /** Bytes written. */
  readonly bytes: TokenBucket;
  readonly reads: LogReadLimit;
  readonly writeRecords: LimitMeter;
  readonly writeBytes: LimitMeter;
  readonly readCalls: LimitMeter;
  readonly readBytes: LimitMeter;
  readonly keys = new FrequentKeys();
  /** Taken since the minute began. */
  minuteUnits = 0;
  minuteBytes = 0;
  /** Largest share of the write limit that the hottest key asked for in a second of this minute, retries not counted. */
  minuteKeyRatio = 0;
  /** Refused since the episode began; 0 outside of one. */
  refusedUnits = 0;
  refusedReads = 0;
  private lastRefusedUs = 0;
  private lastReadRefusedUs = 0;
  private second = Number.NEGATIVE_INFINITY;
  private secondUnits = 0;
  private secondBytes = 0;
  private calls = 0;
  private readonly hottest = new Map<KeySpace, KeyShare>();
  private readonly context: BehaviorContext<Config>;

  constructor(context: BehaviorContext<Config>, partition: LogPartition) {
    const { nowUs } = context.kernel;
    this.context = context;
    this.partition = partition;
    const left = this.limitsLeft();
    this.records = new TokenBucket(left.burstRecords, left.recordsPerSecond, nowUs);
    this.bytes = new TokenBucket(left.burstBytes, left.bytesPerSecond, nowUs);
    this.reads = new LogReadLimit(left.callsPerSecond, left.readBytesPerSecond, left.readRecordsPerSecond, nowUs);
    this.writeRecords = this.meter('write-records', streamLimits.writeRecordsPerSecond);
    this.writeBytes = this.meter('write-bytes', streamLimits.writeBytesPerSecond);
    this.readCalls = this.meter('read-calls', streamLimits.readCallsPerSecond);
    this.readBytes = this.meter('read-bytes', streamLimits.readBytesPerSecond);
  }

  /** AWS's name of the shard. */
  get name(): string {
    return `shardId-${String(this.partition.id).padStart(12, '0')}`;
  }

  /** Sets the limits to the share of capacity that is left at this moment. */
  configure(): void {
    const { nowUs } = this.context.kernel;
    const left = this.limitsLeft();
    this.records.configure(left.burstRecords, left.recordsPerSecond, nowUs);
    this.bytes.configure(left.burstBytes, left.bytesPerSecond, nowUs);
    this.reads.configure(left.callsPerSecond, left.readBytesPerSecond, left.readRecordsPerSecond, nowUs);
  }

  /** Index of the next draw about this shard. */
  nextDraw(): number {
    return this.partition.id * DRAWS_PER_SHARD + this.calls++;
  }

  /** Takes what a record needs of both write limits, or nothing; books it on the meters either way. */
  admit(units: number, bytes: number): boolean {
    const { nowUs } = this.context.kernel;
    if (this.records.available(nowUs) < units) {
      this.writeRecords.refuse(nowUs, units);
      return false;
    }
    if (!this.bytes.take(bytes, nowUs)) {
      this.writeBytes.refuse(nowUs, units);
      return false;
    }
    this.records.take(units, nowUs);
    this.writeRecords.use(nowUs, units);
    this.writeBytes.use(nowUs, bytes);
    this.minuteUnits += units;
    this.minuteBytes += bytes;
    return true;
  }

  /** A record was offered for the first time, whatever became of it. */
  observe(load: number, key: number, units: number, bytes: number): void {
    const second = Math.floor(this.context.kernel.nowUs / SECOND_US);
    if (second !== this.second) {
      this.closeSecond();
      this.second = second;
    }
    this.secondUnits += units;
    this.secondBytes += bytes;
    this.keys.observe(load, key);
  }

  /** The same for a run; `hot` of its records carry `key`, the most frequent one. */
  observeRun(load: number, key: number, hot: number, units: number, bytes: number): void {
    const second = Math.floor(this.context.kernel.nowUs / SECOND_US);
    if (second !== this.second) {
      this.closeSecond();
      this.second = second;
    }
    this.secondUnits += units;
    this.secondBytes += bytes;
    this.keys.observeRun(load, key, hot, units);
  }

  /** The heaviest key of a key space in the shard's range, with its share of what the range takes. */
  hottestOf(space: KeySpace): KeyShare {
    let hottest = this.hottest.get(space);
    if (hottest === undefined) {
      const { from, to } = this.partition;
      const { keyIndex, share } = space.heaviestIn(from, to);
      const whole = space.shareInRange(from, to);
      hottest = { keyIndex, share: whole > 0 ? share / whole : 0 };
      this.hottest.set(space, hottest);
    }
    return hottest;
  }

  /** Opens or goes on with an episode of refused records; true when it is a new one. */
  refuse(units: number): boolean {
    const isNew = this.refusedUnits === 0;
    this.refusedUnits += units;
    this.lastRefusedUs = this.context.kernel.nowUs;
    return isNew;
  }

  /** The same for refused reads. */
  refuseRead(): boolean {
    const isNew = this.refusedReads === 0;
    this.refusedReads += 1;
    this.lastReadRefusedUs = this.context.kernel.nowUs;
    return isNew;
  }

  /** Records refused in the episode that is over by now; 0 when none has ended. */
  endedRefusals(): number {
    if (this.refusedUnits === 0 || this.context.kernel.nowUs - this.lastRefusedUs < CALM_US) return 0;
    const ended = this.refusedUnits;
    this.refusedUnits = 0;
    return ended;
  }

  /** The same for refused reads. */
  endedReadRefusals(): number {
    if (this.refusedReads === 0 || this.context.kernel.nowUs - this.lastReadRefusedUs < CALM_US) return 0;
    const ended = this.refusedReads;
    this.refusedReads = 0;
    return ended;
  }

  /** Forgets the episodes of the pre-roll, whose log is not kept: what goes on begins anew. */
  forgetEpisodes(): void {
    this.refusedUnits = 0;
    this.refusedReads = 0;
  }

  /** Share of the write limit that a load over a minute takes. */
  minuteRatio(): number {
    return loadRatio(this.minuteUnits / 60, this.minuteBytes / 60);
  }

  /** Begins a new minute. */
  startMinute(): void {
    this.closeSecond();
    this.minuteUnits = 0;
    this.minuteBytes = 0;
    this.minuteKeyRatio = 0;
  }

  /** Closes the second that is being counted; called before a minute is read. */
  closeSecond(): void {
    const ratio = loadRatio(this.secondUnits, this.secondBytes);
    if (ratio > BUSY_RATIO) {
      const keyRatio = ratio * this.keys.topShareRatio();
      if (keyRatio > this.minuteKeyRatio) this.minuteKeyRatio = keyRatio;
    }
    this.secondUnits = 0;
    this.secondBytes = 0;
  }

  /**
   * A shard may burst by one second of its limits, or by one of the largest records. Assumption: the buckets' shape; AWS speaks
   * of a tank that refills at 1 MiB/s (https://docs.aws.amazon.com/streams/latest/dev/large-records.html, read 2026-11-21).
   */
  private limitsLeft() {
    const { config, faults } = this.context;
    const { capacityRatio: left } = faults;
    const burstBytes = Math.max(streamLimits.writeBytesPerSecond * left, config.maxRecordSizeInKiB * 1024);
    const readRecords = config.readRecordsPerSecondPerShard;
    return {
      burstRecords: Math.ceil(streamLimits.writeRecordsPerSecond * left),
      recordsPerSecond: streamLimits.writeRecordsPerSecond * left,
      burstBytes: left > 0 ? burstBytes : 0,
      bytesPerSecond: streamLimits.writeBytesPerSecond * left,
      callsPerSecond: streamLimits.readCallsPerSecond * left,
      readBytesPerSecond: streamLimits.readBytesPerSecond * left,
      readRecordsPerSecond: readRecords === undefined ? undefined : readRecords * left,
    };
  }

  private meter(kind: keyof typeof limitNames, capacity: number): LimitMeter {
    const { name, unit, source } = limitNames[kind];
    const id = `${kind}/shard-${this.partition.id}`;
    return this.context.limit({ id, name, unit, kind: 'perSecond', capacity, source, raisable: false });
  }
}

/** Share of a shard's write limit: of its records or of its bytes, whichever is larger. */
export function loadRatio(unitsPerSecond: number, bytesPerSecond: number): number {
  return Math.max(
    unitsPerSecond / streamLimits.writeRecordsPerSecond,
    bytesPerSecond / streamLimits.writeBytesPerSecond,
  );
}

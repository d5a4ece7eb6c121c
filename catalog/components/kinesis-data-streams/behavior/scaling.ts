import type { BehaviorContext } from '#engine/behavior.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import type { LogPartition } from '#engine/stations/log-partition.ts';
import type { PartitionedLog } from '#engine/stations/partitioned-log.ts';
import { type Config, quotaIds, streamLimits } from '../config.ts';
import { loadRatio, type Shard } from './shard.ts';

const SECOND_US = 1_000_000;
const MEGABYTE = 1_000_000;
/** Capacity that on-demand mode aims at, times the peak. https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
const HEADROOM = 2;
/** Share of a shard's record limit that makes on-demand mode split it. Assumption: as for bytes, AWS names bytes only. */
const SPLIT_RECORD_RATIO = 0.5;

/** What scaling needs of the stream. */
export interface ScalingOwner {
  readonly log: PartitionedLog;
  readonly shards: readonly Shard[];
  /** Shards were opened and others closed. */
  onDivided(opened: readonly LogPartition[], closed: readonly number[]): void;
}

/** Changes of the number of shards: one scheduled UpdateShardCount, or AWS's splits in on-demand mode. */
export class Scaling {
  private readonly context: BehaviorContext<Config>;
  private readonly owner: ScalingOwner;
  private readonly beginning: number;
  private readonly ending: number;
  private readonly splitting: number;
  private readonly mostShards: number;
  /** Shards that are being split. */
  private readonly pending = new Set<number>();
  /** Pending splits in the order in which they end: time, then the shards of that time. */
  private readonly batches: number[][] = [];
  /** Shards that the largest minute so far would fill. */
  private peakShards = 0;

  constructor(context: BehaviorContext<Config>, owner: ScalingOwner) {
    const { kernel } = context;
    const write = context.quota(quotaIds.onDemandWrite, streamLimits.onDemandWriteMegabytesPerSecond);
    this.context = context;
    this.owner = owner;
    this.beginning = kernel.register(() => this.beginReshard());
    this.ending = kernel.register(() => this.endReshard());
    this.splitting = kernel.register(() => this.endSplits());
    this.mostShards = Math.max(1, Math.floor((write * MEGABYTE) / streamLimits.writeBytesPerSecond));
  }

  /** Shards when the stream is created. */
  get initialShards(): number {
    const { streamMode, shardCount, onDemandAdvantage, warmThroughputMiBps } = this.context.config;
    if (streamMode === 'PROVISIONED') return shardCount;
    const warm = onDemandAdvantage ? (warmThroughputMiBps ?? 0) : 0;
    return Math.max(streamLimits.onDemandInitialShards, warm);
  }

  /** Schedules the reshard of the settings. */
  start(): void {
    const { streamMode, reshardAtMinutes, reshardTargetShardCount } = this.context.config;
    if (streamMode !== 'PROVISIONED' || reshardAtMinutes === undefined || reshardTargetShardCount === undefined) return;
    this.context.kernel.at(reshardAtMinutes * 60 * SECOND_US, this.beginning, 0, 0, PRIORITY_TIMER);
  }

  /** A minute has passed; in on-demand mode loads above the thresholds ask for splits. */
  onMinute(): void {
    if (this.context.config.streamMode !== 'ON_DEMAND') return;
    const { log, shards } = this.owner;
    const open = Array.from(log.open, (id) => shards[id]!);
    const units = open.reduce((sum, shard) => sum + shard.minuteUnits, 0);
    const bytes = open.reduce((sum, shard) => sum + shard.minuteBytes, 0);
    this.peakShards = Math.max(this.peakShards, loadRatio(units / 60, bytes / 60));
    const free = open.filter((shard) => !this.pending.has(shard.partition.id));
    const hot = free.filter((shard) => this.isHot(shard));
    const wanted = Math.ceil(this.peakShards * HEADROOM) - open.length - this.pending.size;
    const room = this.mostShards - open.length - this.pending.size;
    const count = Math.min(Math.max(hot.length, wanted), free.length, room);
    if (count <= 0) return;
    const hottest = [...free].sort((a, b) => b.minuteRatio() - a.minuteRatio() || a.partition.id - b.partition.id);
    this.beginSplits(hottest.slice(0, count).map((shard) => shard.partition.id));
  }

  private isHot(shard: Shard): boolean {
    const bytesPerSecond = shard.minuteBytes / 60;
    const recordsPerSecond = shard.minuteUnits / 60;
    return (
      bytesPerSecond > this.context.config.onDemandSplitKBPerSecond * 1000 ||
      recordsPerSecond > streamLimits.writeRecordsPerSecond * SPLIT_RECORD_RATIO
    );
  }

  private beginSplits(ids: readonly number[]): void {
    const { config, kernel, log } = this.context;
    for (const id of ids) this.pending.add(id);
    this.batches.push([...ids]);
    kernel.after(config.onDemandScalingSeconds * SECOND_US, this.splitting, 0, 0, PRIORITY_TIMER);
    const from = this.owner.log.open.length;
    log('info', 'kinesis-data-streams/scaling-begun', { from, to: from + this.pending.size });
  }

  private endSplits(): void {
    const ids = this.batches.shift() ?? [];
    const from = this.owner.log.open.length;
    const closed: number[] = [];
    const opened = this.owner.log.halve(ids, this.context.kernel.nowUs, closed);
    for (const id of ids) this.pending.delete(id);
    this.owner.onDivided(opened, closed);
    this.context.log('info', 'kinesis-data-streams/scaling-done', { from, to: this.owner.log.open.length });
  }

  private beginReshard(): void {
    const { config, kernel, log } = this.context;
    const from = this.owner.log.open.length;
    const to = config.reshardTargetShardCount ?? from;
    if (to === from) return;
    const seconds = config.reshardBaseSeconds + config.reshardSecondsPerStep * reshardSteps(from, to);
    log('info', 'kinesis-data-streams/reshard-begun', { from, to });
    kernel.after(seconds * SECOND_US, this.ending, 0, 0, PRIORITY_TIMER);
  }

  private endReshard(): void {
    const { config, kernel, log } = this.context;
    const from = this.owner.log.open.length;
    const to = config.reshardTargetShardCount ?? from;
    const closed: number[] = [];
    const opened = this.owner.log.divideEqually(to, kernel.nowUs, closed);
    this.owner.onDivided(opened, closed);
    log('info', 'kinesis-data-streams/reshard-done', { from, to });
  }
}

/**
 * Rounds of pairwise splits or merges that lead from one number of equal shards to another. Assumption: AWS says that
 * multiples of 25 % finish sooner (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html,
 * read 2026-11-21); doubling and halving are taken as one round, other quarters as two, the rest as three.
 */
export function reshardSteps(from: number, to: number): number {
  if (to === from) return 0;
  if (to === from * 2 || to * 2 === from) return 1;
  return (to * 4) % from === 0 ? 2 : 3;
}

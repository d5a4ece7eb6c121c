/** Everything a cache counts: CloudWatch metrics, billed quantities, limits, log episodes. */
import type { BehaviorContext } from '#engine/behavior.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { KeyedStore } from '#engine/stations/keyed-store.ts';
import { type Config, serverlessLimits } from '../config.ts';
import type { Shard } from './shard.ts';

const MS = 1000;
const HOUR_US = 3_600_000_000;
const SECOND_US = 1_000_000;
const BYTES_PER_GB = 1_073_741_824;
const QUIET_US = 60 * SECOND_US;
/** Share of the engine's time at which AWS advises an alarm. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html (2026-11-21). */
const BUSY_PERCENT = 90;
/** What the protocol adds to a command and to its answer. Assumption: RESP framing of SET with options, and of a short reply. */
const COMMAND_BYTES = 30;
const ANSWER_BYTES = 5;

/** Kept by the connections of functions; named so that their series exist without one. */
const connectionCounters = ['DuplicatesFound', 'DuplicatesMissed', 'RecordsMarkedAndLost'] as const;

export class CacheMeters {
  private readonly context: BehaviorContext<Config>;
  private readonly maxBytes: number;
  private readonly hits;
  private readonly misses;
  private readonly hitRate;
  private readonly items;
  private readonly evictions;
  private readonly reclaimed;
  private readonly bytesUsed;
  private readonly memoryPercent;
  private readonly enginePercent;
  private readonly gets;
  private readonly sets;
  private readonly bytesIn;
  private readonly bytesOut;
  private readonly processingUnits;
  private readonly throttled;
  private readonly latency;
  private readonly outOfMemory;
  private readonly dataGbHours;
  private readonly ecpus;
  private readonly memory: LimitMeter;
  private readonly commands: readonly LimitMeter[];
  private readonly evicting: Episode;
  private readonly refusing: Episode;
  private readonly throttling: Episode;
  private evicted = 0;
  private expired = 0;
  private isBusy = false;
  private sampledUs: number;
  private engineSampledUs: number;
  private ecpusSinceSample = 0;

  /** `maxBytes`: of all shards together. */
  constructor(context: BehaviorContext<Config>, shards: number, maxBytes: number) {
    const { config, startUs } = context;
    this.context = context;
    this.maxBytes = maxBytes;
    this.sampledUs = Math.max(0, startUs);
    this.engineSampledUs = startUs;
    this.hits = context.counter('CacheHits');
    this.misses = context.counter('CacheMisses');
    this.hitRate = context.sample('CacheHitRate');
    this.items = context.gauge('CurrItems');
    this.evictions = context.counter('Evictions');
    this.reclaimed = context.counter('Reclaimed');
    this.bytesUsed = context.gauge('BytesUsedForCache');
    this.gets = context.counter('GetTypeCmds');
    this.sets = context.counter('SetTypeCmds');
    this.bytesIn = context.counter('NetworkBytesIn');
    this.bytesOut = context.counter('NetworkBytesOut');
    this.latency = context.sample('CommandLatency');
    this.outOfMemory = context.counter('OutOfMemoryErrors');
    for (const name of connectionCounters) context.counter(name);
    context.sample('MissedDuplicateAge');
    const isServerless = config.deployment === 'serverless';
    this.memoryPercent = isServerless ? undefined : context.gauge('DatabaseMemoryUsagePercentage');
    this.enginePercent = isServerless ? undefined : context.gauge('EngineCPUUtilization');
    this.processingUnits = isServerless ? context.counter('ElastiCacheProcessingUnits') : undefined;
    this.throttled = isServerless ? context.counter('ThrottledCmds') : undefined;
    this.dataGbHours = isServerless ? context.usage('dataGbHours') : undefined;
    this.ecpus = isServerless ? context.usage('ecpus') : undefined;
    this.memory = memoryMeter(context, maxBytes);
    this.commands = isServerless ? [] : Array.from({ length: shards }, (_, i) => commandMeter(context, i));
    this.evicting = this.episode('elasticache/evicting', 'elasticache/evicting-over');
    this.refusing = this.episode('elasticache/out-of-memory', 'elasticache/out-of-memory-over');
    this.throttling = this.episode('elasticache/throttled', 'elasticache/throttling-over');
  }

  /** A command that only reads. */
  read(found: boolean): void {
    const { nowUs } = this.context.kernel;
    this.gets.add(nowUs, 1);
    (found ? this.hits : this.misses).add(nowUs, 1);
    this.hitRate.add(nowUs, found ? 100 : 0);
  }

  write(): void {
    this.sets.add(this.context.kernel.nowUs, 1);
  }

  refusedByMemory(): void {
    const { nowUs } = this.context.kernel;
    this.outOfMemory.add(nowUs, 1);
    this.memory.refuse(nowUs, 1);
    this.refusing.mark(1);
  }

  /** Commands that a shard was sent; `backlogUs` of work wait there, `serviceUs` each. */
  executed(shard: number, commands: number, backlogUs: number, serviceUs: number): void {
    const { nowUs } = this.context.kernel;
    const meter = this.commands[shard];
    meter?.use(nowUs, commands);
    meter?.wait(nowUs, Math.max(0, Math.floor(backlogUs / serviceUs) - commands));
  }

  /** A request was carried out; returns its payload bytes both ways. */
  answered(records: number, calls: number, entryBytes: number, latencyUs: number): number {
    const { nowUs } = this.context.kernel;
    const sent = records * entryBytes + calls * COMMAND_BYTES;
    const received = records * ANSWER_BYTES;
    this.bytesIn.add(nowUs, sent);
    this.bytesOut.add(nowUs, received);
    this.latency.add(nowUs, latencyUs / MS, records);
    return sent + received;
  }

  usedEcpus(ecpus: number): void {
    this.processingUnits?.add(this.context.kernel.nowUs, ecpus);
    if (this.context.kernel.nowUs >= 0) this.ecpusSinceSample += ecpus;
  }

  throttledCommands(commands: number): void {
    this.throttled?.add(this.context.kernel.nowUs, commands);
    this.throttling.mark(commands);
  }

  /** The keys of the cache have changed. */
  levels(shards: readonly Shard[]): void {
    const { nowUs } = this.context.kernel;
    let items = 0;
    let bytes = 0;
    let fullest = 0;
    let evicted = 0;
    let expired = 0;
    for (const { store } of shards) {
      items += store.size;
      bytes += store.bytes;
      if (store.bytes > fullest) fullest = store.bytes;
      evicted += store.evictions;
      expired += store.expired;
    }
    this.items.set(nowUs, items);
    this.bytesUsed.set(nowUs, bytes);
    this.memory.set(nowUs, fullest * shards.length);
    this.memoryPercent?.set(nowUs, (100 * fullest * shards.length) / this.maxBytes);
    if (evicted > this.evicted) {
      this.evictions.add(nowUs, evicted - this.evicted);
      this.evicting.mark(evicted - this.evicted);
    }
    if (expired > this.expired) this.reclaimed.add(nowUs, expired - this.expired);
    this.evicted = evicted;
    this.expired = expired;
  }

  /** Time zero: what is billed begins here. */
  startRecording(): void {
    this.sampledUs = 0;
    this.ecpusSinceSample = 0;
  }

  /** Every minute and at the end: the engine's use, and what is billed by samples. */
  sample(shards: readonly Shard[]): void {
    const { nowUs } = this.context.kernel;
    const spanUs = nowUs - this.sampledUs;
    this.sampleEngine(shards, nowUs);
    if (spanUs <= 0 || nowUs < 0) return;
    this.sampledUs = nowUs;
    if (this.dataGbHours === undefined || this.ecpus === undefined) return;
    const { engine, minimumEcpuPerSecond } = this.context.config;
    const stored = shards.reduce((sum: number, { store }: { store: KeyedStore }) => sum + store.bytes, 0);
    const billedGB = Math.max(serverlessLimits.leastBilledGB[engine], stored / BYTES_PER_GB);
    this.dataGbHours.add((billedGB * spanUs) / HOUR_US);
    this.ecpus.add(Math.max(this.ecpusSinceSample, (minimumEcpuPerSecond * spanUs) / SECOND_US));
    this.ecpusSinceSample = 0;
  }

  private sampleEngine(shards: readonly Shard[], nowUs: number): void {
    const spanUs = nowUs - this.engineSampledUs;
    if (this.enginePercent === undefined || spanUs <= 0) return;
    this.engineSampledUs = nowUs;
    let busiest = 0;
    for (const shard of shards) busiest = Math.max(busiest, shard.takeWorkUs(nowUs));
    const percent = Math.min(100, (100 * busiest) / spanUs);
    this.enginePercent.set(nowUs, percent);
    if (percent >= BUSY_PERCENT === this.isBusy) return;
    this.isBusy = !this.isBusy;
    if (this.isBusy) this.context.log('warning', 'elasticache/engine-busy', { percent: Math.round(percent) });
    else this.context.log('info', 'elasticache/engine-free', { percent: Math.round(percent) });
  }

  private episode(begins: string, ends: string): Episode {
    const { context } = this;
    return new Episode(context.kernel, QUIET_US, {
      onBegan: () => context.log('warning', begins, {}),
      onEnded: (count) => context.log('info', ends, { count }),
    });
  }
}

function memoryMeter(context: BehaviorContext<Config>, capacity: number): LimitMeter {
  return context.limit({
    id: 'memory',
    name: 'memory for keys',
    unit: 'bytes',
    kind: 'level',
    capacity,
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html',
    raisable: false,
  });
}

function commandMeter(context: BehaviorContext<Config>, shard: number): LimitMeter {
  return context.limit({
    id: `commands/shard-${shard}`,
    name: 'commands of one engine thread',
    unit: 'commands/s',
    kind: 'perSecond',
    capacity: context.config.commandsPerSecond,
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html',
    raisable: false,
  });
}

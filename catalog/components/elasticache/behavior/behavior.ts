/** A cache: shards with keys that expire and are evicted, and an engine thread each; or a serverless cache. */
import type { Behavior, BehaviorContext, BehaviorFactory } from '#engine/behavior.ts';
import {
  ANSWER_DONE,
  ANSWER_FAILED,
  ANSWER_FOUND,
  ANSWER_REFUSED,
  type Callee,
  type CallReply,
  type CallRequest,
} from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import type { KeyedStoreLimits } from '#engine/stations/keyed-store.ts';
import { type Config, maxmemoryBytes } from '../config.ts';
import { CacheMeters } from './meters.ts';
import { ServerlessRate } from './serverless.ts';
import { Shard } from './shard.ts';

const MS = 1000;
const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
const HOUR_US = 3600 * SECOND_US;
const BYTES_PER_GB = 1_073_741_824;
const BYTES_PER_KB = 1024;
/** Keys of one caller: 256 workloads. */
const LOADS = 256;

export const build: BehaviorFactory<Config> = (context) => new Cache(context);

class Cache implements Behavior, Callee {
  readonly meeting = 'call';
  readonly inputs: Readonly<Record<string, Callee>>;
  private readonly context: BehaviorContext<Config>;
  private readonly shards: readonly Shard[];
  private readonly meters: CacheMeters;
  private readonly rate: ServerlessRate | undefined;
  private readonly failure: DrawStream;
  private readonly commandFailure: DrawStream;
  private readonly onMinute: number;
  /** Commands for each shard in the request at hand. */
  private readonly load: Int32Array;
  private requests = 0;
  private outageSinceUs = Number.NaN;

  constructor(context: BehaviorContext<Config>) {
    const { config, kernel } = context;
    this.context = context;
    const count = config.deployment === 'serverless' ? 1 : config.numNodeGroups;
    const limits = limitsOf(config);
    this.shards = Array.from({ length: count }, () => new Shard(limits));
    this.meters = new CacheMeters(context, count, count * limits.maxBytes);
    this.rate = config.deployment === 'serverless' ? new ServerlessRate(context) : undefined;
    this.failure = context.draw('failure');
    this.commandFailure = context.draw('commandFailure');
    this.load = new Int32Array(count);
    this.onMinute = kernel.register(() => this.minute());
    this.inputs = { commands: this };
  }

  start(): void {
    this.rate?.start();
    this.context.kernel.after(MINUTE_US, this.onMinute, 0, 0, PRIORITY_SAMPLING);
  }

  startRecording(): void {
    this.meters.startRecording();
  }

  finish(): void {
    const { config, horizonUs } = this.context;
    this.meters.sample(this.shards);
    if (this.rate !== undefined) return;
    const nodes = config.numNodeGroups * (1 + config.replicasPerNodeGroup);
    this.context.usage('nodeHours').add((nodes * horizonUs) / HOUR_US);
  }

  /** An outage that ends has replaced the primary: by a replica, which lags behind, or by an empty node. */
  fault(): void {
    const { faults, kernel } = this.context;
    this.rate?.scale();
    const isOut = !Number.isNaN(this.outageSinceUs);
    if (faults.outage === isOut) return;
    if (faults.outage) {
      this.outageSinceUs = kernel.nowUs;
      return;
    }
    const sinceUs = this.outageSinceUs;
    this.outageSinceUs = Number.NaN;
    this.comeBack(sinceUs);
  }

  call(request: CallRequest, reply: CallReply): void {
    const { faults } = this.context;
    const ordinal = this.requests++;
    const latencyUs = this.context.config.commandLatencyMs * MS;
    const { invocationErrorRatio } = faults;
    if (invocationErrorRatio > 0 && this.failure.uniform(ordinal) < invocationErrorRatio) {
      answerAll(request, reply, ANSWER_FAILED, latencyUs);
    } else if (!this.admits(request)) {
      answerAll(request, reply, ANSWER_REFUSED, latencyUs);
    } else this.execute(request, reply, latencyUs, ordinal);
  }

  private comeBack(sinceUs: number): void {
    const { config, kernel, log } = this.context;
    const before = this.items;
    for (const shard of this.shards) {
      shard.reset(kernel.nowUs);
      // A serverless cache stands in several Availability Zones.
      if (this.rate === undefined && config.replicasPerNodeGroup === 0) shard.store.clear();
      else shard.store.removeSince(sinceUs - config.replicationLagMs * MS);
    }
    const lost = before - this.items;
    if (lost > 0) log('warning', 'elasticache/keys-lost', { lost, replicas: config.replicasPerNodeGroup });
    this.meters.levels(this.shards);
  }

  private get items(): number {
    return this.shards.reduce((sum, { store }) => sum + store.size, 0);
  }

  private admits(request: CallRequest): boolean {
    if (this.context.faults.capacityRatio === 0) return false;
    if (this.rate === undefined) return true;
    const kilobytes = (request.count * request.entryBytes) / BYTES_PER_KB;
    const ecpus = Math.max(request.calls, kilobytes);
    if (!this.rate.take(ecpus)) {
      this.meters.throttledCommands(request.calls);
      return false;
    }
    this.meters.usedEcpus(ecpus);
    return true;
  }

  private execute(request: CallRequest, reply: CallReply, roundTripUs: number, ordinal: number): void {
    const { recordErrorRatio } = this.context.faults;
    this.load.fill(0);
    reply.refused = 0;
    reply.failed = 0;
    for (let i = 0; i < request.count; i++) {
      const p = request.records[i]!;
      const entity = this.context.flow.store.entity[p]!;
      const shard = this.shardOf(entity);
      this.load[shard]!++;
      const fails = recordErrorRatio > 0 && this.commandFailure.uniformPair(entity, ordinal % 2048) < recordErrorRatio;
      const answer = fails ? ANSWER_FAILED : this.command(request, p, entity, this.shards[shard]!);
      reply.answers[i] = answer;
      if (answer === ANSWER_FAILED) reply.failed++;
    }
    reply.latencyUs = roundTripUs + this.engineUs();
    reply.retryAfterUs = 0;
    reply.bytes = this.meters.answered(request.count, request.calls, request.entryBytes, reply.latencyUs);
    this.meters.levels(this.shards);
  }

  /** One command on one key: what it finds and leaves behind. */
  private command(request: CallRequest, p: number, entity: number, { store }: Shard): number {
    const { config, flow, kernel } = this.context;
    const { nowUs } = kernel;
    const { operation } = request;
    const space = request.space * LOADS + flow.store.load[p]!;
    if (operation === 'read') {
      const found = store.has(entity, nowUs, space);
      this.meters.read(found);
      return found ? ANSWER_FOUND : ANSWER_DONE;
    }
    if (operation === 'compute') return ANSWER_DONE;
    this.meters.write();
    if (operation === 'add' && store.has(entity, nowUs, space)) return ANSWER_FOUND;
    const bytes = request.entryBytes + config.entryOverheadBytes;
    if (store.put(entity, nowUs, bytes, space, request.lifeUs)) return ANSWER_DONE;
    this.meters.refusedByMemory();
    return ANSWER_FAILED;
  }

  /** Queues the request's commands at the engines; returns the time until the last is executed, microseconds. */
  private engineUs(): number {
    if (this.rate !== undefined) return 0;
    const { config, faults, kernel } = this.context;
    const serviceUs = SECOND_US / config.commandsPerSecond / faults.capacityRatio;
    let longestUs = 0;
    for (let i = 0; i < this.shards.length; i++) {
      const commands = this.load[i]!;
      if (commands === 0) continue;
      const doneUs = this.shards[i]!.execute(kernel.nowUs, commands * serviceUs);
      this.meters.executed(i, commands, doneUs, serviceUs);
      if (doneUs > longestUs) longestUs = doneUs;
    }
    return longestUs;
  }

  private shardOf(entity: number): number {
    const count = this.shards.length;
    if (count === 1) return 0;
    let h = Math.imul((entity | 0) ^ Math.floor(entity / 4_294_967_296), 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    return ((h ^ (h >>> 13)) >>> 0) % count;
  }

  private minute(): void {
    this.meters.sample(this.shards);
    this.context.kernel.after(MINUTE_US, this.onMinute, 0, 0, PRIORITY_SAMPLING);
  }
}

function limitsOf(config: Config): KeyedStoreLimits {
  const ttlUs = Number.POSITIVE_INFINITY;
  if (config.deployment === 'serverless') {
    return { ttlUs, maxBytes: config.maximumDataStorageGB * BYTES_PER_GB, whenFull: 'evict', sparesLasting: true };
  }
  const { cacheNodeType, maxmemoryPolicy, reservedMemoryPercent } = config;
  const maxBytes = maxmemoryBytes[cacheNodeType] * (1 - reservedMemoryPercent / 100);
  const whenFull = maxmemoryPolicy === 'volatile-ttl' ? 'evictEndingFirst' : 'evict';
  const sparesLasting = maxmemoryPolicy !== 'allkeys-lru';
  return { ttlUs, maxBytes, sparesLasting, whenFull: maxmemoryPolicy === 'noeviction' ? 'refuse' : whenFull };
}

/** Nothing is done for any record of the request. */
function answerAll(request: CallRequest, reply: CallReply, answer: number, latencyUs: number): void {
  reply.answers.fill(answer, 0, request.count);
  reply.refused = answer === ANSWER_REFUSED ? request.count : 0;
  reply.failed = answer === ANSWER_FAILED ? request.count : 0;
  reply.latencyUs = latencyUs;
  reply.retryAfterUs = 0;
  reply.bytes = 0;
}

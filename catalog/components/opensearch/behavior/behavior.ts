/** A search domain: bulk requests on write threads, documents visible after a refresh, searches on search threads, indexes on volumes. */
import type { Behavior, BehaviorContext, BehaviorFactory } from '#engine/behavior.ts';
import { FLAG_DUPLICATE, NONE, type ParcelList } from '#engine/flow/parcels.ts';
import type { QueryPort, QueryReply, ServedPort } from '#engine/flow/ports.ts';
import { PRIORITY_SAMPLING, PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { RefreshGate } from '#engine/stations/refresh-gate.ts';
import { QUEUE_FULL } from '#engine/stations/thread-pool.ts';
import { type Config, domainLimits } from '../config.ts';
import { BulkPort } from './bulk-port.ts';
import { Indexes } from './indexes.ts';
import { DomainMeters } from './meters.ts';
import { Processors } from './processors.ts';

const MS_US = 1000;
const SECOND_US = 1_000_000;
/** How often gauges are set, microseconds; CloudWatch shows minutes of them. */
const SAMPLE_US = 10 * SECOND_US;
/** Time until a caller learns that the domain is out of order, microseconds. Assumption. */
const OUTAGE_LATENCY_US = 50_000;

export const build: BehaviorFactory<Config> = (context) => new Domain(context);

class Domain implements Behavior, QueryPort {
  readonly meeting = 'query';
  readonly inputs: Readonly<Record<string, ServedPort>>;
  private readonly context: BehaviorContext<Config>;
  private readonly indexes: Indexes;
  private readonly processors: Processors;
  private readonly meters: DomainMeters;
  private readonly onSample: number;
  private readonly onRotation: number;
  private visibleDocuments = 0;
  private ratio = 1;

  constructor(context: BehaviorContext<Config>) {
    const { config, flow, kernel } = context;
    this.context = context;
    this.indexes = new Indexes(config);
    this.processors = new Processors(config, this.indexes.copies, kernel.nowUs);
    this.meters = new DomainMeters(context, this.indexes, this.processors);
    const gate = new RefreshGate(kernel, flow.store, config.refreshIntervalSeconds * SECOND_US, (visible) =>
      this.deliver(visible),
    );
    const bulks = new BulkPort(context, {
      indexes: this.indexes,
      processors: this.processors,
      meters: this.meters,
      gate,
    });
    this.inputs = { documents: bulks, searches: this };
    this.onSample = kernel.register(() => this.sample());
    this.onRotation = kernel.register(() => this.rotate());
  }

  start(): void {
    const { kernel } = this.context;
    const { rotationUs } = this.indexes;
    this.meters.setBlocked(this.indexes.isFull);
    this.sample();
    if (rotationUs === Number.POSITIVE_INFINITY) return;
    // The index of time zero is that of the pre-roll: what is stored is spread over indexes that all still count.
    kernel.at(rotationUs, this.onRotation, 0, 0, PRIORITY_TIMER);
  }

  fault(): void {
    const { faults, kernel } = this.context;
    if (faults.capacityRatio === this.ratio) return;
    this.ratio = faults.capacityRatio;
    this.processors.limitTo(this.ratio, kernel.nowUs);
    this.indexes.nodesUp = this.processors.nodesUp;
    this.meters.setBlocked(this.indexes.isFull);
  }

  finish(): void {
    this.meters.bill();
  }

  /** A search runs on every primary shard, or a copy of it, of the indexes that it looks through. */
  query(reply: QueryReply): void {
    const { config, faults, kernel } = this.context;
    const { indexes, meters, processors } = this;
    const { nowUs } = kernel;
    reply.refused = false;
    reply.failed = faults.outage;
    reply.latencyUs = faults.outage ? OUTAGE_LATENCY_US : config.searchLatencyMs * MS_US * faults.latencyFactor;
    if (faults.outage) return;
    const tasks = config.primaryShards * indexes.searched;
    const isFull = processors.searches.waiting(nowUs) + tasks > processors.searchPlaces();
    if (isFull && processors.searches.busy(nowUs) === processors.searches.threads) {
      reply.refused = true;
      meters.onSearchRejected();
      return;
    }
    const stretch = processors.searchStretch(nowUs) * faults.latencyFactor;
    let doneUs = nowUs;
    for (let back = 0; back < indexes.searched; back++) {
      const workUs = (config.searchMsPerShard + config.searchMsPerGiB * indexes.shardGiB(back)) * MS_US * stretch;
      for (let shard = 0; shard < config.primaryShards; shard++) {
        const endUs = processors.searches.submit(nowUs, workUs, true);
        if (endUs !== QUEUE_FULL && endUs > doneUs) doneUs = endUs;
      }
    }
    reply.latencyUs += doneUs - nowUs;
    meters.onSearched(tasks, reply.latencyUs);
    meters.setQueues();
  }

  /** Documents are found from now on. A repeated one with the id of its record overwrites the first. */
  private deliver(visible: ParcelList): void {
    const { config, flow, kernel, node } = this.context;
    const { store } = flow;
    const overwrites = config.documentIds === 'fromRecord';
    for (let p = visible.shift(); p !== NONE; p = visible.shift()) {
      if (overwrites && (store.flags[p]! & FLAG_DUPLICATE) !== 0) {
        this.meters.deleted.add(kernel.nowUs, store.units[p]!);
        flow.absorb(p);
        continue;
      }
      this.visibleDocuments += store.units[p]!;
      flow.deliver(p, node, kernel.nowUs);
    }
    this.meters.onVisible(this.visibleDocuments);
  }

  private sample(): void {
    this.context.kernel.after(SAMPLE_US, this.onSample, 0, 0, PRIORITY_SAMPLING);
    this.meters.sample();
  }

  private rotate(): void {
    const { kernel, log } = this.context;
    const { indexes, meters } = this;
    kernel.after(indexes.rotationUs, this.onRotation, 0, 0, PRIORITY_TIMER);
    const deleted = indexes.rotate();
    this.visibleDocuments = Math.max(0, this.visibleDocuments - deleted);
    meters.deleted.add(kernel.nowUs, deleted);
    meters.onVisible(this.visibleDocuments);
    meters.setBlocked(indexes.isFull);
    if (indexes.shards > domainLimits.shardsPerNode * this.processors.nodesUp) {
      log('error', 'opensearch/too-many-shards', { shards: indexes.shards, nodes: this.processors.nodesUp });
    }
  }
}

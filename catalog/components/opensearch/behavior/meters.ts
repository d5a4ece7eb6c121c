/** Metrics, limits, billed hours and log episodes of a domain. */
import type { BehaviorContext } from '#engine/behavior.ts';
import { Episode } from '#engine/stations/episode.ts';
import { type Config, domainLimits, instanceSizes } from '../config.ts';
import type { Indexes } from './indexes.ts';
import { heapBytes } from './indexes.ts';
import type { Processors } from './processors.ts';

const MS_US = 1000;
const MEBIBYTE = 1_048_576;
const HOUR_US = 3_600_000_000;
/** Hours of the month that prices are for. */
const HOURS_PER_MONTH = 730;
const QUIET_US = 60_000_000;
const guide = 'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/';

export class DomainMeters {
  readonly writeQueue;
  readonly pressure;
  readonly storage;
  readonly payload;
  readonly searchQueue;
  readonly shards;
  readonly deleted;
  private readonly context: BehaviorContext<Config>;
  private readonly indexes: Indexes;
  private readonly processors: Processors;
  private readonly cpu;
  private readonly free;
  private readonly used;
  private readonly blocked;
  private readonly nodes;
  private readonly activeShards;
  private readonly documents;
  private readonly largestShard;
  private readonly indexed;
  private readonly indexingLatency;
  private readonly queue;
  private readonly rejected;
  private readonly coordinatingRejected;
  private readonly searched;
  private readonly searchLatency;
  private readonly searchQueueGauge;
  private readonly searchRejected;
  private readonly requests;
  private readonly ok;
  private readonly clientErrors;
  private readonly serverErrors;
  private readonly perBulk;
  private readonly rejecting: Episode;
  private readonly tooLarge: Episode;
  private readonly searchesRejected: Episode;
  private isBlocked = false;
  private refusedWhileBlocked = 0;

  constructor(context: BehaviorContext<Config>, indexes: Indexes, processors: Processors) {
    const { config, kernel, log } = context;
    this.context = context;
    this.indexes = indexes;
    this.processors = processors;
    this.cpu = context.gauge('CPUUtilization');
    this.free = context.gauge('FreeStorageSpace');
    this.used = context.gauge('ClusterUsedSpace');
    this.blocked = context.gauge('ClusterIndexWritesBlocked');
    this.nodes = context.gauge('Nodes');
    this.activeShards = context.gauge('Shards.active');
    this.documents = context.gauge('SearchableDocuments');
    this.largestShard = context.gauge('LargestShard');
    this.deleted = context.counter('DeletedDocuments');
    this.indexed = context.counter('IndexingRate');
    this.indexingLatency = context.sample('IndexingLatency');
    this.queue = context.gauge('ThreadpoolWriteQueue');
    this.rejected = context.counter('ThreadpoolWriteRejected');
    this.coordinatingRejected = context.counter('CoordinatingWriteRejected');
    this.searched = context.counter('SearchRate');
    this.searchLatency = context.sample('SearchLatency');
    this.searchQueueGauge = context.gauge('ThreadpoolSearchQueue');
    this.searchRejected = context.counter('ThreadpoolSearchRejected');
    this.requests = context.counter('OpenSearchRequests');
    this.ok = context.counter('2xx');
    this.clientErrors = context.counter('4xx');
    this.serverErrors = context.counter('5xx');
    this.perBulk = context.sample('DocumentsPerBulk');
    const limits = limitsOf(context, indexes, processors);
    this.writeQueue = limits.writeQueue;
    this.pressure = limits.pressure;
    this.storage = limits.storage;
    this.payload = limits.payload;
    this.searchQueue = limits.searchQueue;
    this.shards = limits.shards;
    this.rejecting = new Episode(kernel, QUIET_US, {
      onBegan: () => log('warning', 'opensearch/rejecting', { nodes: processors.nodesUp }),
      onEnded: (documents) => log('info', 'opensearch/rejecting-ended', { documents }),
    });
    this.tooLarge = new Episode(kernel, QUIET_US, {
      onBegan: () =>
        log('error', 'opensearch/payload-too-large', {
          most: instanceSizes[config.instanceType]?.payloadMiB ?? 0,
          instanceType: config.instanceType,
        }),
      onEnded: (requests) => log('info', 'opensearch/payload-too-large-ended', { requests }),
    });
    this.searchesRejected = new Episode(kernel, QUIET_US, {
      onBegan: () => log('warning', 'opensearch/searches-rejected', {}),
      onEnded: (searches) => log('info', 'opensearch/searches-rejected-ended', { searches }),
    });
  }

  /** Sets the gauges from the time that has passed. */
  sample(): void {
    const { nowUs } = this.context.kernel;
    const { indexes, processors } = this;
    this.cpu.set(nowUs, 100 * processors.takeUtilisation(nowUs));
    this.free.set(nowUs, indexes.freeBytes / MEBIBYTE);
    this.used.set(nowUs, indexes.usedBytes / MEBIBYTE);
    this.nodes.set(nowUs, processors.nodesUp);
    this.activeShards.set(nowUs, indexes.shards);
    this.largestShard.set(nowUs, indexes.largestShardBytes / MEBIBYTE);
    this.storage.set(nowUs, indexes.usedBytes);
    this.shards.set(nowUs, indexes.shards);
    this.setQueues();
  }

  setQueues(): void {
    const { nowUs } = this.context.kernel;
    const writes = this.processors.writes.waiting(nowUs);
    const searches = this.processors.searches.waiting(nowUs);
    this.queue.set(nowUs, writes);
    this.searchQueueGauge.set(nowUs, searches);
    this.writeQueue.set(nowUs, writes);
    this.searchQueue.set(nowUs, searches);
  }

  /** Blocks or frees writes; said once. */
  setBlocked(isBlocked: boolean): void {
    if (isBlocked === this.isBlocked) return;
    this.isBlocked = isBlocked;
    const { kernel, log } = this.context;
    this.blocked.set(kernel.nowUs, isBlocked ? 1 : 0);
    if (isBlocked) {
      this.refusedWhileBlocked = 0;
      log('error', 'opensearch/writes-blocked', {
        freeGiB: Math.round(this.indexes.freeBytes / MEBIBYTE / 102.4) / 10,
      });
    } else log('info', 'opensearch/writes-free', { documents: this.refusedWhileBlocked });
  }

  onRequest(documents: number, bytes: number): void {
    const { nowUs } = this.context.kernel;
    this.requests.add(nowUs, 1);
    this.perBulk.add(nowUs, documents);
    this.payload.set(nowUs, bytes);
    this.payload.set(nowUs, 0);
  }

  onIndexed(documents: number, latencyUs: number): void {
    const { nowUs } = this.context.kernel;
    this.ok.add(nowUs, 1);
    this.indexed.add(nowUs, documents * this.indexes.copies);
    this.indexingLatency.add(nowUs, latencyUs / MS_US);
  }

  /** Shard tasks with these documents found the write queue full. */
  onRejected(tasks: number, documents: number): void {
    const { nowUs } = this.context.kernel;
    this.rejected.add(nowUs, tasks);
    this.writeQueue.refuse(nowUs, documents);
    this.rejecting.mark(documents);
  }

  /** A bulk request found too many bytes in work. */
  onPressure(documents: number): void {
    const { nowUs } = this.context.kernel;
    this.coordinatingRejected.add(nowUs, 1);
    this.clientErrors.add(nowUs, 1);
    this.pressure.refuse(nowUs, documents);
    this.rejecting.mark(documents);
  }

  onTooLarge(documents: number): void {
    const { nowUs } = this.context.kernel;
    this.clientErrors.add(nowUs, 1);
    this.payload.refuse(nowUs, documents);
    this.tooLarge.mark(1);
  }

  onBlocked(documents: number): void {
    const { nowUs } = this.context.kernel;
    this.clientErrors.add(nowUs, 1);
    this.storage.refuse(nowUs, documents);
    this.refusedWhileBlocked += documents;
  }

  onServerError(): void {
    this.serverErrors.add(this.context.kernel.nowUs, 1);
  }

  onVisible(documents: number): void {
    this.documents.set(this.context.kernel.nowUs, documents);
  }

  onSearched(shardTasks: number, latencyUs: number): void {
    const { nowUs } = this.context.kernel;
    this.requests.add(nowUs, 1);
    this.ok.add(nowUs, 1);
    this.searched.add(nowUs, shardTasks);
    this.searchLatency.add(nowUs, latencyUs / MS_US);
  }

  onSearchRejected(): void {
    const { nowUs } = this.context.kernel;
    this.requests.add(nowUs, 1);
    this.clientErrors.add(nowUs, 1);
    this.searchRejected.add(nowUs, 1);
    this.searchQueue.refuse(nowUs, 1);
    this.searchesRejected.mark(1);
  }

  /** Books hours of nodes and volumes for the time since zero. */
  bill(): void {
    const { config, kernel, usage } = this.context;
    const hours = Math.max(0, kernel.nowUs) / HOUR_US;
    usage('dataNodeHours').add(hours * config.instanceCount);
    if (config.dedicatedMasterCount > 0) usage('masterNodeHours').add(hours * config.dedicatedMasterCount);
    usage('storageGibibyteMonths').add((hours / HOURS_PER_MONTH) * config.instanceCount * config.volumeSizeGiB);
  }
}

/** The limits that a domain meets, each as a meter. */
function limitsOf(context: BehaviorContext<Config>, indexes: Indexes, processors: Processors) {
  const { config } = context;
  const level = { kind: 'level', raisable: false } as const;
  const nodes = config.instanceCount;
  return {
    writeQueue: context.limit({
      id: 'write-queue',
      name: 'bulk tasks that wait for a write thread',
      unit: 'tasks',
      capacity: Math.floor(processors.writePlaces()),
      source: `${guide}managedomains-cloudwatchmetrics.html`,
      ...level,
    }),
    pressure: context.limit({
      id: 'indexing-pressure',
      name: 'bulk requests in work, share of the heap',
      unit: 'bytes',
      capacity: domainLimits.indexingPressureRatio * heapBytes(config) * nodes,
      source: `${guide}managedomains-cloudwatchmetrics.html`,
      ...level,
    }),
    storage: context.limit({
      id: 'storage',
      name: 'storage before writes are blocked',
      unit: 'bytes',
      kind: 'level',
      capacity: Math.max(1, indexes.mostBytes),
      source: `${guide}handling-errors.html`,
      raisable: true,
    }),
    payload: context.limit({
      id: 'request-size',
      name: 'size of a bulk request',
      unit: 'bytes',
      capacity: (instanceSizes[config.instanceType]?.payloadMiB ?? 1) * MEBIBYTE,
      source: `${guide}limits.html`,
      ...level,
    }),
    searchQueue: context.limit({
      id: 'search-queue',
      name: 'searches that wait for a search thread',
      unit: 'tasks',
      capacity: processors.searchPlaces(),
      source: `${guide}managedomains-cloudwatchmetrics.html`,
      ...level,
    }),
    shards: context.limit({
      id: 'shards',
      name: 'shards on the data nodes',
      unit: 'shards',
      kind: 'level',
      capacity: domainLimits.shardsPerNode * nodes,
      source: `${guide}bp.html`,
      raisable: true,
    }),
  };
}

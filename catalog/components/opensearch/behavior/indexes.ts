import { type Config, domainLimits, instanceSizes } from '../config.ts';

const GIBIBYTE = 1_073_741_824;
const HOUR_US = 3_600_000_000;
const HOURS: Readonly<Record<Config['indexRotation'], number>> = {
  none: Number.POSITIVE_INFINITY,
  hourly: 1,
  daily: 24,
  weekly: 168,
  monthly: 720,
};

/** One index: bytes of its documents (one copy, overhead included) and their number. */
interface Index {
  bytes: number;
  documents: number;
}

/** The indexes of a domain, what they take of its volumes, and when they must take no more. */
export class Indexes {
  /** Microseconds from one index to the next; Infinity when there is one for ever. */
  readonly rotationUs: number;
  private readonly config: Config;
  /** Oldest first; the last is written to. */
  private readonly indexes: Index[] = [];
  private readonly blockedBelowBytes: number;
  /** Bytes of all indexes, one copy. */
  private bytes = 0;
  private documents = 0;
  /** Data nodes that are up. */
  private nodes: number;

  constructor(config: Config) {
    this.config = config;
    this.nodes = config.instanceCount;
    this.rotationUs = HOURS[config.indexRotation] * HOUR_US;
    const { blockedBelowGiB, blockedBelowRatio } = domainLimits;
    this.blockedBelowBytes = Math.min(blockedBelowRatio * config.volumeSizeGiB, blockedBelowGiB) * GIBIBYTE;
    const stored = config.indexRotation === 'none' || config.storedGiB === 0 ? 1 : config.keptIndexes;
    for (let i = 0; i < stored; i++) this.indexes.push({ bytes: 0, documents: 0 });
    const share = (config.storedGiB * GIBIBYTE) / stored;
    for (const index of this.indexes) this.grow(index, share, 0);
  }

  set nodesUp(nodes: number) {
    this.nodes = nodes;
  }

  /** Copies of each primary shard that find a node of their own, the primary included. */
  get copies(): number {
    return 1 + Math.min(this.config.replicas, this.config.instanceCount - 1);
  }

  /** Shards of all indexes, copies included. */
  get shards(): number {
    return this.indexes.length * this.config.primaryShards * this.copies;
  }

  /** Documents that are or will be searchable. */
  get documentCount(): number {
    return this.documents;
  }

  /** Bytes on all volumes, copies included. */
  get usedBytes(): number {
    return this.bytes * this.copies;
  }

  /** Free bytes on the volume of one data node that is up. */
  get freeBytes(): number {
    const usable = this.config.volumeSizeGiB * GIBIBYTE * (1 - domainLimits.reservedRatio);
    return Math.max(0, usable - this.usedBytes / Math.max(1, this.nodes));
  }

  get isFull(): boolean {
    return this.freeBytes < this.blockedBelowBytes;
  }

  /** Bytes that all volumes together take before writes are blocked. */
  get mostBytes(): number {
    const usable = this.config.volumeSizeGiB * GIBIBYTE * (1 - domainLimits.reservedRatio);
    return (usable - this.blockedBelowBytes) * this.config.instanceCount;
  }

  /** GiB of one primary shard of the newest index but `back`. */
  shardGiB(back: number): number {
    const index = this.indexes[this.indexes.length - 1 - back];
    return index === undefined ? 0 : index.bytes / GIBIBYTE / this.config.primaryShards;
  }

  get largestShardBytes(): number {
    let most = 0;
    for (const { bytes } of this.indexes) most = Math.max(most, bytes);
    return most / this.config.primaryShards;
  }

  /** Indexes that a search looks through. */
  get searched(): number {
    return Math.min(this.config.searchedIndexes, this.indexes.length);
  }

  /** Documents with `bytes` of source data are written to the newest index. */
  write(bytes: number, documents: number): void {
    this.grow(this.indexes.at(-1)!, bytes, documents);
  }

  /** A new index begins; returns the documents of those that are deleted. */
  rotate(): number {
    let deleted = 0;
    this.indexes.push({ bytes: 0, documents: 0 });
    while (this.indexes.length > this.config.keptIndexes) {
      const oldest = this.indexes.shift()!;
      this.bytes -= oldest.bytes;
      this.documents -= oldest.documents;
      deleted += oldest.documents;
    }
    return deleted;
  }

  private grow(index: Index, sourceBytes: number, documents: number): void {
    const bytes = sourceBytes * (1 + this.config.indexOverheadRatio);
    index.bytes += bytes;
    index.documents += documents;
    this.bytes += bytes;
    this.documents += documents;
  }
}

/** Heap of one data node, bytes: half of its memory, 32 GiB at most. */
export function heapBytes({ instanceType }: Config): number {
  const { heapRatio, largestHeapGiB } = domainLimits;
  return Math.min(largestHeapGiB, heapRatio * (instanceSizes[instanceType]?.memoryGiB ?? 0)) * GIBIBYTE;
}

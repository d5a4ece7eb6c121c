import { ThreadPool } from '#engine/stations/thread-pool.ts';
import { type Config, domainLimits, instanceSizes } from '../config.ts';

/** 10 nodes times 0.7 are seven, whatever the last bit of a float says. */
const WHOLE_TOLERANCE = 1e-9;

/**
 * The write and search threads of all data nodes, pooled: documents and searches spread over the shards, shards over the nodes.
 * Where shards do not divide evenly, the node with the most of them is full first, and so much of the others stays idle.
 */
export class Processors {
  readonly writes: ThreadPool;
  readonly searches: ThreadPool;
  private readonly vcpuPerNode: number;
  private readonly config: Config;
  private readonly shardsOfIndex: number;
  private nodes: number;
  /** Work done until the last measurement, microseconds. */
  private measuredUs = 0;
  private measuredAtUs: number;

  constructor(config: Config, copies: number, nowUs: number) {
    this.config = config;
    this.shardsOfIndex = config.primaryShards * copies;
    this.vcpuPerNode = instanceSizes[config.instanceType]?.vcpu ?? 1;
    this.nodes = config.instanceCount;
    this.measuredAtUs = nowUs;
    this.writes = new ThreadPool(this.writeThreads(), this.writePlaces(), nowUs);
    this.searches = new ThreadPool(this.searchThreads(), this.searchPlaces(), nowUs);
  }

  get nodesUp(): number {
    return this.nodes;
  }

  /** Bulk tasks that may wait on all nodes, and on the nodes that hold shards of the newest index. */
  writePlaces(): number {
    return domainLimits.writeQueue * this.usedNodes();
  }

  searchPlaces(): number {
    return domainLimits.searchQueue * this.nodes;
  }

  /** Share of the nodes that is left, 0..1; one at least stays. */
  limitTo(ratio: number, nowUs: number): void {
    this.nodes = Math.max(1, Math.ceil(this.config.instanceCount * ratio - WHOLE_TOLERANCE));
    this.writes.resize(this.writeThreads(), this.writePlaces(), nowUs);
    this.searches.resize(this.searchThreads(), this.searchPlaces(), nowUs);
  }

  /**
   * How much longer a task takes because writes and searches share the cores, at least 1. What waits for a thread does not share
   * them: a full pool works at the speed of its threads.
   */
  writeStretch(nowUs: number): number {
    return this.stretch(Math.min(this.writes.busy(nowUs) + 1, this.writes.threads) + this.searches.busy(nowUs));
  }

  /** The same for a search. */
  searchStretch(nowUs: number): number {
    return this.stretch(this.writes.busy(nowUs) + Math.min(this.searches.busy(nowUs) + 1, this.searches.threads));
  }

  /** Mean share of all cores in use since the last call, 0..1. */
  takeUtilisation(nowUs: number): number {
    const doneUs = this.writes.doneUs(nowUs) + this.searches.doneUs(nowUs);
    const lengthUs = nowUs - this.measuredAtUs;
    const used = lengthUs > 0 ? (doneUs - this.measuredUs) / (lengthUs * this.nodes * this.vcpuPerNode) : 0;
    this.measuredUs = doneUs;
    this.measuredAtUs = nowUs;
    return Math.min(1, Math.max(0, used));
  }

  private stretch(running: number): number {
    return Math.max(1, running / (this.nodes * this.vcpuPerNode));
  }

  /** Nodes that can work at full power: shards of the newest index over those of the node with the most. */
  private usedNodes(): number {
    return this.shardsOfIndex / Math.ceil(this.shardsOfIndex / this.nodes);
  }

  private writeThreads(): number {
    return Math.max(1, Math.floor(this.usedNodes() * this.vcpuPerNode + WHOLE_TOLERANCE));
  }

  /** Three threads for two cores and one more on each node. */
  private searchThreads(): number {
    return this.nodes * (Math.floor((3 * this.vcpuPerNode) / 2) + 1);
  }
}

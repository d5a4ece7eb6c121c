/**
 * Reads a log with many workers, each partition by the one that holds its lease, and remembers progress in checkpoints only.
 *
 * A lease goes to the worker with the fewest. Its holder reads a batch, works on it in chunks, sends on what a chunk gives, and after a
 * batch writes a checkpoint when the last one is old enough: only then are the units done with (settled). A worker that leaves in order
 * writes a checkpoint and hands its leases over after the chunk in hand. When a worker is lost, its leases are taken by others when they
 * have not been renewed for the fail-over time, and everything since the last checkpoint is worked on again: what had taken effect
 * takes it twice. A child partition begins when its parents are worked off. Units to be repeated are kept here, not read again.
 *
 * Exact: one event per read and per chunk. No allocation per unit once lists have grown.
 */
import type { Flow } from '#engine/flow/flow.ts';
import { NONE, type ParcelList } from '#engine/flow/parcels.ts';
import { type LogConsumer, type LogPort, newReadReply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_DEPARTURE, PRIORITY_POLL, PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { joinLine, leaveLine } from './lineage.ts';
import { growChunk, type Lease, newLease } from './lease.ts';
import type { Replicas } from './replicas.ts';

/** What is done with a chunk of units. */
export interface ChunkWork {
  /** Time the next unit of the partition takes alone on a core, microseconds. */
  serviceUs(parcel: number, partition: number): number;
  /** Whether the unit fails this time. */
  fails(parcel: number, attempt: number): boolean;
  /** The first `count` units have been worked on; `LeasedLogReader.sent` is called when what they give has been handed over. */
  send(units: Int32Array, count: number, lease: number): void;
  /** A unit has failed so often that it is given up. */
  onGivenUp(parcel: number): void;
  onRead(units: ParcelList, behindUs: number): void;
  /** Units are done with: `records` of them for the first time or again. */
  onWorked(records: number): void;
  onCheckpoint(): void;
  /** A lease was taken after a worker was lost; `records` had been worked on since its last checkpoint and are once more. */
  onTakenOver(records: number): void;
  /** Leases that are open, and those among them that no worker holds. */
  onLeases(open: number, unheld: number): void;
}

export interface LeasedLogOptions {
  readonly maxUnits: number;
  readonly maxBytes: number;
  /** From the answer to one read of a partition to the next read, microseconds, > 0. */
  readonly intervalUs: number;
  readonly phaseRatio: (partition: number) => number;
  readonly isFanOut: boolean;
  /** Units worked on before what they give is sent, >= 1. */
  readonly chunkUnits: number;
  /** Age of a checkpoint after which a batch ends with a new one, microseconds; 0: after every batch. */
  readonly checkpointUs: number;
  /** Time without renewal after which a lease can be taken, and how often holders renew, microseconds. */
  readonly failOverUs: number;
  readonly renewalUs: number;
  /** Draws when the last renewal of a lost worker was, by lease and life. */
  readonly renewalDraw: DrawStream;
  /** Attempts for one unit, >= 1, and the wait after a failed one, microseconds. */
  readonly maxAttempts: number;
  readonly retryUs: number;
}

export class LeasedLogReader implements LogConsumer {
  private readonly kernel: Kernel;
  private readonly flow: Flow;
  private readonly node: number;
  private readonly port: LogPort;
  private readonly replicas: Replicas;
  private readonly options: LeasedLogOptions;
  private readonly work: ChunkWork;
  private readonly consumer: number;
  private readonly leases: Lease[] = [];
  private readonly byPartition = new Map<number, Lease>();
  private readonly reply = newReadReply();
  private readonly held: number[] = [];
  private readonly onPoll: number;
  private readonly onWorked: number;
  private readonly onExpired: number;
  private readonly onRetry: number;

  /** `node`: ledger index where the work is done. Subscribes to the log at once. */
  constructor(
    env: { readonly kernel: Kernel; readonly flow: Flow; readonly node: number },
    port: LogPort,
    replicas: Replicas,
    options: LeasedLogOptions,
    work: ChunkWork,
  ) {
    const { kernel } = env;
    this.kernel = kernel;
    this.flow = env.flow;
    this.node = env.node;
    this.port = port;
    this.replicas = replicas;
    this.options = options;
    this.work = work;
    const step =
      (act: (lease: Lease) => void) =>
      (index: number, life: number): void => {
        const lease = this.leases[index];
        if (lease.life === life) act(lease);
      };
    this.onPoll = kernel.register(step((lease) => this.poll(lease)));
    this.onWorked = kernel.register(step((lease) => this.chunkWorked(lease)));
    this.onRetry = kernel.register(step((lease) => this.next(lease)));
    this.onExpired = kernel.register(step((lease) => this.assign(lease)));
    this.consumer = port.subscribe(this, options.isFanOut);
  }

  /** Leases of partitions that can be read. */
  get openCount(): number {
    let open = 0;
    for (const lease of this.leases) if (lease.isOpen) open++;
    return open;
  }

  /** See LogConsumer. */
  onPartitionOpened(partition: number, parents: readonly number[]): void {
    const lease = this.newLease(partition);
    const mayBegin = joinLine(
      lease,
      parents.map((id) => this.byPartition.get(id)),
    );
    if (mayBegin) this.open(lease, parents.length === 0);
  }

  /** See LogConsumer. */
  onRecords(partition: number): void {
    const lease = this.byPartition.get(partition)!;
    if (lease.isOpen && lease.holder !== NONE && lease.step === 'idle') this.pollAt(lease, this.kernel.nowUs);
  }

  /** A worker is up: takes leases that nobody holds, and its share of the others. */
  onRunning(replica: number): void {
    this.held[replica] = 0;
    for (const lease of this.leases) if (lease.isOpen && this.isFree(lease)) this.assign(lease);
    this.balance(replica);
  }

  /** A worker leaves in order: its leases go to others after the chunk in hand. */
  onStopping(replica: number): void {
    for (const lease of this.leases) {
      if (lease.isOpen && lease.holder === replica) this.handOver(lease, this.leastLoaded());
      else if (lease.heir === replica) lease.heir = NONE;
    }
  }

  /** A worker is gone. */
  onGone(replica: number): void {
    for (const lease of this.leases) {
      if (lease.holder === replica && lease.isOpen) this.lose(lease);
      if (lease.heir === replica) lease.heir = NONE;
    }
  }

  /** What a chunk gives has been handed over, or given up (`ok` false). */
  sent(index: number, ok: boolean): void {
    const lease = this.leases[index];
    if (lease.isOrphan) {
      lease.isOrphan = false;
      this.restore(lease);
      this.expireLater(lease);
      return;
    }
    this.replicas.endWork(lease.holder);
    this.settleChunk(lease, ok);
  }

  private newLease(partition: number): Lease {
    const lease = newLease(this.leases.length, partition, this.flow.store, this.kernel.nowUs);
    this.leases.push(lease);
    this.byPartition.set(partition, lease);
    return lease;
  }

  private open(lease: Lease, isFirst: boolean): void {
    const { options, kernel } = this;
    lease.isOpen = true;
    lease.checkpointUs = kernel.nowUs;
    if (isFirst && !options.isFanOut) {
      // The first read comes within one interval, at another moment for each partition.
      lease.answeredUs = kernel.nowUs + (options.phaseRatio(lease.partition) - 1) * options.intervalUs;
    }
    this.assign(lease);
  }

  private isFree(lease: Lease): boolean {
    return lease.holder === NONE && lease.step === 'idle';
  }

  /** Gives a lease without a holder to the worker with the fewest; it stays free when there is none. */
  private assign(lease: Lease): void {
    lease.step = 'idle';
    const replica = this.leastLoaded();
    if (replica !== NONE) {
      if (lease.isTakeOver) this.work.onTakenOver(lease.repeated);
      lease.isTakeOver = false;
      lease.repeated = 0;
      this.take(lease, replica);
    }
    this.countLeases();
  }

  private take(lease: Lease, replica: number): void {
    lease.holder = replica;
    lease.heir = NONE;
    lease.life++;
    this.held[replica] = (this.held[replica] ?? 0) + 1;
    this.next(lease);
  }

  /** Moves leases to a worker until it has its share. */
  private balance(replica: number): void {
    const share = Math.floor(this.openCount / Math.max(1, this.replicas.running));
    let planned = this.held[replica];
    for (const lease of this.leases) {
      if (planned >= share) break;
      const { holder, isOpen, heir } = lease;
      if (!isOpen || heir !== NONE || holder === NONE || holder === replica || this.held[holder] <= share) continue;
      planned++;
      this.handOver(lease, replica);
    }
    this.countLeases();
  }

  /** In order: at once when nothing is in hand, else after the chunk. */
  private handOver(lease: Lease, heir: number): void {
    lease.heir = heir;
    if (heir === NONE) {
      // Nobody is there to take it: it waits for the next worker.
      if (lease.step === 'idle' || lease.step === 'reading' || lease.step === 'waiting') this.release(lease);
      return;
    }
    if (lease.step !== 'working' && lease.step !== 'sending') this.move(lease);
  }

  private release(lease: Lease): void {
    this.checkpoint(lease);
    this.held[lease.holder]--;
    lease.holder = NONE;
    lease.life++;
    lease.step = 'idle';
    this.countLeases();
  }

  private move(lease: Lease): void {
    const { heir } = lease;
    this.release(lease);
    this.take(lease, heir);
    this.countLeases();
  }

  private lose(lease: Lease): void {
    lease.holder = NONE;
    lease.life++;
    lease.isTakeOver = true;
    if (lease.step === 'sending') lease.isOrphan = true;
    else {
      this.restore(lease);
      this.expireLater(lease);
    }
    this.countLeases();
  }

  /** Everything since the checkpoint is to be worked on again, in order. */
  private restore(lease: Lease): void {
    for (let i = lease.chunkCount - 1; i >= 0; i--) lease.units.pushFront(lease.chunk[i]);
    lease.chunkCount = 0;
    lease.repeated += lease.done.records;
    lease.done.append(lease.units);
    lease.units.append(lease.done);
  }

  /** The lease can be taken when it has not been renewed for the fail-over time. */
  private expireLater(lease: Lease): void {
    const { failOverUs, renewalUs, renewalDraw } = this.options;
    lease.step = 'waiting';
    const sinceRenewalUs = renewalDraw.uniformPair(lease.partition, lease.life & 2047) * renewalUs;
    this.kernel.after(failOverUs - sinceRenewalUs, this.onExpired, lease.index, lease.life, PRIORITY_TIMER);
  }

  private leastLoaded(): number {
    let found = NONE;
    for (let replica = 0; replica < this.replicas.highWater; replica++) {
      if (!this.replicas.isRunning(replica)) continue;
      if (found === NONE || (this.held[replica] ?? 0) < (this.held[found] ?? 0)) found = replica;
    }
    return found;
  }

  private countLeases(): void {
    let open = 0;
    let unheld = 0;
    for (const lease of this.leases) {
      if (!lease.isOpen) continue;
      open++;
      if (lease.holder === NONE) unheld++;
    }
    this.work.onLeases(open, unheld);
  }

  private pollAt(lease: Lease, timeUs: number): void {
    lease.step = 'reading';
    this.kernel.at(Math.max(this.kernel.nowUs, timeUs), this.onPoll, lease.index, lease.life, PRIORITY_POLL);
  }

  private poll(lease: Lease): void {
    const { reply, options } = this;
    lease.step = 'idle';
    this.port.read(this.consumer, lease.partition, options.maxUnits, options.maxBytes, lease.units, reply);
    lease.answeredUs = this.kernel.nowUs + reply.latencyUs;
    lease.isEnded = reply.ended;
    if (lease.units.head !== NONE) {
      this.work.onRead(lease.units, reply.behindUs);
      this.startChunk(lease, reply.latencyUs);
    } else if (lease.isEnded) this.close(lease);
    else if (!options.isFanOut || reply.throttled || reply.failed || reply.more) {
      this.pollAt(lease, lease.answeredUs + options.intervalUs);
    }
  }

  /** The holder goes on: with what it has, or with a read. */
  private next(lease: Lease): void {
    if (lease.units.head !== NONE) this.startChunk(lease, 0);
    else if (lease.isEnded) this.close(lease);
    else {
      const { isFanOut, intervalUs } = this.options;
      this.pollAt(lease, isFanOut ? this.kernel.nowUs : lease.answeredUs + intervalUs);
    }
  }

  private startChunk(lease: Lease, delayUs: number): void {
    const { units } = lease;
    const { chunkUnits } = this.options;
    let nominalUs = 0;
    lease.chunkCount = 0;
    while (units.head !== NONE && lease.chunkCount < chunkUnits) {
      if (lease.chunkCount === lease.chunk.length) growChunk(lease);
      const p = units.shift();
      lease.chunk[lease.chunkCount++] = p;
      nominalUs += this.work.serviceUs(p, lease.partition);
    }
    lease.step = 'working';
    this.replicas.beginWork(lease.holder);
    const workUs = this.replicas.compute(lease.holder, nominalUs);
    lease.cores = this.replicas.coresTaken;
    this.kernel.after(delayUs + workUs, this.onWorked, lease.index, lease.life, PRIORITY_DEPARTURE);
  }

  /** The chunk is worked on: what did not fail is sent. */
  private chunkWorked(lease: Lease): void {
    const { chunk } = lease;
    const { store } = this.flow;
    this.replicas.endCompute(lease.holder, lease.cores);
    let good = 0;
    for (let i = 0; i < lease.chunkCount; i++) {
      const p = chunk[i];
      if (this.work.fails(p, store.attempts[p] + 1)) continue;
      // The good ones keep their order, and so do the others behind them.
      for (let j = i; j > good; j--) chunk[j] = chunk[j - 1];
      chunk[good++] = p;
    }
    lease.goodCount = good;
    lease.step = 'sending';
    this.work.send(chunk, good, lease.index);
  }

  private settleChunk(lease: Lease, ok: boolean): void {
    const { chunk, units, done } = lease;
    const { store } = this.flow;
    const good = ok ? lease.goodCount : 0;
    let records = 0;
    for (let i = 0; i < good; i++) {
      records += store.records[chunk[i]];
      store.attempts[chunk[i]] = 0;
      done.push(chunk[i]);
    }
    if (records > 0) this.work.onWorked(records);
    for (let i = lease.chunkCount - 1; i >= good; i--) {
      const p = chunk[i];
      store.attempts[p]++;
      if (store.attempts[p] < this.options.maxAttempts) units.pushFront(p);
      else this.work.onGivenUp(p);
    }
    const hasFailed = units.head !== NONE && store.attempts[units.head] > 0;
    lease.chunkCount = 0;
    lease.step = 'idle';
    if (units.head === NONE && this.kernel.nowUs >= lease.checkpointUs + this.options.checkpointUs)
      this.checkpoint(lease);
    if (this.replicas.isStopping(lease.holder) && lease.heir === NONE) lease.heir = this.leastLoaded();
    if (lease.heir !== NONE) this.move(lease);
    else if (this.replicas.isStopping(lease.holder)) this.release(lease);
    else if (hasFailed) {
      lease.step = 'waiting';
      this.kernel.after(this.options.retryUs, this.onRetry, lease.index, lease.life, PRIORITY_TIMER);
    } else this.next(lease);
  }

  private checkpoint(lease: Lease): void {
    const { flow, kernel, node } = this;
    lease.checkpointUs = kernel.nowUs;
    if (lease.done.head === NONE) return;
    for (let p = lease.done.shift(); p !== NONE; p = lease.done.shift()) flow.settle(p, node, kernel.nowUs);
    this.work.onCheckpoint();
  }

  /** The partition is worked off: its children may begin. */
  private close(lease: Lease): void {
    this.checkpoint(lease);
    this.held[lease.holder]--;
    lease.holder = NONE;
    lease.life++;
    lease.isOpen = false;
    this.byPartition.delete(lease.partition);
    leaveLine(lease, (child) => this.open(child, false));
    this.countLeases();
  }
}

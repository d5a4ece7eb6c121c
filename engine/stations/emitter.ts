/**
 * Sends on what compute emits: one engine block for every emitting port (schema/emit.ts).
 *
 * Two ways in: `emit` for an invocation, whose originals stay with their stream or queue until it ends (effects), and
 * `forward` for a source or a service, whose parcel itself moves on. Records become messages (`recordsPerMessage`), messages
 * become calls (`batchSize`); the sender makes and repeats the calls. O(1) per record and call, no allocation after warm-up.
 */
import type { OutputBinding } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { AggregatingSender } from './aggregating-sender.ts';
import { chooseOutput } from './emission.ts';
import { CellSender } from './cell-sender.ts';
import { ProducerBuffers } from './producer-buffers.ts';
import { RunEmission } from './run-emission.ts';
import { type Call, type CallOwner, type Lane, Sender, type SenderEnvironment } from './sender.ts';
import { Shaper } from './shaper.ts';
import { type FlushListener, SizeOrTimeBuffer } from './size-or-time-buffer.ts';
import { TailingAgent } from './tailing-agent.ts';

/** Told when everything an invocation emits was accepted, dropped or given up; `ok` is false when it was given up. */
export interface EmitListener {
  onEmitted(token: number, ok: boolean): void;
}

/** One invocation's emission. */
interface Job extends CallOwner {
  /** By lane: what is still to be sent, and the effects that derived records were made of. */
  readonly pending: ParcelList[];
  readonly carriers: ParcelList[];
  listener: EmitListener;
  token: number;
  outstanding: number;
  /** A sequential call is under way. */
  isWaiting: boolean;
}

const MS = 1000;
/**
 * The producer library's figures that are not settings. A call holds 5 MiB and leaves early with 256 KiB for one shard; a shard
 * takes 1,000 records/s and 1 MiB/s, which a process may spend at once (the rate limit is a share of these per second); a queue is
 * looked at every 25 ms; a unit that is due waits a further fifth of the buffering time, at most 50 ms, for others to share its call;
 * an aggregate is framed by 4 bytes of magic number and 16 of checksum. Framing of each packed record is about 8 bytes.
 * Assumption: protobuf tags, lengths and key index, counted by hand.
 * https://github.com/awslabs/amazon-kinesis-producer: aggregation-format.md, aws/kinesis/core/limiter.h, collector.h, pipeline.h
 * (read 2026-11-21)
 */
const LIBRARY = {
  maxCallBytes: 5_242_880,
  maxCallShardBytes: 262_144,
  shardUnitsPerSecond: 1000,
  shardBytesPerSecond: 1_048_576,
  drainIntervalUs: 25_000,
  callWaitRatio: 0.2,
  longestCallWaitUs: 50_000,
  unitOverheadBytes: 20,
  recordOverheadBytes: 8,
} as const;

/**
 * The Kinesis Agent's figures that are not settings: 100 closed buffers wait, 12 threads a core send (taken: two cores), the first wait is
 * 100 ms, the longest 10 s, jitter 30 %, a success divides the count of failures by 10. A line is cut to what the target takes: 1 MiB less
 * room for its key (Assumption: up to 256 bytes), or 1,000 KiB of a delivery stream. https://github.com/awslabs/amazon-kinesis-agent: Constants.java, AgentConfiguration.java,
 * AsyncPublisherThrottler.java, KinesisConstants.java (read 2026-11-21)
 */
const AGENT = {
  maxRecordBytes: 1_048_320,
  maxDeliveryRecordBytes: 1_024_000,
  queueBuffers: 100,
  sendingThreads: 24,
  firstWaitUs: 100_000,
  longestWaitUs: 10_000_000,
  jitterRatio: 0.3,
  recoveryFactor: 10,
} as const;

/** A client that takes records over and sends them in the background. */
type BackgroundClient = AggregatingSender | TailingAgent;

export class Emitter {
  private readonly env: SenderEnvironment;
  private readonly outputs: readonly OutputBinding[];
  private readonly sender: Sender;
  private readonly lanes: Lane[] = [];
  private readonly lanesOf: Lane[][] = [];
  /** By output, and the same by lane. */
  private readonly shapers: readonly Shaper[];
  private readonly shaperOf: Shaper[] = [];
  /** What waits for a call of a continuous sender to fill; none for lanes of single records. */
  private readonly buffers: (SizeOrTimeBuffer | ProducerBuffers | undefined)[] = [];
  /** Producer libraries and agents, for lanes that send through one. */
  private readonly libraries: (BackgroundClient | undefined)[] = [];
  /** Some lane collects records for a call. */
  private readonly collects: boolean;
  private readonly producers: number;
  private readonly totalWeight: number;
  /** The lane by which every record leaves at once and as it came, if that is all there is to do. */
  private readonly plainLane: Lane | undefined;
  private readonly freeJobs: Job[] = [];
  /** Records sent on by `forward` so far. */
  private forwarded = 0;
  private readonly shaped: ParcelList;
  /** Records of a unit that is sent on, and of a message that is packed: packing may go on while a unit is taken apart. */
  private readonly unpacked: ParcelList;
  private readonly message: ParcelList;
  private readonly routeDraw: DrawStream;
  private readonly runs: RunEmission;
  private readonly cells: CellSender;

  /** `producers`: processes that share the load of a source, >= 1. */
  constructor(env: SenderEnvironment, outputs: readonly OutputBinding[], producers = 1) {
    this.env = env;
    this.producers = producers;
    this.outputs = outputs;
    const { store } = env.flow;
    this.sender = new Sender(env, (owner, call) => this.callEnded(owner as Job, call));
    this.shapers = outputs.map((output) => new Shaper(env, output));
    outputs.forEach((output, k) => {
      const own = output.outlets.map((outlet, i) => this.sender.lane(this.lanes.length + i, output, outlet));
      this.lanesOf.push(own);
      this.lanes.push(...own);
      for (const _lane of own) this.shaperOf.push(this.shapers[k]!);
    });
    for (const lane of this.lanes) {
      this.buffers.push(this.bufferOf(lane));
      this.libraries.push(this.libraryOf(lane));
    }
    this.collects = [...this.buffers, ...this.libraries].some((collector) => collector !== undefined);
    this.totalWeight = outputs.reduce((sum, output) => sum + (output.emit.weight ?? 0), 0);
    const [lane] = this.lanes;
    if (outputs.length === 1 && this.lanes.length === 1 && lane !== undefined && isPlain(lane)) this.plainLane = lane;
    this.shaped = new ParcelList(store);
    this.unpacked = new ParcelList(store);
    this.message = new ParcelList(store);
    this.routeDraw = env.draw('route');
    this.runs = new RunEmission(env, outputs, (k, p) =>
      this.takes(k, p) ? this.shapers[k]!.countOf(store.entity[p]!) : 0,
    );
    this.cells = new CellSender(
      env,
      this.lanes,
      this.producers,
      (held, lane) => this.flush(held, lane),
      (p, lane) => {
        this.sender.sendOne(p, lane);
        this.env.onHeldChange?.();
      },
    );
  }

  /** Records that wait here: for a call to fill, for an answer with refusals, for a retry. */
  get heldRecords(): number {
    return this.collects ? this.steadyRecords + this.cells.heldRecords : this.sender.waitingRecords;
  }

  /** Those of them whose number changes only by events: without those that came in runs and wait for a call to fill. */
  get steadyRecords(): number {
    let held = this.sender.waitingRecords;
    if (!this.collects) return held;
    for (const buffer of this.buffers) if (buffer !== undefined) held += buffer.heldRecords;
    for (const library of this.libraries) if (library !== undefined) held += library.heldRecords;
    return held;
  }

  /** True when nothing is linked: records end at this node. */
  get isSink(): boolean {
    return this.lanes.length === 0;
  }

  /**
   * Emits the effects of the first `upTo` of `units`. The originals are left alone; the caller settles or retries them after
   * `listener.onEmitted`, which may be called before this returns.
   */
  emit(units: Int32Array, upTo: number, listener: EmitListener, token: number): void {
    const job = this.takeJob(listener, token);
    if (this.lanes.length > 0) this.runs.prepare(units, upTo);
    for (let k = 0; k < this.outputs.length; k++) {
      if (this.outputs[k]!.emit.per === 'batch') this.emitBatch(k, units, upTo, job);
      else for (let i = 0; i < upTo; i++) this.emitUnit(k, units[i]!, job);
    }
    job.outstanding = 1;
    this.resume(job);
  }

  /**
   * Whether `sendCell` may be used: records leave as they came, one in a call or collected into calls. Calls are filled in the
   * order of the runs: not if runs overlap (several loads), nor if neither random nor paced places tell when they come to a
   * process (a paced load that several share). `isSimple`: neither is so.
   */
  takesCells(isSimple: boolean): boolean {
    return this.cells.isPossible && (isSimple || !this.cells.collects);
  }

  /** Sends on a run of new records that come over the time from now on; it is gone afterwards. */
  sendCell(p: number): void {
    const { flow } = this.env;
    const last = this.lanes.length - 1;
    for (let i = 0; i <= last; i++) {
      const lane = this.lanes[i]!;
      const q = i < last ? flow.copy(p) : p;
      this.shaperOf[i]!.restyle(q, lane);
      this.cells.send(q, lane);
    }
  }

  /** Sends on a record that belongs to this node; it is gone afterwards. A unit is taken apart first. */
  forward(p: number): void {
    const { store } = this.env.flow;
    if (store.child[p] !== NONE || store.units[p]! > 1) this.forwardUnit(p);
    else if (this.plainLane !== undefined) this.sender.sendOne(p, this.plainLane);
    else if (this.lanes.length === 0) this.env.flow.deliver(p, this.env.node, this.env.kernel.nowUs);
    else this.forwardRecord(p);
  }

  private forwardUnit(p: number): void {
    const { flow } = this.env;
    if (flow.runs.isRun(p)) flow.runs.scatter(p, this.unpacked);
    else flow.unpack(p, this.unpacked);
    for (let c = this.unpacked.shift(); c !== NONE; c = this.unpacked.shift()) this.forward(c);
  }

  private forwardRecord(p: number): void {
    const { flow, node, kernel } = this.env;
    // By the ordinal at this station, not by the record: a record that comes round again chooses anew.
    const ordinal = this.forwarded;
    const chosen = chooseOutput(this.outputs, this.totalWeight, this.routeDraw, ordinal);
    this.forwarded += 1;
    let last: Lane | undefined;
    for (let k = 0; k < this.outputs.length; k++) {
      if (this.outputs[k]!.emit.weight !== undefined && k !== chosen) continue;
      for (const lane of this.lanesOf[k]!) {
        if (last !== undefined) this.place(flow.copy(p), last, ordinal);
        last = lane;
      }
    }
    if (last === undefined) flow.deliver(p, node, kernel.nowUs);
    else this.place(p, last, ordinal);
  }

  /** Applies selectivity and size to a record and puts it into the lane of a continuous sender. */
  private place(p: number, lane: Lane, ordinal: number): void {
    const buffer = this.buffers[lane.index];
    const library = this.libraries[lane.index];
    this.shaperOf[lane.index]!.forward(p, lane, ordinal, this.shaped);
    for (let q = this.shaped.shift(); q !== NONE; q = this.shaped.shift()) {
      if (library !== undefined) library.add(q);
      else if (buffer === undefined) this.sender.sendOne(q, lane);
      else if (!this.cells.sendOneOf(q, lane)) buffer.add(q);
    }
  }

  private bufferOf(lane: Lane): SizeOrTimeBuffer | ProducerBuffers | undefined {
    const { emit } = lane.output;
    if (isSingle(emit) || emit.client !== 'sdk') return undefined;
    const limits = {
      maxRecords: emit.batchSize * emit.recordsPerMessage,
      maxBytes: Number.POSITIVE_INFINITY,
      maxWaitUs: emit.lingerMs * MS,
    };
    const { env, producers } = this;
    const onFlush: FlushListener = (held) => this.flush(held, lane);
    return producers > 1
      ? new ProducerBuffers(env.kernel, env.flow.store, producers, limits, onFlush)
      : new SizeOrTimeBuffer(env.kernel, env.flow.store, limits, onFlush);
  }

  /** Sends what was collected, in as many calls as it takes. */
  private flush(held: ParcelList, lane: Lane): void {
    while (held.length > 0) {
      const call = this.sender.take(lane, undefined);
      this.fill(call, held);
      this.sender.send(call);
    }
    this.env.onHeldChange?.();
  }

  private libraryOf(lane: Lane): BackgroundClient | undefined {
    const { emit } = lane.output;
    if (emit.client === 'agent') return this.agentOf(lane);
    if (emit.client !== 'kpl') return undefined;
    const maxWaitUs = emit.recordMaxBufferedTimeMs * MS;
    const callWaitUs = Math.min(LIBRARY.longestCallWaitUs, LIBRARY.callWaitRatio * maxWaitUs);
    return new AggregatingSender(this.env, lane.outlet, {
      producers: this.producers,
      maxUnitBytes: emit.aggregationMaxBytes,
      unitOverheadBytes: LIBRARY.unitOverheadBytes,
      recordOverheadBytes: LIBRARY.recordOverheadBytes,
      maxCallUnits: emit.collectionMaxCount,
      maxCallBytes: LIBRARY.maxCallBytes,
      maxCallPartitionBytes: LIBRARY.maxCallShardBytes,
      maxWaitUs,
      callWaitUs: emit.aggregationMaxBytes > 0 ? callWaitUs : 0,
      recordTtlUs: emit.recordTtlMs * MS,
      unitsPerSecond: (LIBRARY.shardUnitsPerSecond * emit.rateLimitPercent) / 100,
      bytesPerSecond: (LIBRARY.shardBytesPerSecond * emit.rateLimitPercent) / 100,
      burstUnits: LIBRARY.shardUnitsPerSecond,
      burstBytes: LIBRARY.shardBytesPerSecond,
      drainIntervalUs: LIBRARY.drainIntervalUs,
      callLatencyUs: emit.callLatencyMs === undefined ? undefined : emit.callLatencyMs * MS,
    });
  }

  private agentOf({ output: { emit }, outlet }: Lane): TailingAgent {
    const isDelivery = outlet.protocol === 'firehose-put';
    return new TailingAgent(this.env, outlet, {
      ...AGENT,
      maxRecordBytes: isDelivery ? AGENT.maxDeliveryRecordBytes : AGENT.maxRecordBytes,
      producers: this.producers,
      pollUs: emit.minTimeBetweenFilePollsMillis * MS,
      maxRecords: emit.maxBufferSizeRecords,
      maxBytes: emit.maxBufferSizeBytes,
      maxAgeUs: emit.maxBufferAgeMillis * MS,
      hasRandomKeys: emit.partitionKeyOption === 'RANDOM',
      callLatencyUs: emit.callLatencyMs === undefined ? undefined : emit.callLatencyMs * MS,
    });
  }

  /** Output k of one unit of an invocation: the effect of each of its records through each edge. */
  private emitUnit(k: number, unit: number, job: Job): void {
    const { store } = this.env.flow;
    let p = store.child[unit] === NONE ? unit : store.child[unit]!;
    while (p !== NONE) {
      this.emitRecord(k, p, job);
      p = p === unit ? NONE : store.next[p]!;
    }
  }

  private emitRecord(k: number, p: number, job: Job): void {
    if (!this.takes(k, p)) return;
    const { flow, node } = this.env;
    const fate = this.runs.fateOf(p, k);
    for (const lane of this.lanesOf[k]!) {
      const effect = flow.effect(p, lane.outlet.bit, node);
      this.shapers[k]!.effect(effect, fate, lane, job.pending[lane.index]!, job.carriers[lane.index]!);
    }
  }

  /** Whether a record of an invocation leaves by output k: by its identity, so that every attempt chooses the same. */
  private takes(k: number, p: number): boolean {
    if (this.outputs[k]!.emit.weight === undefined) return true;
    const route = this.runs.routeOf(p);
    if (route !== undefined) return route === k;
    const entity = this.env.flow.store.entity[p]!;
    return chooseOutput(this.outputs, this.totalWeight, this.routeDraw, entity) === k;
  }

  /** Output k of a whole batch: all its records are absorbed into one or more derived records. */
  private emitBatch(k: number, units: Int32Array, upTo: number, job: Job): void {
    const { flow, node } = this.env;
    const { store } = flow;
    for (const lane of this.lanesOf[k]!) {
      for (let i = 0; i < upTo; i++) {
        const unit = units[i]!;
        let p = store.child[unit] === NONE ? unit : store.child[unit]!;
        while (p !== NONE) {
          if (this.takes(k, p)) this.shaped.push(flow.effect(p, lane.outlet.bit, node));
          p = p === unit ? NONE : store.next[p]!;
        }
      }
      this.shapers[k]!.batch(this.shaped, lane, job.pending[lane.index]!, job.carriers[lane.index]!);
    }
  }

  private callEnded(job: Job, call: Call): void {
    if (call.lane.output.emit.order === 'sequential') job.isWaiting = false;
    this.resume(job);
  }

  /** One of an invocation's calls has ended: start the next, or report. */
  private resume(job: Job): void {
    if (job.failed) this.revokePending(job);
    this.startCalls(job);
    if (job.failed) this.revokePending(job);
    job.outstanding--;
    if (job.outstanding > 0) return;
    const { listener, token, failed } = job;
    for (const lane of this.lanes) this.shaperOf[lane.index]!.end(job.carriers[lane.index]!, lane, failed);
    this.freeJobs.push(job);
    listener.onEmitted(token, !failed);
  }

  /**
   * Starts the calls of an invocation, output by output: all of the parallel ones, and the next of the sequential ones, which
   * holds up what follows until it has ended.
   */
  private startCalls(job: Job): void {
    if (job.isWaiting) return;
    for (const lane of this.lanes) {
      const pending = job.pending[lane.index]!;
      const library = this.libraries[lane.index];
      // The library answers at once and sends in the background: the invocation does not wait for it.
      while (library !== undefined && pending.length > 0) library.add(pending.shift());
      while (pending.length > 0 && !job.failed) {
        const call = this.sender.take(lane, job);
        this.fill(call, pending);
        if (this.sender.send(call)) continue;
        job.outstanding++;
        if (lane.output.emit.order === 'parallel') continue;
        job.isWaiting = true;
        return;
      }
    }
  }

  private revokePending(job: Job): void {
    for (const lane of this.lanes) this.sender.discard(job.pending[lane.index]!, lane, true);
  }

  /** Moves the next call's worth of records over, packed into messages. */
  private fill(call: Call, from: ParcelList): void {
    const { emit } = call.lane.output;
    const { flow } = this.env;
    const { store } = flow;
    const each = emit.recordsPerMessage;
    for (let messages = 0; messages < emit.batchSize && from.length > 0; ) {
      const records = store.records[from.head]!;
      if (records >= each && records % each === 0) {
        // One record, one message; or a run, which was cut where calls end.
        const most = (emit.batchSize - messages) * each;
        if (records > most && messages > 0 && store.origin[from.head] !== NONE) return;
        const p = store.origin[from.head] === NONE ? flow.runs.takeUnits(from, most) : from.shift();
        flow.runs.regroup(p, each);
        messages += store.units[p]!;
        call.request.push(p);
        continue;
      }
      while (this.message.records < each && from.length > 0) {
        this.message.push(flow.runs.takeUnits(from, each - this.message.records));
      }
      call.request.push(this.packed());
      messages += 1;
    }
  }

  /** One message of the records collected for it, of the size that they have together as their workload drew them. */
  private packed(): number {
    const { flow } = this.env;
    const { runs, store } = flow;
    const bytes = runs.sizes.drawnSum(this.message.head);
    const unit = flow.pack(this.message, 0);
    if (store.child[unit] !== NONE) store.bytes[unit] = bytes;
    return unit;
  }

  private takeJob(listener: EmitListener, token: number): Job {
    let job = this.freeJobs.pop();
    if (job === undefined) {
      const lists = (): ParcelList[] => this.lanes.map(() => new ParcelList(this.env.flow.store));
      job = { pending: lists(), carriers: lists(), listener, token, outstanding: 0, isWaiting: false, failed: false };
    }
    job.listener = listener;
    job.token = token;
    job.failed = false;
    job.isWaiting = false;
    return job;
  }
}

/** One record in one message in one call: nothing to wait for. */
function isSingle(emit: OutputBinding['emit']): boolean {
  return emit.batchSize === 1 && emit.recordsPerMessage === 1;
}

/** Nothing to choose, to shape or to collect: one record in, the same record out, in a call of its own. */
function isPlain({ output: { emit }, outlet }: Lane): boolean {
  const keeps = emit.selectivity === 1 && emit.sizeFactor === 1 && emit.key === 'keep' && outlet.isFeedback !== true;
  return keeps && emit.weight === undefined && isSingle(emit) && emit.client === 'sdk';
}

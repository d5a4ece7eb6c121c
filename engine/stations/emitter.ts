/**
 * Sends on what compute emits: one engine block for every emitting port (schema/emit.ts).
 *
 * Two ways in: `emit` for an invocation, whose originals stay with their stream or queue until it ends (effects), and
 * `forward` for a source or a service, whose parcel itself moves on. Records become messages (`recordsPerMessage`), messages
 * become calls (`batchSize`), calls are retried with exponential back-off and full jitter; only what was refused is sent again.
 * Cost: O(1) per record and call, no allocation after warm-up (jobs and calls are pooled objects).
 */
import type { OutputBinding, Outlet } from '../behavior.ts';
import type { Flow } from '../flow/flow.ts';
import { FLAG_DUPLICATE, NONE, ParcelList } from '../flow/parcels.ts';
import { newReply } from '../flow/ports.ts';
import type { DrawStream } from '../kernel/draws.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { PRIORITY_TIMER } from '../kernel/priorities.ts';
import { backoffCap, chooseOutput, derivedEntity, outputCount } from './emission.ts';

/** Told when everything an invocation emits was accepted, dropped or given up; `ok` is false when it was given up. */
export interface EmitListener {
  onEmitted(token: number, ok: boolean): void;
}

export interface EmitterEnvironment {
  readonly kernel: Kernel;
  readonly flow: Flow;
  readonly node: number;
  draw(purpose: string): DrawStream;
}

/** One outlet with the output it belongs to. */
interface Lane {
  readonly index: number;
  readonly output: OutputBinding;
  readonly outlet: Outlet;
  /** Records of a continuous sender that wait for their call to fill. */
  readonly buffer: ParcelList;
  timer: number;
}

/** One call and its retries. */
interface Call {
  readonly index: number;
  readonly request: ParcelList;
  lane: Lane;
  job: Job | undefined;
  attempts: number;
}

/** One invocation's emission. */
interface Job {
  readonly index: number;
  readonly pending: ParcelList[];
  listener: EmitListener;
  token: number;
  outstanding: number;
  failed: boolean;
}

const MS = 1000;

export class Emitter {
  /** Every output hands single records over at once, so nothing can wait here. */
  readonly isInstant: boolean;
  private readonly env: EmitterEnvironment;
  private readonly outputs: readonly OutputBinding[];
  private readonly lanes: Lane[] = [];
  private readonly lanesOf: Lane[][] = [];
  private readonly totalWeight: number;
  private readonly jobs: Job[] = [];
  private readonly freeJobs: Job[] = [];
  private readonly calls: Call[] = [];
  private readonly freeCalls: Call[] = [];
  private held = 0;
  private readonly reply = newReply();
  private readonly scratch: ParcelList;
  private readonly leaves: ParcelList;
  private readonly selectivityDraw: DrawStream;
  private readonly routeDraw: DrawStream;
  private readonly retryDraw: DrawStream;
  private readonly onAnswer: number;
  private readonly onRetry: number;
  private readonly onLinger: number;

  constructor(env: EmitterEnvironment, outputs: readonly OutputBinding[]) {
    this.env = env;
    this.outputs = outputs;
    const { store } = env.flow;
    for (const output of outputs) {
      const own: Lane[] = [];
      for (const outlet of output.outlets) {
        const lane = { index: this.lanes.length, output, outlet, buffer: new ParcelList(store), timer: -1 };
        own.push(lane);
        this.lanes.push(lane);
      }
      this.lanesOf.push(own);
    }
    this.totalWeight = outputs.reduce((sum, output) => sum + (output.emit.weight ?? 0), 0);
    this.isInstant = outputs.every(
      ({ emit }) => emit.batchSize === 1 && emit.recordsPerMessage === 1 && emit.callLatencyMs === 0,
    );
    this.scratch = new ParcelList(store);
    this.leaves = new ParcelList(store);
    this.selectivityDraw = env.draw('selectivity');
    this.routeDraw = env.draw('route');
    this.retryDraw = env.draw('sendRetry');
    this.onAnswer = env.kernel.register((index) => {
      const call = this.calls[index]!;
      const { job } = call;
      this.held -= call.request.records;
      if (this.settleAttempt(call)) this.resume(job);
    });
    this.onRetry = env.kernel.register((index) => {
      const call = this.calls[index]!;
      const { job } = call;
      this.held -= call.request.records;
      if (this.send(call)) this.resume(job);
    });
    this.onLinger = env.kernel.register((index) => this.flushLane(this.lanes[index]!));
  }

  /** Records that wait here: for a call to fill, for an answer with refusals, for a retry. */
  get heldRecords(): number {
    return this.held;
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
    for (let k = 0; k < this.outputs.length; k++) {
      if (this.outputs[k]!.emit.per === 'batch') this.emitBatch(k, units, upTo, job);
      else for (let i = 0; i < upTo; i++) this.emitUnit(k, units[i]!, job);
    }
    job.outstanding = 1;
    this.startCalls(job);
    this.callEnded(job);
  }

  /** Sends on a record that belongs to this node; it is gone afterwards. A unit is taken apart first. */
  forward(p: number): void {
    const { store } = this.env.flow;
    if (store.child[p] === NONE) {
      this.forwardRecord(p);
      return;
    }
    this.env.flow.unpack(p, this.leaves);
    for (let c = this.leaves.shift(); c !== NONE; c = this.leaves.shift()) this.forwardRecord(c);
  }

  private forwardRecord(p: number): void {
    const { flow, node, kernel } = this.env;
    const chosen = chooseOutput(this.outputs, this.totalWeight, this.routeDraw, flow.store.entity[p]!);
    let last: Lane | undefined;
    for (let k = 0; k < this.outputs.length; k++) {
      if (this.outputs[k]!.emit.weight !== undefined && k !== chosen) continue;
      for (const lane of this.lanesOf[k]!) {
        if (last !== undefined) this.place(flow.copy(p), last);
        last = lane;
      }
    }
    if (last === undefined) flow.deliver(p, node, kernel.nowUs);
    else this.place(p, last);
  }

  /** Applies selectivity and size to a record and puts it into the lane of a continuous sender. */
  private place(p: number, lane: Lane): void {
    const { store } = this.env.flow;
    this.shape(p, lane.output, this.scratch);
    const { emit } = lane.output;
    for (let q = this.scratch.shift(); q !== NONE; q = this.scratch.shift()) {
      if (emit.batchSize === 1 && emit.recordsPerMessage === 1) {
        const call = this.takeCall(lane, undefined);
        call.request.push(q);
        this.send(call);
        continue;
      }
      lane.buffer.push(q);
      this.held += store.records[q]!;
      if (lane.buffer.records >= emit.batchSize * emit.recordsPerMessage) this.flushLane(lane);
      else if (lane.timer === -1) {
        lane.timer = this.env.kernel.after(emit.lingerMs * MS, this.onLinger, lane.index, 0, PRIORITY_TIMER);
      }
    }
  }

  private flushLane(lane: Lane): void {
    if (lane.timer !== -1) this.env.kernel.cancel(lane.timer);
    lane.timer = -1;
    this.held -= lane.buffer.records;
    while (lane.buffer.length > 0) {
      const call = this.takeCall(lane, undefined);
      this.fill(call, lane.buffer);
      this.send(call);
    }
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
    const { flow, node } = this.env;
    const output = this.outputs[k]!;
    if (output.emit.weight !== undefined) {
      const entity = flow.store.entity[p]!;
      if (chooseOutput(this.outputs, this.totalWeight, this.routeDraw, entity) !== k) return;
    }
    for (const lane of this.lanesOf[k]!) {
      this.shape(flow.effect(p, lane.outlet.bit, node), output, job.pending[lane.index]!);
    }
  }

  /** Turns an effect into the records that leave: none (filtered), itself, or several derived ones. */
  private shape(q: number, output: OutputBinding, into: ParcelList): void {
    const { flow, node } = this.env;
    const { store } = flow;
    const { emit } = output;
    const entity = store.entity[q]!;
    const n = emit.selectivity === 1 ? 1 : outputCount(emit.selectivity, this.selectivityDraw, entity);
    if (n === 0) {
      flow.filter(q);
      return;
    }
    if (emit.key === 'new') store.key[q] = -1;
    if (emit.sizeFactor !== 1) store.bytes[q] = Math.max(1, Math.round(store.bytes[q]! * emit.sizeFactor));
    if (n === 1) {
      into.push(q);
      return;
    }
    const isDuplicate = (store.flags[q]! & FLAG_DUPLICATE) !== 0;
    for (let j = 0; j < n; j++) {
      const bytes = store.bytes[q]!;
      into.push(flow.emit(node, q, derivedEntity(entity, j), bytes, store.e0[q]!, store.e1[q]!, isDuplicate));
    }
    flow.absorb(q);
  }

  /** Output k of a whole batch: all its records are absorbed into one or more derived records. */
  private emitBatch(k: number, units: Int32Array, upTo: number, job: Job): void {
    const { flow, node } = this.env;
    const { store } = flow;
    const output = this.outputs[k]!;
    for (const lane of this.lanesOf[k]!) {
      let first = NONE;
      let bytes = 0;
      let e0 = Number.POSITIVE_INFINITY;
      let e1 = Number.NEGATIVE_INFINITY;
      let isDuplicate = true;
      for (let i = 0; i < upTo; i++) {
        const unit = units[i]!;
        for (let p = store.child[unit] === NONE ? unit : store.child[unit]!; p !== NONE; p = p === unit ? NONE : store.next[p]!) {
          const q = flow.effect(p, lane.outlet.bit, node);
          this.scratch.push(q);
          if (first === NONE) first = q;
          bytes += store.bytes[q]!;
          e0 = Math.min(e0, store.e0[q]!);
          e1 = Math.max(e1, store.e1[q]!);
          if ((store.flags[q]! & FLAG_DUPLICATE) === 0) isDuplicate = false;
        }
      }
      if (first === NONE) continue;
      const size = Math.max(1, Math.round(bytes * output.emit.sizeFactor));
      const n = outputCount(output.emit.selectivity, this.selectivityDraw, store.entity[first]!);
      for (let j = 0; j < n; j++) {
        const entity = derivedEntity(store.entity[first]!, 1000 + j);
        job.pending[lane.index]!.push(flow.emit(node, first, entity, size, e0, e1, isDuplicate));
      }
      for (let q = this.scratch.shift(); q !== NONE; q = this.scratch.shift()) flow.absorb(q);
    }
  }

  /** Starts the calls of an invocation: all of the parallel ones, the next of the sequential ones. */
  private startCalls(job: Job): void {
    for (let i = 0; i < this.lanes.length; i++) {
      const pending = job.pending[i]!;
      const lane = this.lanes[i]!;
      while (pending.length > 0) {
        const call = this.takeCall(lane, job);
        this.fill(call, pending);
        if (this.send(call)) continue;
        job.outstanding++;
        if (lane.output.emit.order === 'sequential') return;
      }
    }
  }

  /** One of an invocation's calls has ended: start the next, or report. */
  private resume(job: Job | undefined): void {
    if (job === undefined) return;
    this.startCalls(job);
    this.callEnded(job);
  }

  /** Moves the next call's worth of records over, packed into messages. */
  private fill(call: Call, from: ParcelList): void {
    const { emit } = call.lane.output;
    for (let messages = 0; messages < emit.batchSize && from.length > 0; messages++) {
      if (emit.recordsPerMessage === 1) {
        call.request.push(from.shift());
        continue;
      }
      for (let i = 0; i < emit.recordsPerMessage && from.length > 0; i++) this.leaves.push(from.shift());
      call.request.push(this.env.flow.pack(this.leaves, 0));
    }
  }

  /** Offers a call; true when it ended at once. */
  private send(call: Call): boolean {
    const { emit } = call.lane.output;
    const { reply } = this;
    call.lane.outlet.offer(call.request, emit.batchSize > 1, reply, call.attempts > 0);
    call.attempts++;
    const latencyUs = emit.callLatencyMs === undefined ? reply.latencyUs : emit.callLatencyMs * MS;
    if (latencyUs <= 0 || (call.job === undefined && call.request.length === 0)) return this.settleAttempt(call);
    this.held += call.request.records;
    this.env.kernel.after(latencyUs, this.onAnswer, call.index, 0, PRIORITY_TIMER);
    return false;
  }

  /** An attempt was answered: retry what was refused, give up, or end the call. True when the call ended. */
  private settleAttempt(call: Call): boolean {
    const { request } = call;
    if (request.length > 0) {
      const { emit } = call.lane.output;
      if (call.attempts < emit.maxAttempts && !(call.job?.failed ?? false)) {
        const entity = this.env.flow.store.entity[request.head]!;
        const jitter = this.retryDraw.uniformPair(entity, call.attempts);
        const waitMs = jitter * backoffCap(emit.retryBaseMs, emit.retryMaxMs, call.attempts);
        this.held += request.records;
        this.env.kernel.after(Math.max(1, waitMs * MS), this.onRetry, call.index, 0, PRIORITY_TIMER);
        return false;
      }
      this.giveUp(call);
    }
    call.job = undefined;
    this.freeCalls.push(call);
    return true;
  }

  private giveUp(call: Call): void {
    const { request, lane, job } = call;
    const fails = job !== undefined && lane.output.emit.onExhausted === 'fail';
    if (fails) job.failed = true;
    lane.outlet.countDropped(fails ? 0 : request.records);
    this.discard(request, lane, fails);
    if (fails) for (let i = 0; i < this.lanes.length; i++) this.discard(job.pending[i]!, this.lanes[i]!, true);
  }

  /** Takes effects back, or drops what was not accepted. */
  private discard(list: ParcelList, lane: Lane, revoke: boolean): void {
    const { flow } = this.env;
    for (let p = list.shift(); p !== NONE; p = list.shift()) {
      flow.unpack(p, this.leaves);
      for (let q = this.leaves.shift(); q !== NONE; q = this.leaves.shift()) {
        if (!revoke || !flow.revoke(q, lane.outlet.bit)) flow.drop(q, 'send-attempts-exhausted');
      }
    }
  }

  private callEnded(job: Job): void {
    job.outstanding--;
    if (job.outstanding > 0) return;
    const { listener, token, failed } = job;
    this.freeJobs.push(job);
    listener.onEmitted(token, !failed);
  }

  private takeJob(listener: EmitListener, token: number): Job {
    let job = this.freeJobs.pop();
    if (job === undefined) {
      const pending = this.lanes.map(() => new ParcelList(this.env.flow.store));
      job = { index: this.jobs.length, pending, listener, token, outstanding: 0, failed: false };
      this.jobs.push(job);
    }
    job.listener = listener;
    job.token = token;
    job.failed = false;
    return job;
  }

  private takeCall(lane: Lane, job: Job | undefined): Call {
    let call = this.freeCalls.pop();
    if (call === undefined) {
      const request = new ParcelList(this.env.flow.store);
      call = { index: this.calls.length, request, lane, job, attempts: 0 };
      this.calls.push(call);
    }
    call.lane = lane;
    call.job = job;
    call.attempts = 0;
    return call;
  }
}

/**
 * Makes calls on outlets and repeats what was refused: exponential back-off with full jitter, only the refused entries again.
 * Calls are pooled objects; nothing is allocated after warm-up.
 */
import type { OutputBinding, Outlet } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { newReply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { RetryBackoff } from './retry-backoff.ts';

/** One edge of an output, with the retries the output asks for. */
export interface Lane {
  readonly index: number;
  readonly output: OutputBinding;
  readonly outlet: Outlet;
  readonly backoff: RetryBackoff;
}

/** Whose call it is, when the sender must be told how it ended: an invocation. */
export interface CallOwner {
  /** Set when a call was given up: no further attempts for the others. */
  failed: boolean;
}

/** One call and its retries. */
export interface Call {
  readonly index: number;
  readonly request: ParcelList;
  lane: Lane;
  owner: CallOwner | undefined;
  attempts: number;
  /** Earliest next attempt that the callee asked for, microseconds. */
  notBeforeUs: number;
}

export interface SenderEnvironment {
  readonly kernel: Kernel;
  readonly flow: Flow;
  readonly node: number;
  draw(purpose: string): DrawStream;
  /** Told when records that were held here have been sent, or come back, at some later time. */
  onHeldChange?(): void;
  /** Told of records of runs that have waited for their call to fill (see WaitListener). */
  onWaited?(fromUs: number, toUs: number, area: number, leaving: number): void;
}

const MS = 1000;

export class Sender {
  private readonly env: SenderEnvironment;
  private readonly onEnded: (owner: CallOwner, call: Call) => void;
  private readonly calls: Call[] = [];
  private readonly free: Call[] = [];
  private readonly reply = newReply();
  private readonly leaves: ParcelList;
  /** Request of one parcel that is being offered. */
  private readonly single: ParcelList;
  private readonly retryDraw: DrawStream;
  private readonly onAnswer: number;
  private readonly onRetry: number;
  private waiting = 0;

  /** `onEnded` is told of every call with an owner that did not end within `send`. */
  constructor(env: SenderEnvironment, onEnded: (owner: CallOwner, call: Call) => void) {
    this.env = env;
    this.onEnded = onEnded;
    this.leaves = new ParcelList(env.flow.store);
    this.single = new ParcelList(env.flow.store);
    this.retryDraw = env.draw('sendRetry');
    this.onAnswer = env.kernel.register((index) => this.continue(this.calls[index]!, false));
    this.onRetry = env.kernel.register((index) => this.continue(this.calls[index]!, true));
  }

  /** Records in calls that wait for an answer with refusals or for a retry. */
  get waitingRecords(): number {
    return this.waiting;
  }

  /** A lane for one edge of an output. */
  lane(index: number, output: OutputBinding, outlet: Outlet): Lane {
    const { retryBaseMs, retryMaxMs } = output.emit;
    const baseUs = Math.max(1, retryBaseMs * MS);
    return { index, output, outlet, backoff: new RetryBackoff(baseUs, Math.max(baseUs, retryMaxMs * MS)) };
  }

  /** An empty call; fill its request, then `send` it. */
  take(lane: Lane, owner: CallOwner | undefined): Call {
    let call = this.free.pop();
    if (call === undefined) {
      const request = new ParcelList(this.env.flow.store);
      call = { index: this.calls.length, request, lane, owner, attempts: 0, notBeforeUs: 0 };
      this.calls.push(call);
    }
    call.lane = lane;
    call.owner = owner;
    call.attempts = 0;
    call.notBeforeUs = 0;
    return call;
  }

  /** Sends one parcel in a call of its own; only what is not accepted at once needs to be remembered. */
  sendOne(p: number, lane: Lane): void {
    if (lane.outlet.offerOne?.(p) === true) return;
    this.offerSingle(p, lane);
  }

  private offerSingle(p: number, lane: Lane): void {
    const { single, reply } = this;
    single.push(p);
    lane.outlet.offer(single, false, reply, false);
    if (single.length > 0) this.keepSingle(lane);
  }

  private keepSingle(lane: Lane): void {
    const call = this.take(lane, undefined);
    call.request.append(this.single);
    this.answered(call);
  }

  /** Offers a call; true when it ended at once, accepted or given up. */
  send(call: Call): boolean {
    const { lane, request } = call;
    lane.outlet.offer(request, lane.output.emit.batchSize > 1, this.reply, call.attempts > 0);
    return this.answered(call);
  }

  /** Takes the reply to an attempt; true when the call has ended with it. */
  private answered(call: Call): boolean {
    const { emit } = call.lane.output;
    const { reply } = this;
    call.attempts++;
    call.notBeforeUs = this.env.kernel.nowUs + reply.retryAfterUs;
    if (call.owner === undefined && call.request.length === 0) return this.settle(call);
    const factor = call.lane.outlet.latencyFactor ?? 1;
    const latencyUs = emit.callLatencyMs === undefined ? reply.latencyUs : emit.callLatencyMs * MS * factor;
    if (latencyUs <= 0) return this.settle(call);
    this.waiting += call.request.records;
    this.env.kernel.after(latencyUs, this.onAnswer, call.index, 0, PRIORITY_TIMER);
    return false;
  }

  /** Takes effects back, or drops what was not accepted. Empties the list. */
  discard(list: ParcelList, lane: Lane, revoke: boolean): void {
    const { flow } = this.env;
    for (let p = list.shift(); p !== NONE; p = list.shift()) {
      flow.unpack(p, this.leaves);
      for (let q = this.leaves.shift(); q !== NONE; q = this.leaves.shift()) {
        if (!revoke || !flow.revoke(q, lane.outlet.bit)) flow.drop(q, 'send-attempts-exhausted');
      }
    }
  }

  private continue(call: Call, isRetry: boolean): void {
    const { owner } = call;
    this.waiting -= call.request.records;
    const ended = isRetry ? this.send(call) : this.settle(call);
    if (ended && owner !== undefined) this.onEnded(owner, call);
    this.env.onHeldChange?.();
  }

  /** An attempt was answered: retry what was refused, give up, or end the call. True when the call ended. */
  private settle(call: Call): boolean {
    const { request, lane, owner } = call;
    if (request.length > 0) {
      const { emit } = lane.output;
      if (call.attempts < emit.maxAttempts && owner?.failed !== true) {
        const entity = this.env.flow.store.entity[request.head]!;
        const retryUs = this.env.kernel.nowUs + lane.backoff.jitteredUs(call.attempts, this.retryDraw, entity);
        this.waiting += request.records;
        this.env.kernel.at(Math.max(retryUs, call.notBeforeUs), this.onRetry, call.index, 0, PRIORITY_TIMER);
        return false;
      }
      // What a failed invocation has not handed over is taken back, also where it would have been dropped: it comes again.
      const fails = owner !== undefined && (owner.failed || emit.onExhausted === 'fail');
      if (fails) owner.failed = true;
      else lane.outlet.countDropped(request.records);
      this.discard(request, lane, fails);
    }
    call.owner = undefined;
    this.free.push(call);
    return true;
  }
}

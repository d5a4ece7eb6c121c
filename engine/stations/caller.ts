/**
 * Makes the calls of an invocation: asks others about its records, waits for the answers, repeats what was refused or failed.
 *
 * By binding, one after the other: a request for each record in turn (the next when the last is answered), a request for each at
 * once, all in one go, or one request for all. Records that an answer leaves out are not asked about any further. The invocation
 * holds what it holds until the last answer is in. O(1) per record and answer; one kernel event for each answer that takes time;
 * jobs and calls are pooled.
 */
import type { CallBinding, CallOutlet } from '#engine/behavior.ts';
import type { ParcelStore } from '#engine/flow/parcels.ts';
import {
  ANSWER_FAILED,
  ANSWER_LEAVE_OUT,
  ANSWER_REFUSED,
  type CallReply,
  type CallRequest,
  newCallReply,
  newCallRequest,
} from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { RetryBackoff } from './retry-backoff.ts';

export interface CallerEnvironment {
  readonly kernel: Kernel;
  readonly flow: { readonly store: ParcelStore };
  draw(purpose: string): DrawStream;
}

/** Told when all calls of a job have been answered or given up; `ok` is false when one was given up that must not be. */
export interface CallerListener {
  onCalled(token: number, phase: CallRequest['phase'], ok: boolean): void;
}

interface Lane {
  readonly binding: CallBinding;
  readonly outlet: CallOutlet;
  readonly backoff: RetryBackoff;
  /** Records of one call. */
  readonly most: number;
  readonly isParallel: boolean;
}

/** What one invocation asks in one phase. */
interface Job {
  token: number;
  phase: CallRequest['phase'];
  records: Int32Array;
  leaveOut: Uint8Array;
  to: number;
  from: number;
  lane: number;
  cursor: number;
  outstanding: number;
  isWaiting: boolean;
  failed: boolean;
}

interface Call {
  readonly index: number;
  readonly request: CallRequest;
  readonly reply: CallReply;
  /** By record of the request: its place in the job. */
  places: Int32Array;
  job: Job;
  lane: Lane;
  attempts: number;
  notBeforeUs: number;
}

const MS = 1000;

export class Caller {
  private readonly env: CallerEnvironment;
  private readonly listener: CallerListener;
  private readonly lanes: readonly Lane[];
  private readonly calls: Call[] = [];
  private readonly freeCalls: Call[] = [];
  private readonly freeJobs: Job[] = [];
  private readonly running = new Map<number, Job>();
  private readonly retryDraw: DrawStream;
  private readonly onAnswer: number;
  private readonly onRetry: number;

  constructor(env: CallerEnvironment, bindings: readonly CallBinding[], listener: CallerListener) {
    this.env = env;
    this.listener = listener;
    this.lanes = bindings.flatMap((binding) => binding.outlets.map((outlet) => laneOf(binding, outlet)));
    this.retryDraw = env.draw('callRetry');
    this.onAnswer = env.kernel.register((index) => this.continue(this.calls[index]!, false));
    this.onRetry = env.kernel.register((index) => this.continue(this.calls[index]!, true));
  }

  /** Every record is asked about by itself, the next when the last is answered. */
  get isSequential(): boolean {
    return this.lanes.every(({ most, isParallel }) => most === 1 && !isParallel);
  }

  /** Some callee is asked after the work too. */
  get asksAfter(): boolean {
    return this.lanes.some(({ outlet }) => outlet.isAskedAfter);
  }

  /**
   * Asks about `records` from..to - 1 for the invocation `token`, which has one job at a time. Sets `leaveOut` to 1 where an
   * answer says so; records with a 1 are not asked about. `listener.onCalled` may be told before this returns.
   */
  ask(
    records: Int32Array,
    from: number,
    to: number,
    phase: CallRequest['phase'],
    leaveOut: Uint8Array,
    token: number,
  ): void {
    const job = this.freeJobs.pop() ?? newJob();
    Object.assign(job, { records, from, to, phase, leaveOut, token, lane: 0, cursor: from });
    job.isWaiting = false;
    job.failed = false;
    job.outstanding = 1;
    this.running.set(token, job);
    this.resume(job);
  }

  /** Makes no further calls for an invocation; the listener hears, with `ok` false, when those under way are answered. */
  abandon(token: number): void {
    const job = this.running.get(token);
    if (job !== undefined) job.failed = true;
  }

  /** Tells every callee what became of a record that was asked about before the work. */
  end(record: number, wasLeftOut: boolean, kept: boolean): void {
    for (const { outlet } of this.lanes) outlet.onEnded(record, wasLeftOut, kept);
  }

  /** Starts what can start; reports when nothing is outstanding. */
  private resume(job: Job): void {
    this.startCalls(job);
    job.outstanding--;
    if (job.outstanding > 0) return;
    const { token, phase, failed } = job;
    this.running.delete(token);
    this.freeJobs.push(job);
    this.listener.onCalled(token, phase, !failed);
  }

  private startCalls(job: Job): void {
    const { lanes } = this;
    while (!job.isWaiting && !job.failed && job.lane < lanes.length) {
      const lane = lanes[job.lane]!;
      const call = this.nextCall(job, lane);
      if (call === undefined) {
        job.lane++;
        job.cursor = job.from;
        continue;
      }
      if (this.send(call)) continue;
      job.outstanding++;
      if (!lane.isParallel) job.isWaiting = true;
    }
  }

  /** A call about the next records of a lane; none when the lane is through. */
  private nextCall(job: Job, lane: Lane): Call | undefined {
    let call: Call | undefined;
    if (job.phase === 'after' && !lane.outlet.isAskedAfter) return undefined;
    for (; job.cursor < job.to && (call === undefined || call.request.count < lane.most); job.cursor++) {
      if (job.leaveOut[job.cursor] !== 0) continue;
      call ??= this.take(job, lane);
      add(call, job.records[job.cursor]!, job.cursor);
    }
    if (call !== undefined) call.request.calls = lane.binding.emit.callsPer === 'invocation' ? 1 : call.request.count;
    return call;
  }

  /** Asks now; true when the call has ended at once. */
  private send(call: Call): boolean {
    const { lane, request, reply } = call;
    const { emit } = lane.binding;
    if (reply.answers.length < request.count) reply.answers = new Uint8Array(request.records.length);
    lane.outlet.call(request, reply, call.attempts > 0);
    call.attempts++;
    call.notBeforeUs = this.env.kernel.nowUs + reply.retryAfterUs;
    const { latencyFactor } = lane.outlet;
    const latencyUs = emit.callLatencyMs === undefined ? reply.latencyUs : emit.callLatencyMs * MS * latencyFactor;
    if (latencyUs <= 0) return this.settle(call);
    this.env.kernel.after(latencyUs, this.onAnswer, call.index, 0, PRIORITY_TIMER);
    return false;
  }

  private continue(call: Call, isRetry: boolean): void {
    const { job, lane } = call;
    if (isRetry && job.failed) this.freeCalls.push(call);
    else if (!(isRetry ? this.send(call) : this.settle(call))) return;
    if (!lane.isParallel) job.isWaiting = false;
    this.resume(job);
  }

  /** The answer is in: notes what is left out, repeats what was not answered. True when the call has ended. */
  private settle(call: Call): boolean {
    const { job, lane, request, reply, places } = call;
    let kept = 0;
    for (let i = 0; i < request.count; i++) {
      const answer = reply.answers[i]!;
      if (answer === ANSWER_LEAVE_OUT) job.leaveOut[places[i]!] = 1;
      if (answer !== ANSWER_REFUSED && answer !== ANSWER_FAILED) continue;
      request.records[kept] = request.records[i]!;
      places[kept++] = places[i]!;
    }
    if (kept > 0) {
      const { emit } = lane.binding;
      request.count = kept;
      if (request.calls > 1) request.calls = kept;
      if (call.attempts < emit.maxAttempts && !job.failed) {
        const entity = this.env.flow.store.entity[request.records[0]!]!;
        const retryUs = this.env.kernel.nowUs + lane.backoff.jitteredUs(call.attempts, this.retryDraw, entity);
        this.env.kernel.at(Math.max(retryUs, call.notBeforeUs), this.onRetry, call.index, 0, PRIORITY_TIMER);
        return false;
      }
      if (emit.onExhausted === 'fail') job.failed = true;
    }
    this.freeCalls.push(call);
    return true;
  }

  private take(job: Job, lane: Lane): Call {
    let call = this.freeCalls.pop();
    if (call === undefined) {
      const parts = { request: newCallRequest(), reply: newCallReply(), places: new Int32Array(16) };
      call = { index: this.calls.length, ...parts, job, lane, attempts: 0, notBeforeUs: 0 };
      this.calls.push(call);
    }
    call.job = job;
    call.lane = lane;
    call.attempts = 0;
    call.request.count = 0;
    call.request.phase = job.phase;
    call.request.invocation = lane.most === 1 && !lane.isParallel ? job.token : -1;
    return call;
  }
}

function add(call: Call, record: number, place: number): void {
  const { request } = call;
  if (request.count === request.records.length) {
    request.records = doubled(request.records);
    call.places = doubled(call.places);
  }
  request.records[request.count] = record;
  call.places[request.count++] = place;
}

function laneOf(binding: CallBinding, outlet: CallOutlet): Lane {
  const { callsPer, order, retryBaseMs, retryMaxMs } = binding.emit;
  const isWhole = callsPer === 'invocation' || order === 'pipelined';
  const baseUs = Math.max(1, retryBaseMs * MS);
  return {
    binding,
    outlet,
    backoff: new RetryBackoff(baseUs, Math.max(baseUs, retryMaxMs * MS)),
    most: isWhole ? Number.POSITIVE_INFINITY : 1,
    isParallel: order === 'parallel' && !isWhole,
  };
}

function newJob(): Job {
  return {
    token: 0,
    phase: 'before',
    records: new Int32Array(0),
    leaveOut: new Uint8Array(0),
    from: 0,
    to: 0,
    lane: 0,
    cursor: 0,
    outstanding: 0,
    isWaiting: false,
    failed: false,
  };
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}

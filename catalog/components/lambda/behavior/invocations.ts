/**
 * Invocations in progress, in slots of typed arrays: start, init, handler, emission, end or timeout.
 *
 * One kernel event for the end of the handler, and further ones only where calls of the outputs take time. What a batch does
 * is decided when it starts (which record fails, how long it takes), drawn by the ordinal of the invocation and by the
 * identity of the record, so that it does not depend on the order of events elsewhere.
 */
import type { BehaviorContext } from '#engine/behavior.ts';
import { NONE, type ParcelStore } from '#engine/flow/parcels.ts';
import { SINK_EFFECT } from '#engine/flow/flow.ts';
import type { Batch, InvokeAnswer } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_DEPARTURE, PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { addFailure } from '#engine/stations/batch-pool.ts';
import { START_COLD, START_RESET } from '#engine/stations/elastic-pool.ts';
import { ServiceTime } from '#engine/stations/elastic-pool-service.ts';
import { Emitter, type EmitListener } from '#engine/stations/emitter.ts';
import type { Config } from '../config.ts';
import { type CallsOwner, FunctionCalls } from './calls.ts';
import { cpuFactor, firstCallExtraMs, InitPhase } from './cold-start.ts';
import type { Concurrency } from './concurrency.ts';
import type { FunctionMeters } from './meters.ts';

const MS = 1000;
const SECOND_US = 1_000_000;
/** Longest init phase of an environment made on demand; a longer init starts again inside the invocation. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (2026-11-21). */
const LONGEST_INIT_US = 10 * SECOND_US;

/** What will become of the handler. */
const WILL_SUCCEED = 0;
const WILL_FAIL = 1;
const WILL_TIME_OUT = 2;

/** What a slot is doing. */
const IDLE = 0;
const IN_HANDLER = 1;
const EMITTING = 2;
/** Timed out; the environment is free but calls are still under way. */
const ENDING = 3;
/** Waits for the answers to calls before its work, or after it. */
const ASKING = 4;
const MARKING = 5;

const FIRST_CAPACITY = 64;

export class Invocations implements EmitListener, CallsOwner {
  private readonly context: BehaviorContext<Config>;
  private readonly store: ParcelStore;
  private readonly concurrency: Concurrency;
  private readonly meters: FunctionMeters;
  private readonly emitter: Emitter;
  /** Calls to others, where some are linked. */
  private readonly calls: FunctionCalls | undefined;
  private readonly serviceTime: ServiceTime;
  private readonly errorDraw: DrawStream;
  private readonly recordErrorDraw: DrawStream;
  private readonly sandboxDraw: DrawStream;
  private readonly onHandlerEnd: number;
  private readonly onDeadline: number;
  private readonly onReady: number;
  private readonly cpu: number;
  private readonly init: InitPhase;
  private readonly firstCallUs: number;
  private readonly timeoutUs: number;
  private readonly batches: (Batch | undefined)[] = [];
  private readonly goodUnits: (Int32Array | undefined)[] = [];
  private state = new Uint8Array(FIRST_CAPACITY);
  private fate = new Uint8Array(FIRST_CAPACITY);
  private upTo = new Int32Array(FIRST_CAPACITY);
  private server = new Int32Array(FIRST_CAPACITY);
  private timer = new Float64Array(FIRST_CAPACITY);
  private ordinal = new Float64Array(FIRST_CAPACITY);
  private startedUs = new Float64Array(FIRST_CAPACITY);
  private initBilledUs = new Float64Array(FIRST_CAPACITY);
  private free = new Int32Array(FIRST_CAPACITY);
  private freeLength = 0;
  private top = 0;
  private next = 0;

  constructor(context: BehaviorContext<Config>, concurrency: Concurrency, meters: FunctionMeters) {
    const { config, flow, kernel } = context;
    this.context = context;
    this.store = flow.store;
    this.concurrency = concurrency;
    this.meters = meters;
    this.emitter = new Emitter(context, context.outputs('output'));
    const bindings = context.calls('calls');
    this.calls = bindings.length === 0 ? undefined : new FunctionCalls(context, bindings, this);
    this.serviceTime = new ServiceTime(
      config.serviceTimeLaw,
      config.coefficientOfVariation,
      context.draw('serviceTime'),
    );
    this.errorDraw = context.draw('invocationError');
    this.recordErrorDraw = context.draw('recordError');
    this.sandboxDraw = context.draw('sandboxStart');
    this.onHandlerEnd = kernel.register((slot) => this.handlerEnded(slot));
    this.onDeadline = kernel.register((slot) => this.deadlinePassed(slot));
    this.onReady = kernel.register((slot) => this.ask(slot));
    this.cpu = cpuFactor(config);
    this.init = new InitPhase(config, context.draw('init'));
    this.firstCallUs = firstCallExtraMs(config) * MS;
    this.timeoutUs = config.timeoutSeconds * SECOND_US;
  }

  /** Starts an invocation if limits allow. `isMetered`: synchronous, so the request rate applies; `requestUnits`: billed. */
  start(batch: Batch, isMetered: boolean, requestUnits: number): InvokeAnswer {
    const { context, concurrency, meters } = this;
    if (context.faults.outage) return 'failed';
    const { nowUs } = context.kernel;
    const { pool } = concurrency;
    const ordinal = this.next;
    const server = pool.acquire(nowUs, ordinal, isMetered);
    if (server < 0) {
      meters.onThrottled(concurrency.onRefused(server));
      return 'throttled';
    }
    this.next = ordinal + 1;
    const isProvisioned = pool.isProvisioned(server);
    const slot = this.takeSlot();
    batch.failedAt = -1;
    batch.failureCount = 0;
    this.batches[slot] = batch;
    this.server[slot] = server;
    this.ordinal[slot] = ordinal;
    this.state[slot] = IN_HANDLER;
    this.timer[slot] = NONE;
    concurrency.onStarted(pool.startKind === START_COLD, isMetered);
    meters.onLevel(pool.busy, pool.busyProvisioned);
    meters.onStarted(requestUnits, batch.ageUs, !isProvisioned && context.config.provisionedConcurrentExecutions > 0);
    const insideUs = this.begin(slot, pool.startKind);
    if (this.calls !== undefined) {
      this.calls.open(slot, batch, ordinal);
      this.fate[slot] = this.failsWhole(ordinal) ? WILL_FAIL : WILL_SUCCEED;
      this.upTo[slot] = 0;
      this.state[slot] = ASKING;
      const readyUs = this.startedUs[slot] + Math.min(insideUs, this.timeoutUs);
      context.kernel.at(readyUs, this.onReady, slot, 0, PRIORITY_DEPARTURE);
      return 'started';
    }
    const workUs = insideUs + this.plan(slot, batch, ordinal);
    if (workUs > this.timeoutUs) this.fate[slot] = WILL_TIME_OUT;
    const endUs = this.startedUs[slot] + Math.min(workUs, this.timeoutUs);
    context.kernel.at(endUs, this.onHandlerEnd, slot, 0, PRIORITY_DEPARTURE);
    return 'started';
  }

  /** Everything that an invocation emits has been answered. */
  onEmitted(slot: number, ok: boolean): void {
    if (this.state[slot] === ENDING) {
      this.hand(slot, false);
      return;
    }
    this.disarm(slot);
    if (ok) this.deliverUnrouted(slot, this.unitsOf(slot), this.upTo[slot]);
    if (ok) this.worked(slot);
    else this.end(slot, false, false);
  }

  /** The calls before the work have been answered: now it is known which records are worked on, and how long it takes. */
  onAsked(slot: number, ok: boolean): void {
    if (this.state[slot] === ENDING || !ok) {
      this.giveUpCalls(slot);
      return;
    }
    const { config, faults, kernel } = this.context;
    const calls = this.calls!;
    const failsWhole = this.fate[slot] === WILL_FAIL;
    const records = calls.plan(slot, failsWhole);
    const batch = this.batches[slot]!;
    if (batch.failedAt >= 0 && batch.itemFailures === 'off') this.fate[slot] = WILL_FAIL;
    this.upTo[slot] = calls.passingCount(slot);
    this.state[slot] = IN_HANDLER;
    const meanMs = (config.perInvocationMs + config.perRecordMs * records) * this.cpu * faults.latencyFactor;
    const endUs = kernel.nowUs + this.serviceTime.sample(meanMs * MS, this.ordinal[slot]);
    // Otherwise the timeout, which is set already, comes first.
    if (endUs <= this.startedUs[slot] + this.timeoutUs) {
      this.disarm(slot);
      kernel.at(endUs, this.onHandlerEnd, slot, 0, PRIORITY_DEPARTURE);
    }
  }

  /** The calls after the work have been answered. */
  onMarked(slot: number, ok: boolean): void {
    if (this.state[slot] === ENDING || !ok) {
      this.giveUpCalls(slot);
      return;
    }
    this.disarm(slot);
    this.end(slot, this.fate[slot] === WILL_SUCCEED, false);
  }

  fails(unit: number, ordinal: number): boolean {
    const { flow, faults } = this.context;
    const ratio = faults.recordErrorRatio;
    return flow.isPoison(unit) || (ratio > 0 && this.hasRecordError(unit, ordinal, ratio));
  }

  /** A function with calls is ready: init is over. An init that took all its time is cut off like any work. */
  private ask(slot: number): void {
    if (this.context.kernel.nowUs >= this.startedUs[slot] + this.timeoutUs) {
      this.state[slot] = IN_HANDLER;
      this.deadlinePassed(slot);
      return;
    }
    this.arm(slot);
    this.calls!.ask(slot, this.fate[slot] === WILL_FAIL);
  }

  private giveUpCalls(slot: number): void {
    const batch = this.batches[slot]!;
    batch.failedAt = -1;
    batch.failureCount = 0;
    if (this.state[slot] === ENDING) {
      this.hand(slot, false);
      return;
    }
    this.disarm(slot);
    this.end(slot, false, false);
  }

  private arm(slot: number): void {
    const { kernel } = this.context;
    const deadlineUs = Math.max(kernel.nowUs, this.startedUs[slot] + this.timeoutUs);
    this.timer[slot] = kernel.at(deadlineUs, this.onDeadline, slot, 0, PRIORITY_TIMER);
  }

  private disarm(slot: number): void {
    if (this.timer[slot] !== NONE) this.context.kernel.cancel(this.timer[slot]);
    this.timer[slot] = NONE;
  }

  /** Init before the invocation; returns what the start adds to the time inside it, microseconds. */
  private begin(slot: number, startKind: number): number {
    const { config, faults, kernel } = this.context;
    this.startedUs[slot] = kernel.nowUs;
    this.initBilledUs[slot] = 0;
    if (startKind !== START_RESET && startKind !== START_COLD) return 0;
    const initUs = this.init.us(this.ordinal[slot], faults.latencyFactor);
    if (startKind === START_RESET) return initUs + this.firstCallUs * faults.latencyFactor;
    const { sandboxStartMinMs: least, sandboxStartMaxMs: most } = config;
    const sandboxUs = (least + (most - least) * this.sandboxDraw.uniform(this.ordinal[slot])) * MS;
    const phaseUs = Math.min(initUs, LONGEST_INIT_US);
    this.startedUs[slot] = kernel.nowUs + Math.round(sandboxUs * faults.latencyFactor) + phaseUs;
    this.initBilledUs[slot] = phaseUs;
    this.meters.onColdStart(phaseUs);
    return this.firstCallUs * faults.latencyFactor + (initUs > LONGEST_INIT_US ? initUs : 0);
  }

  /** Decides what becomes of the batch; returns the time of the handler's own work, microseconds. */
  private plan(slot: number, batch: Batch, ordinal: number): number {
    const { config, faults } = this.context;
    let records = batch.records;
    this.fate[slot] = WILL_SUCCEED;
    this.upTo[slot] = batch.count;
    if (this.failsWhole(ordinal)) {
      this.fate[slot] = WILL_FAIL;
      this.upTo[slot] = 0;
    } else {
      this.findFailures(batch, ordinal);
      if (batch.itemFailures === 'each') {
        if (batch.failureCount > 0) this.upTo[slot] = this.collectGood(slot, batch);
      } else if (batch.failedAt >= 0) {
        const keepsEffects = batch.itemFailures === 'first' || config.failureEffect === 'precedingRecords';
        this.upTo[slot] = keepsEffects ? batch.failedAt : 0;
        if (batch.itemFailures === 'off') this.fate[slot] = WILL_FAIL;
        records = this.recordsThrough(batch, batch.failedAt);
      }
    }
    const meanMs = (config.perInvocationMs + config.perRecordMs * records) * this.cpu * faults.latencyFactor;
    return this.serviceTime.sample(meanMs * MS, ordinal);
  }

  private failsWhole(ordinal: number): boolean {
    const { config, faults } = this.context;
    const errorRatio = 1 - (1 - config.errorRatio) * (1 - faults.invocationErrorRatio);
    return errorRatio > 0 && this.errorDraw.uniform(ordinal) < errorRatio;
  }

  private findFailures(batch: Batch, ordinal: number): void {
    for (let i = 0; i < batch.count; i++) {
      if (!this.fails(batch.units[i], ordinal)) continue;
      if (batch.itemFailures === 'each') {
        addFailure(batch, i);
      } else {
        batch.failedAt = i;
        return;
      }
    }
  }

  /** Whether any record of a unit meets an error this time; a retry draws again (by the invocation's ordinal modulo 2,048). */
  private hasRecordError(unit: number, ordinal: number, ratio: number): boolean {
    const { store, recordErrorDraw } = this;
    const attempt = ordinal % 2048;
    let p = store.child[unit] === NONE ? unit : store.child[unit];
    while (p !== NONE) {
      if (recordErrorDraw.uniformPair(store.entity[p], attempt) < ratio) return true;
      p = p === unit ? NONE : store.next[p];
    }
    return false;
  }

  private recordsThrough(batch: Batch, last: number): number {
    let records = 0;
    for (let i = 0; i <= last; i++) records += this.store.records[batch.units[i]];
    return records;
  }

  /** Copies the units that did not fail into the slot's own buffer; returns their number. */
  private collectGood(slot: number, batch: Batch): number {
    let good = this.goodUnits[slot];
    if (good === undefined || good.length < batch.count) {
      good = new Int32Array(Math.max(16, batch.units.length));
      this.goodUnits[slot] = good;
    }
    let count = 0;
    let failure = 0;
    for (let i = 0; i < batch.count; i++) {
      if (failure < batch.failureCount && batch.failures[failure] === i) failure++;
      else good[count++] = batch.units[i];
    }
    return count;
  }

  private unitsOf(slot: number): Int32Array {
    if (this.calls !== undefined) return this.calls.passing(slot);
    const batch = this.batches[slot]!;
    return batch.failureCount > 0 ? this.goodUnits[slot]! : batch.units;
  }

  private handlerEnded(slot: number): void {
    if (this.fate[slot] === WILL_TIME_OUT) {
      this.batches[slot]!.failedAt = -1;
      this.batches[slot]!.failureCount = 0;
      this.meters.onTimeout();
      this.end(slot, false, true);
      return;
    }
    if (this.fate[slot] === WILL_FAIL && this.batches[slot]!.failedAt >= 0) this.meters.onFailedByRecord();
    const units = this.unitsOf(slot);
    const upTo = this.upTo[slot];
    if (upTo === 0 || this.emitter.isSink) {
      this.deliverUnrouted(slot, units, upTo);
      this.worked(slot);
      return;
    }
    const ordinal = this.ordinal[slot];
    this.state[slot] = EMITTING;
    this.timer[slot] = NONE;
    this.emitter.emit(units, upTo, this, slot);
    // The emission may have ended at once, and the slot may serve another invocation by now.
    if (this.state[slot] !== EMITTING || this.ordinal[slot] !== ordinal) return;
    this.arm(slot);
  }

  /** The work has taken effect: calls that follow it are made, if there are any. */
  private worked(slot: number): void {
    const succeeded = this.fate[slot] === WILL_SUCCEED;
    if (this.calls?.marks(slot, succeeded) !== true) {
      this.end(slot, succeeded, false);
      return;
    }
    this.state[slot] = MARKING;
    this.arm(slot);
    this.calls.mark(slot);
  }

  /** The timeout cuts emission and calls: the environment is free, the source learns of it when the last call has ended. */
  private deadlinePassed(slot: number): void {
    const batch = this.batches[slot]!;
    const state = this.state[slot];
    batch.failedAt = -1;
    batch.failureCount = 0;
    this.timer[slot] = NONE;
    this.meters.onTimeout();
    this.leave(slot, false, true);
    this.state[slot] = ENDING;
    if (state === ASKING || state === MARKING) this.calls!.abandon(slot);
    else if (state === IN_HANDLER) this.hand(slot, false);
  }

  /** Records that leave through no edge, and do not go back to the caller, take their effect here. */
  private deliverUnrouted(slot: number, units: Int32Array, upTo: number): void {
    if (this.batches[slot]!.isReturned) return;
    const { flow, kernel, node } = this.context;
    const { store } = this;
    for (let i = 0; i < upTo; i++) {
      const unit = units[i];
      let p = store.child[unit] === NONE ? unit : store.child[unit];
      while (p !== NONE) {
        const following = p === unit ? NONE : store.next[p];
        if ((store.effects[p] & ~SINK_EFFECT) === 0) flow.deliverEffect(p, node, kernel.nowUs);
        p = following;
      }
    }
  }

  private end(slot: number, succeeded: boolean, reset: boolean): void {
    this.leave(slot, succeeded, reset);
    this.hand(slot, succeeded);
  }

  /** Ends the invocation as the function sees it: time, bill, environment. */
  private leave(slot: number, succeeded: boolean, reset: boolean): void {
    const { concurrency, meters } = this;
    const { pool } = concurrency;
    const { nowUs } = this.context.kernel;
    const server = this.server[slot];
    const durationUs = nowUs - this.startedUs[slot];
    meters.onEnded(durationUs, this.initBilledUs[slot], pool.isProvisioned(server), succeeded);
    pool.release(nowUs, server, this.ordinal[slot], reset);
    concurrency.onLevel();
    meters.onLevel(pool.busy, pool.busyProvisioned);
  }

  /** Gives the batch back. The slot is free before the caller hears, as it may invoke again at once. */
  private hand(slot: number, succeeded: boolean): void {
    const batch = this.batches[slot]!;
    this.calls?.close(slot, succeeded);
    this.batches[slot] = undefined;
    this.state[slot] = IDLE;
    if (this.freeLength === this.free.length) this.free = doubledInt(this.free);
    this.free[this.freeLength++] = slot;
    batch.caller.onSettled(batch, succeeded);
  }

  private takeSlot(): number {
    if (this.freeLength > 0) return this.free[--this.freeLength];
    const slot = this.top++;
    if (slot === this.state.length) this.grow();
    return slot;
  }

  private grow(): void {
    this.state = doubledByte(this.state);
    this.fate = doubledByte(this.fate);
    this.upTo = doubledInt(this.upTo);
    this.server = doubledInt(this.server);
    this.timer = doubledFloat(this.timer);
    this.ordinal = doubledFloat(this.ordinal);
    this.startedUs = doubledFloat(this.startedUs);
    this.initBilledUs = doubledFloat(this.initBilledUs);
  }
}

function doubledByte(array: Uint8Array): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(array.length * 2);
  grown.set(array);
  return grown;
}

function doubledInt(array: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}

function doubledFloat(array: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(array.length * 2);
  grown.set(array);
  return grown;
}

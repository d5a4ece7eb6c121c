/**
 * The calls that a function makes before and after its own work, for invocations in slots: what is asked about, what an answer
 * leaves out, and which records the work is then done on.
 *
 * Records of a batch are looked at one by one, also where a unit packs several. Calls made for each record in turn stop at the
 * record that fails, as a loop over the records does; calls made in one go, or all at once, have been made for all of them.
 */
import type { BehaviorContext, CallBinding } from '#engine/behavior.ts';
import { NONE, type ParcelStore } from '#engine/flow/parcels.ts';
import type { Batch } from '#engine/flow/ports.ts';
import { addFailure } from '#engine/stations/batch-pool.ts';
import { Caller, type CallerListener } from '#engine/stations/caller.ts';
import type { Config } from '../config.ts';

const FIRST_CAPACITY = 16;
/** No record fails. */
const NOWHERE = -1;

/** The records of one invocation. */
interface Work {
  batch: Batch | undefined;
  records: Int32Array;
  /** By record: index of its unit in the batch. */
  units: Int32Array;
  leaveOut: Uint8Array;
  /** For the calls after the work, whose answers leave nothing out. */
  noneLeftOut: Uint8Array;
  count: number;
  /** Records to work on, in order. */
  passing: Int32Array;
  passingCount: number;
  /** First record that fails the work so far known, NOWHERE when none does; looked for where calls stop there. */
  failing: number;
  /** Records that were asked about. */
  asked: number;
  ordinal: number;
}

export interface CallsOwner {
  /** The calls before the work, and those after it, have been answered or given up; `ok` false: the invocation fails. */
  onAsked(slot: number, ok: boolean): void;
  onMarked(slot: number, ok: boolean): void;
  /** Whether work on this record fails in the invocation of that ordinal. */
  fails(record: number, ordinal: number): boolean;
}

export class FunctionCalls implements CallerListener {
  private readonly store: ParcelStore;
  private readonly owner: CallsOwner;
  private readonly caller: Caller;
  private readonly isSequential: boolean;
  private readonly works: Work[] = [];
  private readonly keepsPreceding: boolean;

  constructor(context: BehaviorContext<Config>, bindings: readonly CallBinding[], owner: CallsOwner) {
    this.store = context.flow.store;
    this.owner = owner;
    this.caller = new Caller(context, bindings, this);
    this.isSequential = this.caller.isSequential;
    this.keepsPreceding = context.config.failureEffect === 'precedingRecords';
  }

  /** Takes in the records of a batch. */
  open(slot: number, batch: Batch, ordinal: number): void {
    const work = (this.works[slot] ??= newWork());
    const { store } = this;
    work.batch = batch;
    work.ordinal = ordinal;
    work.count = 0;
    work.asked = 0;
    work.passingCount = 0;
    work.failing = NOWHERE;
    for (let i = 0; i < batch.count; i++) {
      const unit = batch.units[i];
      for (let p = store.child[unit] === NONE ? unit : store.child[unit]; p !== NONE; ) {
        append(work, p, i);
        p = p === unit ? NONE : store.next[p];
      }
    }
    work.leaveOut.fill(0, 0, work.count);
  }

  /** Makes the calls before the work, up to the record that fails. `failsWhole`: the invocation fails after all of them. */
  ask(slot: number, failsWhole: boolean): void {
    const work = this.works[slot];
    const from = work.asked;
    const stopsAtFailure = this.isSequential && !failsWhole && work.batch!.itemFailures !== 'each';
    work.failing = stopsAtFailure ? this.firstFailing(work, from) : NOWHERE;
    work.asked = work.failing === NOWHERE ? work.count : work.failing + 1;
    this.caller.ask(work.records, from, work.asked, 'before', work.leaveOut, slot);
  }

  /** True when calls after the work are due: it has been done on some records, and either succeeded or went record by record. */
  marks(slot: number, succeeded: boolean): boolean {
    return this.works[slot].passingCount > 0 && (succeeded || this.isSequential) && this.caller.asksAfter;
  }

  mark(slot: number): void {
    const work = this.works[slot];
    work.noneLeftOut.fill(0, 0, work.passingCount);
    this.caller.ask(work.passing, 0, work.passingCount, 'after', work.noneLeftOut, slot);
  }

  abandon(slot: number): void {
    this.caller.abandon(slot);
  }

  onCalled(slot: number, phase: 'before' | 'after', ok: boolean): void {
    if (phase === 'after') {
      this.owner.onMarked(slot, ok);
      return;
    }
    const work = this.works[slot];
    // The record that would have failed has been worked on before: the loop goes on.
    if (ok && work.failing !== NOWHERE && work.leaveOut[work.failing] !== 0 && work.asked < work.count) {
      this.ask(slot, false);
      return;
    }
    this.owner.onAsked(slot, ok);
  }

  /** Names the units that fail in the batch, as it wants them named, and lists what is worked on; returns the records begun. */
  plan(slot: number, failsWhole: boolean): number {
    const work = this.works[slot];
    const batch = work.batch!;
    if (!failsWhole) this.nameFailures(work, batch);
    const last = batch.itemFailures === 'each' || batch.failedAt < 0 ? batch.count - 1 : batch.failedAt;
    let begun = 0;
    let failure = 0;
    for (let i = 0; i < work.count && work.units[i] <= last; i++) {
      if (work.leaveOut[i] !== 0) continue;
      begun += this.store.records[work.records[i]];
      const unit = work.units[i];
      while (failure < batch.failureCount && batch.failures[failure] < unit) failure++;
      const isFailed = batch.failures[failure] === unit && failure < batch.failureCount;
      const isCut = batch.failedAt >= 0 && batch.itemFailures !== 'each' && unit >= batch.failedAt;
      if (!failsWhole && !isFailed && !isCut) work.passing[work.passingCount++] = work.records[i];
    }
    const losesAll = batch.failedAt >= 0 && batch.itemFailures === 'off' && !this.keepsPreceding;
    if (losesAll) work.passingCount = 0;
    return begun;
  }

  passing(slot: number): Int32Array {
    return this.works[slot].passing;
  }

  passingCount(slot: number): number {
    return this.works[slot].passingCount;
  }

  /** The invocation has ended: whoever was asked learns which records the source will not hand out again. */
  close(slot: number, succeeded: boolean): void {
    const work = this.works[slot];
    const batch = work.batch!;
    let failure = 0;
    for (let i = 0; i < work.asked; i++) {
      const unit = work.units[i];
      while (failure < batch.failureCount && batch.failures[failure] < unit) failure++;
      const isNamed =
        batch.itemFailures === 'each'
          ? failure < batch.failureCount && batch.failures[failure] === unit
          : batch.failedAt >= 0 && unit >= batch.failedAt;
      this.caller.end(work.records[i], work.leaveOut[i] !== 0, succeeded && !isNamed);
    }
    work.batch = undefined;
  }

  private firstFailing(work: Work, from: number): number {
    for (let i = from; i < work.count; i++) if (this.owner.fails(work.records[i], work.ordinal)) return i;
    return NOWHERE;
  }

  private nameFailures(work: Work, batch: Batch): void {
    for (let i = 0; i < work.asked; i++) {
      if (work.leaveOut[i] !== 0 || !this.owner.fails(work.records[i], work.ordinal)) continue;
      const unit = work.units[i];
      if (batch.itemFailures !== 'each') {
        batch.failedAt = unit;
        return;
      }
      if (batch.failureCount === 0 || batch.failures[batch.failureCount - 1] !== unit) addFailure(batch, unit);
    }
  }
}

function append(work: Work, record: number, unit: number): void {
  if (work.count === work.records.length) {
    const size = 2 * work.records.length;
    const wide = (old: Int32Array): Int32Array => {
      const grown = new Int32Array(size);
      grown.set(old);
      return grown;
    };
    work.records = wide(work.records);
    work.units = wide(work.units);
    work.passing = new Int32Array(size);
    work.leaveOut = new Uint8Array(size);
    work.noneLeftOut = new Uint8Array(size);
  }
  work.records[work.count] = record;
  work.units[work.count++] = unit;
}

function newWork(): Work {
  return {
    batch: undefined,
    records: new Int32Array(FIRST_CAPACITY),
    units: new Int32Array(FIRST_CAPACITY),
    leaveOut: new Uint8Array(FIRST_CAPACITY),
    noneLeftOut: new Uint8Array(FIRST_CAPACITY),
    count: 0,
    passing: new Int32Array(FIRST_CAPACITY),
    passingCount: 0,
    failing: NOWHERE,
    asked: 0,
    ordinal: 0,
  };
}

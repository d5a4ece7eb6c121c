/** Batches by the thousand without garbage: they are taken, filled, handed over, and given back when they have settled. */
import type { Batch, InvocationCaller } from '#engine/flow/ports.ts';

const FIRST_CAPACITY = 16;

export class BatchPool {
  private readonly caller: InvocationCaller;
  private readonly itemFailures: Batch['itemFailures'];
  private readonly isReturned: boolean;
  private readonly free: Batch[] = [];
  private made = 0;

  constructor(caller: InvocationCaller, itemFailures: Batch['itemFailures'] = 'off', isReturned = false) {
    this.caller = caller;
    this.itemFailures = itemFailures;
    this.isReturned = isReturned;
  }

  /** Batches ever allocated: the largest number that was out at one time. */
  get size(): number {
    return this.made;
  }

  /** An empty batch. */
  take(token: number): Batch {
    const batch = this.free.pop() ?? this.make();
    batch.token = token;
    batch.count = 0;
    batch.unitCount = 0;
    batch.records = 0;
    batch.bytes = 0;
    batch.ageUs = -1;
    batch.failedAt = -1;
    batch.failureCount = 0;
    return batch;
  }

  /** Appends a unit, or a run of `units`; the array doubles when full. */
  add(batch: Batch, unit: number, records: number, bytes: number, units = 1): void {
    if (batch.count === batch.units.length) batch.units = doubled(batch.units);
    batch.units[batch.count] = unit;
    batch.count += 1;
    batch.unitCount += units;
    batch.records += records;
    batch.bytes += bytes;
  }

  /** Takes a batch back; its units are the caller's business. */
  give(batch: Batch): void {
    this.free.push(batch);
  }

  private make(): Batch {
    this.made += 1;
    return {
      units: new Int32Array(FIRST_CAPACITY),
      count: 0,
      unitCount: 0,
      records: 0,
      bytes: 0,
      token: 0,
      caller: this.caller,
      ageUs: -1,
      itemFailures: this.itemFailures,
      isReturned: this.isReturned,
      failedAt: -1,
      failures: new Int32Array(this.itemFailures === 'each' ? FIRST_CAPACITY : 0),
      failureCount: 0,
    };
  }
}

/** Names a unit as failed (the callee's side); the array doubles when full. */
export function addFailure(batch: Batch, index: number): void {
  if (batch.failures.length === 0) batch.failures = new Int32Array(FIRST_CAPACITY);
  else if (batch.failureCount === batch.failures.length) batch.failures = doubled(batch.failures);
  batch.failures[batch.failureCount] = index;
  batch.failureCount += 1;
  if (batch.failedAt === -1) batch.failedAt = index;
}

function doubled(array: Int32Array): Int32Array {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}

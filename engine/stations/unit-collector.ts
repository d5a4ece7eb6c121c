import { NONE, ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { Alarm } from './alarm.ts';

export interface CollectionLimits {
  /** Units that fill a call, >= 1. */
  readonly maxCallUnits: number;
  /** Bytes that fill a call; a unit larger than that goes alone. */
  readonly maxCallBytes: number;
  /** Bytes for one partition that send a call off before it is full, so that no partition gets a large clump. */
  readonly maxCallPartitionBytes: number;
}

/** How much of the call in preparation is for one partition. Kept by the owner, counted by the collector. */
export interface PartitionShare {
  callNumber: number;
  callBytes: number;
}

/** Takes a call: must empty the list before it returns. */
export type CallListener = (call: ParcelList, collector: number) => void;

/**
 * Collects units of all partitions into calls. A call leaves when it is full or when the deadline of one of its units is
 * reached. O(1) per unit, one pending event while anything is held. No allocation after construction.
 */
export class UnitCollector {
  private readonly kernel: Kernel;
  private readonly limits: CollectionLimits;
  private readonly index: number;
  private readonly onCall: CallListener;
  private readonly ready: ParcelList;
  private readonly call: ParcelList;
  private readonly alarm: Alarm;
  private deadlineUs = Number.POSITIVE_INFINITY;
  private calls = 0;

  /** `onAlarm`: kernel handler that calls `rang` of collector `index`. */
  constructor(
    kernel: Kernel,
    store: ParcelStore,
    limits: CollectionLimits,
    index: number,
    onAlarm: number,
    onCall: CallListener,
  ) {
    this.kernel = kernel;
    this.limits = limits;
    this.index = index;
    this.onCall = onCall;
    this.ready = new ParcelList(store);
    this.call = new ParcelList(store);
    this.alarm = new Alarm(kernel, onAlarm, index);
  }

  /** Takes a unit that must leave by `deadlineUs`. */
  put(unit: number, share: PartitionShare, deadlineUs: number): void {
    const { ready } = this;
    ready.push(unit);
    if (share.callNumber !== this.calls) {
      share.callNumber = this.calls;
      share.callBytes = 0;
    }
    share.callBytes += ready.store.bytes[unit]!;
    if (deadlineUs < this.deadlineUs) this.deadlineUs = deadlineUs;
    if (share.callBytes >= this.limits.maxCallPartitionBytes || this.isFull()) {
      this.send();
      // What did not fit is the unit that came last: the others fitted before it came.
      while (this.isFull()) this.send();
      if (ready.length > 0) this.deadlineUs = deadlineUs;
    }
    if (ready.length > 0) this.alarm.set(this.deadlineUs);
  }

  /** The alarm has rung. */
  rang(): void {
    this.alarm.rang();
    if (this.ready.length === 0) return;
    if (this.kernel.nowUs >= this.deadlineUs) this.send();
    else this.alarm.set(this.deadlineUs);
  }

  private isFull(): boolean {
    const { ready, limits } = this;
    return ready.units >= limits.maxCallUnits || ready.bytes >= limits.maxCallBytes;
  }

  private send(): void {
    const { ready, call, limits } = this;
    const { store } = ready;
    call.push(ready.shift());
    while (ready.head !== NONE && call.units < limits.maxCallUnits) {
      if (call.bytes + store.bytes[ready.head]! > limits.maxCallBytes) break;
      call.push(ready.shift());
    }
    this.calls += 1;
    this.deadlineUs = Number.POSITIVE_INFINITY;
    this.onCall(call, this.index);
  }
}

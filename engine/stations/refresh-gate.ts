/**
 * Holds parcels until the first tick after they are ready: what is written becomes visible at the next refresh.
 *
 * Ticks fall on whole multiples of the interval. One event per tick at which something becomes visible, none otherwise; adding is O(1).
 */
import { ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';
import { invariant } from '#engine/kernel/invariant.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';

/** Takes what becomes visible: must empty the list before it returns. */
export type RefreshListener = (visible: ParcelList) => void;

export class RefreshGate {
  private readonly kernel: Kernel;
  private readonly store: ParcelStore;
  private readonly intervalUs: number;
  private readonly onVisible: RefreshListener;
  private readonly onTick: number;
  /** By tick: what becomes visible then. */
  private readonly held = new Map<number, ParcelList>();
  private readonly free: ParcelList[] = [];

  /** `intervalUs` > 0. */
  constructor(kernel: Kernel, store: ParcelStore, intervalUs: number, onVisible: RefreshListener) {
    invariant(intervalUs > 0, `refreshes are apart, got ${intervalUs} us`);
    this.kernel = kernel;
    this.store = store;
    this.intervalUs = intervalUs;
    this.onVisible = onVisible;
    this.onTick = kernel.register((tick) => this.tick(tick));
  }

  /** Takes a parcel that is ready at `readyUs`, now or later. */
  add(parcel: number, readyUs: number): void {
    const tick = Math.ceil(readyUs / this.intervalUs);
    let list = this.held.get(tick);
    if (list === undefined) {
      list = this.free.pop() ?? new ParcelList(this.store);
      this.held.set(tick, list);
      const atUs = Math.max(this.kernel.nowUs, tick * this.intervalUs);
      this.kernel.at(atUs, this.onTick, tick, 0, PRIORITY_TIMER);
    }
    list.push(parcel);
  }

  private tick(tick: number): void {
    const list = this.held.get(tick)!;
    this.held.delete(tick);
    this.onVisible(list);
    this.free.push(list);
  }
}

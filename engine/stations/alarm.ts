import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';

/**
 * One pending event at the earliest of the times asked for: for deadlines that only the oldest item sets.
 * O(log pending events) when the time moves forward, O(1) when a later one is asked for.
 */
export class Alarm {
  private readonly kernel: Kernel;
  private readonly handler: number;
  private readonly index: number;
  private handle = -1;
  private atUs = Number.POSITIVE_INFINITY;

  /** `handler`: registered at the kernel, called with `index`; it calls `rang` before anything else. */
  constructor(kernel: Kernel, handler: number, index: number) {
    this.kernel = kernel;
    this.handler = handler;
    this.index = index;
  }

  /** Rings at `atUs` (now, when that is past) unless it rings before that anyway. */
  set(atUs: number): void {
    const { kernel } = this;
    const dueUs = Math.ceil(Math.max(atUs, kernel.nowUs));
    if (this.atUs <= dueUs) return;
    if (this.handle !== -1) kernel.cancel(this.handle);
    this.atUs = dueUs;
    this.handle = kernel.at(dueUs, this.handler, this.index, 0, PRIORITY_TIMER);
  }

  /** It has rung and can be set again. */
  rang(): void {
    this.handle = -1;
    this.atUs = Number.POSITIVE_INFINITY;
  }
}

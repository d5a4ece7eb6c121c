/**
 * The line of those who wait for a message (long polling). Each waiter is told once: as soon as it is its turn and a message
 * can be received, or when its time is up. First come, first served; O(1) per wait; slots are recycled.
 */
import type { QueueWaiter } from '#engine/flow/ports.ts';
import { NONE } from '#engine/flow/parcels.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_POLL } from '#engine/kernel/priorities.ts';
import { SlotLinks, SlotList } from './visibility-queue-lists.ts';

const FIRST_CAPACITY = 16;
/** From one telling to the next at the earliest. */
const AGAIN_US = 1000;

export class WaiterLine {
  private readonly kernel: Kernel;
  private readonly canReceive: () => boolean;
  private readonly links = new SlotLinks(FIRST_CAPACITY);
  private readonly line = new SlotList(this.links);
  private readonly waiters: QueueWaiter[] = [];
  private readonly tokens: number[] = [];
  private readonly deadlines: number[] = [];
  private readonly freeWaits: number[] = [];
  private readonly onDeadline: number;
  private readonly onWake: number;
  private isWaking = false;
  private isTellingNow = false;
  private lastToldUs = Number.NEGATIVE_INFINITY;

  /** `canReceive` tells whether a receive would find a message now. */
  constructor(kernel: Kernel, canReceive: () => boolean) {
    this.kernel = kernel;
    this.canReceive = canReceive;
    this.onDeadline = kernel.register((wait) => this.notify(wait));
    this.onWake = kernel.register(() => this.notifyAll());
  }

  /** Waiters in the line. */
  get length(): number {
    return this.line.length;
  }

  /** True while a waiter is being told, that is, within its `onMessages`. */
  get isTelling(): boolean {
    return this.isTellingNow;
  }

  /** Joins the line for at most `waitUs` microseconds. */
  wait(waitUs: number, waiter: QueueWaiter, token: number): void {
    const wait = this.freeWaits.pop() ?? this.waiters.length;
    if (wait >= this.links.next.length) this.links.grow(wait * 2);
    this.waiters[wait] = waiter;
    this.tokens[wait] = token;
    this.deadlines[wait] = this.kernel.after(waitUs, this.onDeadline, wait, 0, PRIORITY_POLL);
    this.line.pushBack(wait);
    this.wake();
  }

  /**
   * Messages may have become receivable: tells waiters at this instant, after all that arrive in it. Waiters are told once
   * an instant, so that one who leaves the messages and waits anew cannot hold the clock.
   */
  wake(): void {
    if (this.isWaking || this.line.length === 0 || !this.canReceive()) return;
    const { nowUs } = this.kernel;
    this.isWaking = true;
    this.kernel.at(this.lastToldUs === nowUs ? nowUs + AGAIN_US : nowUs, this.onWake, 0, 0, PRIORITY_POLL);
  }

  private notifyAll(): void {
    this.isWaking = false;
    this.lastToldUs = this.kernel.nowUs;
    for (let left = this.line.length; left > 0 && this.canReceive(); left--) {
      const wait = this.line.head;
      if (wait === NONE) return;
      this.kernel.cancel(this.deadlines[wait]);
      this.notify(wait);
    }
    this.wake();
  }

  private notify(wait: number): void {
    this.line.remove(wait);
    const waiter = this.waiters[wait];
    this.freeWaits.push(wait);
    this.isTellingNow = true;
    waiter.onMessages(this.tokens[wait]);
    this.isTellingNow = false;
  }
}

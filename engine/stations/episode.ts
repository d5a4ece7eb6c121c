/**
 * Turns many occurrences into one episode for the log: it begins with the first and ends when none has come for a while.
 * An episode that the pre-roll has begun begins anew with the first mark from time zero on: the log keeps nothing from before.
 * One pending event while it lasts, none otherwise; `mark` is O(1).
 */
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';

export interface EpisodeOwner {
  onBegan(): void;
  /** `amount`: sum of what was marked; `lastedUs`: from the first mark to the last. */
  onEnded(amount: number, lastedUs: number): void;
}

export class Episode {
  private readonly kernel: Kernel;
  private readonly quietUs: number;
  private readonly owner: EpisodeOwner;
  private readonly onCheck: number;
  private amount = 0;
  private firstUs = 0;
  private lastUs = 0;
  private open = false;

  /** `quietUs`: time without a mark that ends an episode, microseconds, > 0. */
  constructor(kernel: Kernel, quietUs: number, owner: EpisodeOwner) {
    this.kernel = kernel;
    this.quietUs = quietUs;
    this.owner = owner;
    this.onCheck = kernel.register(() => this.check());
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** Something happened, `amount` times. */
  mark(amount: number): void {
    const { kernel } = this;
    const { nowUs } = kernel;
    const isNew = !this.open;
    this.lastUs = nowUs;
    if (isNew || (this.firstUs < 0 && nowUs >= 0)) {
      this.open = true;
      this.firstUs = nowUs;
      this.amount = amount;
      this.owner.onBegan();
    } else this.amount += amount;
    if (isNew) kernel.after(this.quietUs, this.onCheck, 0, 0, PRIORITY_SAMPLING);
  }

  private check(): void {
    const { kernel, lastUs, quietUs, amount } = this;
    if (kernel.nowUs < lastUs + quietUs) {
      kernel.at(lastUs + quietUs, this.onCheck, 0, 0, PRIORITY_SAMPLING);
      return;
    }
    this.open = false;
    this.amount = 0;
    // Of an episode that was all in the pre-roll, the log does not know the beginning.
    if (this.firstUs >= 0 || kernel.nowUs < 0) this.owner.onEnded(amount, lastUs - this.firstUs);
  }
}

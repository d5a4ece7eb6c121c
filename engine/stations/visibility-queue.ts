/**
 * A queue with visibility: a message that is received stays in the queue, hidden, until it is deleted; if that takes longer
 * than its visibility timeout it can be received again while the first attempt still runs.
 *
 * Every message has a slot, every attempt a receipt, and all attempts share one parcel, whose effect bits make what
 * they send on twice come out as duplicates. Deleting by any receipt marks the message done: if it is visible again it
 * disappears, if another attempt works on it the parcel stays until that attempt ends.
 *
 * A run of alike messages has one slot too: a receive cuts off what it may take, and what was received together stays together,
 * as it does where one attempt works on it. Whoever does not take runs is handed messages one by one.
 *
 * Cost: O(1) per message and attempt (a message moved here with an older time of sending passes those sent since). Timeouts,
 * delays and retention have one pending event each, at the earliest, not one per message. No allocation per event.
 */
import type { Flow } from '#engine/flow/flow.ts';
import { NONE } from '#engine/flow/parcels.ts';
import type { QueueWaiter } from '#engine/flow/ports.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import type { VisibilityQueueOptions, VisibilityQueueOwner } from './visibility-queue-owner.ts';
import { SlotLinks, SlotList } from './visibility-queue-lists.ts';
import { GroupOrder, PlainOrder, type ReadyOrder } from './visibility-queue-order.ts';
import {
  APART_DELAY,
  APART_NOT,
  APART_TIMEOUT,
  DELAYED,
  GONE,
  HIDDEN,
  MessageStore,
  OUTCOME_DONE,
  OUTCOME_EXPIRED,
  OUTCOME_MOVED,
  ReceiptStore,
  VISIBLE,
} from './visibility-queue-store.ts';
import { RunSlots } from './visibility-queue-runs.ts';
import { WaiterLine } from './visibility-queue-waiters.ts';

/** Receives after which a message no longer counts for the age of the queue (unless it is grouped). */
const POISON_RECEIVES = 3;

export class VisibilityQueue {
  private readonly kernel: Kernel;
  private readonly flow: Flow;
  private readonly node: number;
  private readonly options: VisibilityQueueOptions;
  private readonly owner: VisibilityQueueOwner;
  private readonly messages = new MessageStore();
  private readonly receipts = new ReceiptStore();
  private readonly stateLinks: SlotLinks;
  private readonly sentLinks: SlotLinks;
  private readonly arrivalLinks: SlotLinks;
  private readonly order: ReadyOrder;
  private readonly hidden: SlotList;
  private readonly delayed: SlotList;
  private readonly bySent: SlotList;
  private readonly byArrival: SlotList;
  private readonly waiters: WaiterLine;
  private readonly runSlots: RunSlots;
  private readonly onTimeout: number;
  private readonly onDelayOver: number;
  private readonly onOwnTimer: number;
  private readonly onRetention: number;
  private timeoutArmed = false;
  private delayArmed = false;
  private retentionEvent = NONE;
  private retentionDueUs = Number.POSITIVE_INFINITY;
  /** Messages, runs by their units. */
  private visible = 0;
  private hiddenCount = 0;
  private delayedMessages = 0;
  private apartDelayed = 0;
  private isPaused = false;

  /** `node`: ledger index of the owner. Handlers are registered with the kernel here. */
  constructor(kernel: Kernel, flow: Flow, node: number, options: VisibilityQueueOptions, owner: VisibilityQueueOwner) {
    this.kernel = kernel;
    this.flow = flow;
    this.node = node;
    this.options = options;
    this.owner = owner;
    const { capacity } = this.messages;
    this.stateLinks = new SlotLinks(capacity);
    this.sentLinks = new SlotLinks(capacity);
    this.arrivalLinks = new SlotLinks(capacity);
    this.order = options.isGrouped ? new GroupOrder(this.stateLinks) : new PlainOrder(this.stateLinks);
    this.hidden = new SlotList(this.stateLinks);
    this.delayed = new SlotList(this.stateLinks);
    this.bySent = new SlotList(this.sentLinks);
    this.byArrival = new SlotList(this.arrivalLinks);
    this.runSlots = new RunSlots(flow, options, {
      messages: this.messages,
      order: this.order,
      hidden: this.hidden,
      delayed: this.delayed,
      bySent: this.bySent,
      byArrival: this.byArrival,
      grow: () => this.growLinks(),
      setApart: (slot, dueUs, reason) => this.setApart(slot, Math.max(1, dueUs - kernel.nowUs), reason),
    });
    this.waiters = new WaiterLine(kernel, () => this.canReceive);
    this.onTimeout = kernel.register(() => this.timeoutsOver());
    this.onDelayOver = kernel.register(() => this.delaysOver());
    this.onOwnTimer = kernel.register((slot, generation) => this.ownTimerOver(slot, generation));
    this.onRetention = kernel.register(() => this.retentionOver());
  }

  /** Messages that can be received, those of blocked groups included. */
  get visibleCount(): number {
    return this.visible;
  }

  /** Messages in flight. */
  get inFlightCount(): number {
    return this.hiddenCount;
  }

  /** Messages whose delay still runs. */
  get delayedCount(): number {
    return this.delayedMessages + this.apartDelayed;
  }

  /** Attempts that have not ended. */
  get attemptCount(): number {
    return this.receipts.openCount;
  }

  /** True while a waiter is being told that there are messages or that its time is up. */
  get isTelling(): boolean {
    return this.waiters.isTelling;
  }

  /** The limit of messages in flight is reached. */
  get isFull(): boolean {
    return this.hiddenCount >= this.options.inFlightLimit;
  }

  /** A receive would find a message now. */
  get canReceive(): boolean {
    return !this.isPaused && this.order.hasReady && !this.isFull;
  }

  /** Age in this queue of the oldest message that was received fewer than 3 times, microseconds; 0 without one. */
  get oldestAgeUs(): number {
    const { receives, arrivedUs } = this.messages;
    for (let slot = this.byArrival.head; slot !== NONE; slot = this.byArrival.after(slot)) {
      if (this.options.isGrouped || receives[slot] < POISON_RECEIVES) return this.kernel.nowUs - arrivedUs[slot];
    }
    return 0;
  }

  /** While paused nothing is received and waiters are not told (an outage); timeouts go on. */
  set paused(paused: boolean) {
    this.isPaused = paused;
    this.waiters.wake();
  }

  /** Takes a parcel in as a message; it moves to this node in the ledger. `sentUs`: now, or earlier for a moved message. */
  put(parcel: number, sentUs: number): void {
    const { flow, kernel, messages, options } = this;
    const nowUs = kernel.nowUs;
    flow.transfer(parcel, this.node);
    flow.store.a0[parcel] = nowUs;
    flow.store.span[parcel] = 0;
    const slot = this.place(parcel, sentUs, nowUs);
    this.order.enter(slot, flow.store.load[parcel], flow.store.key[parcel]);
    if (options.delayUs > 0) {
      messages.state[slot] = DELAYED;
      messages.dueUs[slot] = nowUs + options.delayUs;
      this.delayed.pushBack(slot);
      this.delayedMessages += this.sizeOf(slot);
      if (!this.delayArmed) this.armDelay();
    } else {
      this.show(slot);
    }
    this.owner.onLevels();
  }

  /**
   * Receives up to `max` messages now: writes receipts and returns their number. `visibilityUs` is the timeout of this
   * receive, the queue's own when left out. With `takesRuns` a receipt may be for several messages.
   */
  receive(
    max: number,
    receipts: Int32Array,
    visibilityUs = this.options.visibilityTimeoutUs,
    takesRuns = false,
  ): number {
    if (!this.canReceive) return 0;
    const { messages, options, order } = this;
    const nowUs = this.kernel.nowUs;
    let count = 0;
    let taken = 0;
    order.begin();
    while (taken < max && !this.isFull) {
      const found = order.take();
      if (found === NONE) break;
      if (options.maxReceives > 0 && messages.receives[found] >= options.maxReceives) {
        this.visible -= this.sizeOf(found);
        this.moveOut(found);
        continue;
      }
      const room = Math.min(max - taken, options.inFlightLimit - this.hiddenCount);
      const slot = this.runSlots.fitting(found, takesRuns ? room : 1);
      const size = this.sizeOf(slot);
      if (size > room && count > 0) {
        order.putBack(slot);
        break;
      }
      this.visible -= size;
      taken += size;
      messages.receives[slot]++;
      messages.holders[slot]++;
      this.hide(slot, visibilityUs);
      const receipt = this.receipts.open(slot, nowUs);
      messages.latest[slot] = receipt;
      receipts[count++] = receipt;
    }
    if (!this.timeoutArmed && this.hidden.length > 0) this.armTimeout();
    this.owner.onLevels();
    return count;
  }

  /** See QueuePort.wait. */
  wait(waitUs: number, waiter: QueueWaiter, token: number): void {
    this.waiters.wait(waitUs, waiter, token);
  }

  /** The parcel behind a receipt. */
  parcelOf(receipt: number): number {
    return this.messages.parcel[this.receipts.slot[receipt]];
  }

  /** How often the message was received. */
  receiveCountOf(receipt: number): number {
    return this.messages.receives[this.receipts.slot[receipt]];
  }

  /** When the message was received by this receipt, microseconds. */
  receivedUs(receipt: number): number {
    return this.receipts.openedUs[receipt];
  }

  /** The attempt has succeeded: deletes the message and ends the receipt. */
  delete(receipt: number): void {
    const { messages, options } = this;
    const slot = this.receipts.slot[receipt];
    const isCurrent = messages.state[slot] === HIDDEN && messages.latest[slot] === receipt;
    if (messages.state[slot] === GONE) {
      if (messages.outcome[slot] === OUTCOME_EXPIRED) messages.outcome[slot] = OUTCOME_DONE;
    } else if ((options.lateDeletes || isCurrent) && !this.runSlots.survives(slot)) {
      this.retire(slot, OUTCOME_DONE);
    }
    this.endAttempt(receipt, slot);
    this.owner.onLevels();
  }

  /**
   * The attempt has ended without success. Its message becomes visible after `delayUs`, if no later attempt has begun; with
   * -1 its timeout runs on.
   */
  release(receipt: number, delayUs: number): void {
    const { messages } = this;
    const slot = this.receipts.slot[receipt];
    const isCurrent = messages.state[slot] === HIDDEN && messages.latest[slot] === receipt;
    this.endAttempt(receipt, slot);
    if (!isCurrent || delayUs < 0) return;
    if (delayUs === 0) {
      this.unhide(slot);
      this.show(slot);
    } else {
      if (messages.apart[slot] === APART_NOT) this.hidden.remove(slot);
      this.setApart(slot, delayUs, APART_DELAY);
    }
    this.owner.onLevels();
  }

  /** A new slot with its place in the orders of sending and of arrival. */
  private place(parcel: number, sentUs: number, arrivedUs: number): number {
    const { messages, bySent } = this;
    const slot = messages.allocate(parcel, sentUs, arrivedUs);
    this.growLinks();
    this.byArrival.pushBack(slot);
    let anchor = bySent.tail;
    while (anchor !== NONE && messages.sentUs[anchor] > sentUs) anchor = bySent.before(anchor);
    bySent.insertAfter(slot, anchor);
    if (sentUs + this.options.retentionUs < this.retentionDueUs) this.armRetention();
    return slot;
  }

  /** Messages of a slot. */
  private sizeOf(slot: number): number {
    return this.flow.store.units[this.messages.parcel[slot]];
  }

  private growLinks(): void {
    const { capacity } = this.messages;
    this.stateLinks.grow(capacity);
    this.sentLinks.grow(capacity);
    this.arrivalLinks.grow(capacity);
    this.order.grow(capacity);
  }

  private show(slot: number): void {
    this.visible += this.sizeOf(slot);
    this.messages.state[slot] = VISIBLE;
    this.order.add(slot);
    this.waiters.wake();
  }

  /** Puts a message in flight. The list of timeouts stays in time order: a shorter one gets a timer of its own. */
  private hide(slot: number, visibilityUs: number): void {
    const { messages, hidden } = this;
    const dueUs = this.kernel.nowUs + visibilityUs;
    messages.state[slot] = HIDDEN;
    this.hiddenCount += this.sizeOf(slot);
    if (hidden.tail !== NONE && dueUs < messages.dueUs[hidden.tail]) {
      this.setApart(slot, visibilityUs, APART_TIMEOUT);
      return;
    }
    messages.dueUs[slot] = dueUs;
    hidden.pushBack(slot);
  }

  /** Takes a message out of flight. */
  private unhide(slot: number): void {
    const { messages } = this;
    if (messages.apart[slot] !== APART_NOT) {
      messages.apart[slot] = APART_NOT;
      messages.generation[slot]++;
    } else {
      this.hidden.remove(slot);
    }
    this.hiddenCount -= this.sizeOf(slot);
    this.order.release(slot);
    this.waiters.wake();
  }

  /** Gives a message that stands in no list a timer of its own. */
  private setApart(slot: number, delayUs: number, reason: number): void {
    const { messages } = this;
    messages.apart[slot] = reason;
    messages.generation[slot]++;
    messages.dueUs[slot] = this.kernel.nowUs + delayUs;
    this.kernel.at(messages.dueUs[slot], this.onOwnTimer, slot, messages.generation[slot], PRIORITY_TIMER);
  }

  /** Takes a message out of the queue, whatever its state. */
  private retire(slot: number, outcome: number): void {
    const { messages } = this;
    const state = messages.state[slot];
    if (state === VISIBLE) {
      this.order.remove(slot);
      this.visible -= this.sizeOf(slot);
    } else if (state === HIDDEN) this.unhide(slot);
    else if (messages.apart[slot] !== APART_NOT) this.apartDelayed -= this.sizeOf(slot);
    else {
      this.delayed.remove(slot);
      this.delayedMessages -= this.sizeOf(slot);
    }
    this.forget(slot, outcome);
    if (messages.holders[slot] === 0) this.free(slot);
  }

  /** The queue no longer knows the message, which stands in no state's list any more. */
  private forget(slot: number, outcome: number): void {
    const { messages } = this;
    messages.state[slot] = GONE;
    messages.outcome[slot] = outcome;
    messages.generation[slot]++;
    this.order.leave(slot);
    this.bySent.remove(slot);
    this.byArrival.remove(slot);
  }

  private endAttempt(receipt: number, slot: number): void {
    const { messages } = this;
    this.receipts.close(receipt);
    messages.holders[slot]--;
    if (messages.state[slot] === GONE && messages.holders[slot] === 0) this.free(slot);
  }

  private free(slot: number): void {
    const { flow, messages } = this;
    const p = messages.parcel[slot];
    if (messages.outcome[slot] === OUTCOME_EXPIRED) flow.expire(p);
    else if (messages.outcome[slot] === OUTCOME_MOVED) flow.drop(p, 'dead-lettered-while-processed');
    else flow.settle(p, this.node, this.kernel.nowUs);
    messages.release(slot);
  }

  /** Hands a message that was taken from the order to the owner; attempts that still run keep an echo of it. */
  private moveOut(slot: number): void {
    const { flow, messages, order } = this;
    const p = flow.detach(messages.parcel[slot]);
    const receives = messages.receives[slot];
    const sentUs = messages.sentUs[slot];
    const arrivedUs = messages.arrivedUs[slot];
    order.release(slot);
    this.forget(slot, OUTCOME_MOVED);
    if (messages.holders[slot] === 0) this.free(slot);
    if (this.owner.onExhausted(p, sentUs, receives)) return;
    const again = this.place(p, sentUs, arrivedUs);
    order.enter(again, flow.store.load[p], flow.store.key[p]);
    messages.receives[again] = receives;
    messages.state[again] = DELAYED;
    this.apartDelayed += this.sizeOf(again);
    this.setApart(again, Math.max(1, this.options.visibilityTimeoutUs), APART_DELAY);
  }

  private armTimeout(): void {
    this.timeoutArmed = true;
    this.kernel.at(this.messages.dueUs[this.hidden.head], this.onTimeout, 0, 0, PRIORITY_TIMER);
  }

  private timeoutsOver(): void {
    const { messages, hidden } = this;
    let returned = 0;
    this.timeoutArmed = false;
    while (hidden.head !== NONE && messages.dueUs[hidden.head] <= this.kernel.nowUs) {
      const slot = hidden.head;
      this.unhide(slot);
      this.show(slot);
      returned += this.sizeOf(slot);
    }
    if (hidden.head !== NONE) this.armTimeout();
    if (returned === 0) return;
    this.owner.onReturned(returned);
    this.owner.onLevels();
  }

  private armDelay(): void {
    this.delayArmed = true;
    this.kernel.at(this.messages.dueUs[this.delayed.head], this.onDelayOver, 0, 0, PRIORITY_TIMER);
  }

  private delaysOver(): void {
    const { messages, delayed } = this;
    this.delayArmed = false;
    while (delayed.head !== NONE && messages.dueUs[delayed.head] <= this.kernel.nowUs) {
      const slot = delayed.shift();
      this.delayedMessages -= this.sizeOf(slot);
      this.show(slot);
    }
    if (delayed.head !== NONE) this.armDelay();
    this.owner.onLevels();
  }

  private ownTimerOver(slot: number, generation: number): void {
    const { messages } = this;
    if (messages.generation[slot] !== generation) return;
    const isTimeout = messages.apart[slot] === APART_TIMEOUT;
    if (messages.state[slot] === HIDDEN) {
      this.unhide(slot);
    } else {
      messages.apart[slot] = APART_NOT;
      this.apartDelayed -= this.sizeOf(slot);
    }
    this.show(slot);
    if (isTimeout) this.owner.onReturned(this.sizeOf(slot));
    this.owner.onLevels();
  }

  private armRetention(): void {
    if (this.retentionEvent !== NONE) this.kernel.cancel(this.retentionEvent);
    const dueUs = this.messages.sentUs[this.bySent.head] + this.options.retentionUs;
    this.retentionDueUs = Math.max(this.kernel.nowUs, dueUs);
    this.retentionEvent = this.kernel.at(this.retentionDueUs, this.onRetention, 0, 0, PRIORITY_TIMER);
  }

  private retentionOver(): void {
    const { messages, bySent } = this;
    const { retentionUs } = this.options;
    let expired = 0;
    this.retentionEvent = NONE;
    this.retentionDueUs = Number.POSITIVE_INFINITY;
    while (bySent.head !== NONE && messages.sentUs[bySent.head] + retentionUs <= this.kernel.nowUs) {
      expired += this.sizeOf(bySent.head);
      this.retire(bySent.head, OUTCOME_EXPIRED);
    }
    if (bySent.head !== NONE) this.armRetention();
    if (expired === 0) return;
    this.owner.onExpired(expired);
    this.owner.onLevels();
  }
}

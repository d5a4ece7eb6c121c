/** Slots of a visibility queue that hold runs: several alike messages under one handle, cut where one of them goes its own way. */
import type { Flow } from '#engine/flow/flow.ts';
import { binomial } from '#engine/kernel/discrete.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { SlotList } from './visibility-queue-lists.ts';
import type { ReadyOrder } from './visibility-queue-order.ts';
import { APART_NOT, HIDDEN, type MessageStore, VISIBLE } from './visibility-queue-store.ts';

/** Draws set aside for one run and receive. */
const DRAWS_PER_RUN = 64;

/** The queue's own parts that a cut touches. */
interface QueueParts {
  readonly messages: MessageStore;
  readonly order: ReadyOrder;
  readonly hidden: SlotList;
  readonly delayed: SlotList;
  readonly bySent: SlotList;
  readonly byArrival: SlotList;
  /** Makes room for all slots in all lists. */
  grow(): void;
  /** Gives a slot that stands in no list a timer of its own. */
  setApart(slot: number, dueUs: number, reason: number): void;
}

export class RunSlots {
  private readonly flow: Flow;
  private readonly options: { readonly survivalRatio: number; readonly survival: DrawStream };
  private readonly parts: QueueParts;

  constructor(
    flow: Flow,
    options: { readonly survivalRatio: number; readonly survival: DrawStream },
    parts: QueueParts,
  ) {
    this.flow = flow;
    this.options = options;
    this.parts = parts;
  }

  /** Of a visible run that was never received, the first `room` messages as a slot of their own; the others stay in front. */
  fitting(slot: number, room: number): number {
    const { flow } = this;
    const { messages, order } = this.parts;
    const p = messages.parcel[slot];
    if (flow.store.units[p] <= room || messages.receives[slot] > 0 || !flow.runs.isRun(p)) return slot;
    const part = this.beside(slot, flow.runs.cut(p, room), true);
    messages.state[part] = VISIBLE;
    order.putBack(slot);
    return part;
  }

  /** Whether a copy of the message survives its delete; of a run, those that do are set apart first. */
  survives(slot: number): boolean {
    const { survivalRatio, survival } = this.options;
    if (survivalRatio === 0) return false;
    const { messages } = this.parts;
    const { store } = this.flow;
    const p = messages.parcel[slot];
    const attempt = messages.receives[slot] & 2047;
    const n = store.units[p];
    if (n === 1) return survival.uniformPair(store.entity[p], attempt) < survivalRatio;
    const surviving = binomial(survival, store.entity[p], n, survivalRatio, attempt * DRAWS_PER_RUN);
    if (surviving === n) return true;
    for (let i = 0; i < surviving; i++) this.setSurvivorApart(slot);
    return false;
  }

  /** Gives one message of a run a slot of its own, in the same state. */
  private setSurvivorApart(slot: number): void {
    const { delayed, hidden, messages, order } = this.parts;
    const apart = this.beside(slot, this.flow.runs.splitUnit(messages.parcel[slot]), false);
    messages.receives[apart] = messages.receives[slot];
    messages.state[apart] = messages.state[slot];
    if (messages.state[slot] === VISIBLE) {
      order.add(apart);
      return;
    }
    if (messages.apart[slot] !== APART_NOT) {
      this.parts.setApart(apart, messages.dueUs[slot], messages.apart[slot]);
      return;
    }
    messages.dueUs[apart] = messages.dueUs[slot];
    (messages.state[slot] === HIDDEN ? hidden : delayed).insertAfter(apart, slot);
  }

  /** A slot for a part of a run, before or after it in the orders of sending and of arrival. */
  private beside(slot: number, parcel: number, isBefore: boolean): number {
    const { bySent, byArrival, messages } = this.parts;
    const part = messages.allocate(parcel, messages.sentUs[slot], messages.arrivedUs[slot]);
    this.parts.grow();
    byArrival.insertAfter(part, isBefore ? byArrival.before(slot) : slot);
    bySent.insertAfter(part, isBefore ? bySent.before(slot) : slot);
    return part;
  }
}

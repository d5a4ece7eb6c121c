/**
 * Doubly linked lists over message slots. A set of links serves several lists as long as a slot stands in at most one of
 * them at a time. Insertion at an end and removal anywhere are O(1); no allocation per operation. Arrays double on demand.
 */
import { NONE } from '#engine/flow/parcels.ts';

/** The `next` and `previous` of every slot; shared by the lists that a slot moves between. */
export class SlotLinks {
  next: Int32Array;
  previous: Int32Array;

  /** `capacity`: slots that fit before the first growth, >= 1. */
  constructor(capacity: number) {
    this.next = new Int32Array(capacity).fill(NONE);
    this.previous = new Int32Array(capacity).fill(NONE);
  }

  /** Makes room for slots below `capacity`. */
  grow(capacity: number): void {
    if (capacity <= this.next.length) return;
    this.next = grownLinks(this.next, capacity);
    this.previous = grownLinks(this.previous, capacity);
  }
}

/** One list over a set of links. */
export class SlotList {
  head = NONE;
  tail = NONE;
  /** Slots in the list. */
  length = 0;
  private readonly links: SlotLinks;

  constructor(links: SlotLinks) {
    this.links = links;
  }

  /** The slot behind `slot`, NONE at the end. */
  after(slot: number): number {
    return this.links.next[slot];
  }

  /** The slot before `slot`, NONE at the head. */
  before(slot: number): number {
    return this.links.previous[slot];
  }

  pushBack(slot: number): void {
    this.insertAfter(slot, this.tail);
  }

  /** Puts `slot` behind `anchor`, or at the head when `anchor` is NONE. */
  insertAfter(slot: number, anchor: number): void {
    const { next, previous } = this.links;
    const following = anchor === NONE ? this.head : next[anchor];
    next[slot] = following;
    previous[slot] = anchor;
    if (anchor === NONE) this.head = slot;
    else next[anchor] = slot;
    if (following === NONE) this.tail = slot;
    else previous[following] = slot;
    this.length++;
  }

  /** Takes out `slot`, which must stand in this list. */
  remove(slot: number): void {
    const { next, previous } = this.links;
    const before = previous[slot];
    const following = next[slot];
    if (before === NONE) this.head = following;
    else next[before] = following;
    if (following === NONE) this.tail = before;
    else previous[following] = before;
    next[slot] = NONE;
    previous[slot] = NONE;
    this.length--;
  }

  /** Takes out and returns the first slot; NONE when empty. */
  shift(): number {
    const slot = this.head;
    if (slot !== NONE) this.remove(slot);
    return slot;
  }
}

function grownLinks(old: Int32Array, capacity: number): Int32Array {
  const grown = new Int32Array(capacity).fill(NONE);
  grown.set(old);
  return grown;
}

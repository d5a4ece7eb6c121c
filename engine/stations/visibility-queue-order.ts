/**
 * In which order visible messages are received.
 *
 * `PlainOrder`: by the time they became visible. `GroupOrder`: by the time they were sent within their group, and a group
 * that has a message in flight delivers no other; one receive takes as many messages of one group as it can before it goes
 * to the next group, groups by the time they became ready.
 */
import { NONE } from '#engine/flow/parcels.ts';
import { SlotLinks, SlotList } from './visibility-queue-lists.ts';

export interface ReadyOrder {
  /** Messages that are visible, those of blocked groups included. */
  readonly length: number;
  /** A receive would find at least one message. */
  readonly hasReady: boolean;
  /** Makes room for slots below `capacity`. */
  grow(capacity: number): void;
  /** A message has come into the queue. `load` and `key` name its group. */
  enter(slot: number, load: number, key: number): void;
  /** A message has left the queue for good; it is neither visible nor in flight. */
  leave(slot: number): void;
  /** A message has become visible. */
  add(slot: number): void;
  /** A visible message is no longer there. */
  remove(slot: number): void;
  /** A new receive begins. */
  begin(): void;
  /** Takes the next message of this receive, which is in flight from now on; NONE when there is none. */
  take(): number;
  /** Puts a message that was just taken back to the front; only where there are no groups. */
  putBack(slot: number): void;
  /** A message that was taken is no longer in flight. */
  release(slot: number): void;
}

/** First visible, first received. All O(1). */
export class PlainOrder implements ReadyOrder {
  private readonly list: SlotList;

  /** `links`: those of the lists that a message moves between. */
  constructor(links: SlotLinks) {
    this.list = new SlotList(links);
  }

  get length(): number {
    return this.list.length;
  }

  get hasReady(): boolean {
    return this.list.length > 0;
  }

  grow(): void {}

  enter(): void {}

  leave(): void {}

  add(slot: number): void {
    this.list.pushBack(slot);
  }

  remove(slot: number): void {
    this.list.remove(slot);
  }

  begin(): void {}

  take(): number {
    return this.list.shift();
  }

  putBack(slot: number): void {
    this.list.insertAfter(slot, NONE);
  }

  release(): void {}
}

/** Order within groups. All O(1) but `add`, which passes the messages of its group that stand before the slot. */
export class GroupOrder implements ReadyOrder {
  length = 0;
  private readonly links: SlotLinks;
  /** Group and place of each message. */
  private group: Int32Array;
  private sequence: Float64Array;
  private lastSequence = 0;
  /** Per group: its visible messages, its messages in flight, all its messages. */
  private readonly lists: SlotList[] = [];
  private readonly inFlight: number[] = [];
  private readonly members: number[] = [];
  private readonly isReady: boolean[] = [];
  private readonly loadOf: number[] = [];
  private readonly keyOf: number[] = [];
  private readonly freeGroups: number[] = [];
  private readonly byKey = new Map<number, Map<number, number>>();
  private readonly readyLinks = new SlotLinks(16);
  private readonly ready = new SlotList(this.readyLinks);
  private current = NONE;

  constructor(links: SlotLinks) {
    this.links = links;
    this.group = new Int32Array(links.next.length);
    this.sequence = new Float64Array(links.next.length);
  }

  get hasReady(): boolean {
    return this.ready.length > 0;
  }

  /** Groups that have a message in the queue. */
  get groupCount(): number {
    return this.lists.length - this.freeGroups.length;
  }

  grow(capacity: number): void {
    if (capacity <= this.group.length) return;
    const group = new Int32Array(capacity);
    group.set(this.group);
    this.group = group;
    const sequence = new Float64Array(capacity);
    sequence.set(this.sequence);
    this.sequence = sequence;
  }

  enter(slot: number, load: number, key: number): void {
    const g = this.groupFor(load, key);
    this.group[slot] = g;
    this.sequence[slot] = ++this.lastSequence;
    this.members[g]++;
  }

  leave(slot: number): void {
    const g = this.group[slot];
    if (--this.members[g] > 0) return;
    if (this.current === g) this.current = NONE;
    this.byKey.get(this.loadOf[g])?.delete(this.keyOf[g]);
    this.freeGroups.push(g);
  }

  add(slot: number): void {
    const g = this.group[slot];
    const list = this.lists[g];
    // A message that comes back stands before everything sent after it: few of its group are before it.
    let anchor = list.tail;
    if (anchor !== NONE && this.sequence[anchor] > this.sequence[slot]) {
      anchor = NONE;
      for (let s = list.head; this.sequence[s] < this.sequence[slot]; s = list.after(s)) anchor = s;
    }
    list.insertAfter(slot, anchor);
    this.length++;
    this.makeReady(g);
  }

  remove(slot: number): void {
    const g = this.group[slot];
    this.lists[g].remove(slot);
    this.length--;
    if (this.lists[g].length === 0) this.unready(g);
  }

  begin(): void {
    this.current = NONE;
  }

  take(): number {
    let g = this.current;
    if (g === NONE || this.lists[g].length === 0) {
      g = this.ready.head;
      this.current = g;
      if (g === NONE) return NONE;
    }
    this.unready(g);
    this.inFlight[g]++;
    this.length--;
    return this.lists[g].shift();
  }

  putBack(slot: number): void {
    const g = this.group[slot];
    this.lists[g].insertAfter(slot, NONE);
    this.inFlight[g]--;
    this.length++;
    this.makeReady(g);
  }

  release(slot: number): void {
    const g = this.group[slot];
    this.inFlight[g]--;
    this.makeReady(g);
  }

  private makeReady(g: number): void {
    if (this.isReady[g] || this.inFlight[g] > 0 || this.lists[g].length === 0) return;
    this.isReady[g] = true;
    this.ready.pushBack(g);
  }

  private unready(g: number): void {
    if (!this.isReady[g]) return;
    this.isReady[g] = false;
    this.ready.remove(g);
  }

  private groupFor(load: number, key: number): number {
    let ofLoad = this.byKey.get(load);
    if (ofLoad === undefined) {
      ofLoad = new Map();
      this.byKey.set(load, ofLoad);
    }
    let g = ofLoad.get(key);
    if (g !== undefined) return g;
    g = this.freeGroups.pop() ?? this.newGroup();
    this.loadOf[g] = load;
    this.keyOf[g] = key;
    ofLoad.set(key, g);
    return g;
  }

  private newGroup(): number {
    const g = this.lists.length;
    this.lists.push(new SlotList(this.links));
    this.inFlight.push(0);
    this.members.push(0);
    this.isReady.push(false);
    this.loadOf.push(0);
    this.keyOf.push(0);
    if (g >= this.readyLinks.next.length) this.readyLinks.grow(g * 2);
    return g;
  }
}

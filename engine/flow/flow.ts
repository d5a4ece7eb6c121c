/**
 * The only code that creates, copies, packs, hands over and ends parcels; every call keeps the ledger exact.
 *
 * Identity: each record has one *primary* parcel per branch. Work on a batch takes effect outlet by outlet while the
 * original stays where it is (a stream keeps it until the checkpoint, a queue until the delete). The first effect hands the
 * primary identity to the parcel sent on and leaves an *echo*; further outlets add `copied`. An echo that takes effect
 * again through the same outlet makes a *duplicate*. So duplicates arise only where work is really repeated.
 */
import { Effects } from './effects.ts';
import { Ledger } from './ledger.ts';
import {
  FLAG_CARRIED,
  FLAG_DEAD_LETTERED,
  FLAG_DERIVED,
  FLAG_DUPLICATE,
  FLAG_ECHO,
  FLAG_POISON,
  FLAG_REPEAT,
  KEY_MIXED,
  NONE,
  type ParcelList,
  ParcelStore,
} from './parcels.ts';

import type { RunDetails } from './run-details.ts';
import { Runs } from './runs.ts';

/** What only counts while an effect is not accepted. */
const PENDING_FLAGS = FLAG_REPEAT | FLAG_DERIVED | FLAG_CARRIED;

/** Told about the first delivery of every record, for latency histograms and objectives; duplicates are not told. */
export type DeliveryListener = (parcel: number, node: number, nowUs: number) => void;

/** Effect bit of "delivered here", for nodes where records end. Outlets use bits 0..29. */
export const SINK_EFFECT = 1 << 30;

/** What a walk over the live parcels of one node finds. */
export interface InsideCount {
  inside: number;
  deadLettered: number;
  duplicates: number;
}

export class Flow {
  readonly store = new ParcelStore();
  readonly ledger: Ledger;
  /** Cuts parcels of several units. */
  readonly runs: Runs;
  private readonly effects: Effects;
  private readonly nodeCount: number;
  private readonly onDelivery: DeliveryListener;

  /** `seed` and `details` are for runs: see there. */
  constructor(nodeCount: number, onDelivery: DeliveryListener, seed = 0, details?: RunDetails) {
    this.nodeCount = nodeCount;
    this.ledger = new Ledger(nodeCount);
    this.effects = new Effects(this.store, this.ledger);
    this.runs = new Runs(this.store, seed, details);
    this.onDelivery = onDelivery;
  }

  /** A new record from a workload: `created` at the node. Times in microseconds, `bytes` >= 1. */
  create(node: number, load: number, entity: number, key: number, bytes: number, eventUs: number): number {
    const p = this.newRecord(node, load, entity, key, bytes, eventUs, eventUs);
    this.ledger.counts.created[node]! += 1;
    return p;
  }

  /**
   * `count` new records from a workload that come over `spanUs` from `eventUs` on: `created` at the node. `bytes` of all
   * together; identities from `entity` on.
   */
  createRun(
    node: number,
    load: number,
    entity: number,
    count: number,
    bytes: number,
    eventUs: number,
    spanUs: number,
  ): number {
    const { store } = this;
    const p = this.newRecord(node, load, entity, KEY_MIXED, bytes, eventUs, eventUs + spanUs);
    store.records[p] = count;
    store.units[p] = count;
    store.a0[p] = eventUs;
    store.span[p] = spanUs;
    store.r0[p] = 0;
    store.r1[p] = 1;
    this.ledger.counts.created[node]! += count;
    this.runs.noteMade(p);
    return p;
  }

  /** A record derived by work (window, explode, pack into one): `emitted` at the node. */
  emit(node: number, like: number, entity: number, bytes: number, e0: number, e1: number, duplicate: boolean): number {
    const { store } = this;
    const p = this.newRecord(node, store.load[like]!, entity, store.key[like]!, bytes, e0, e1);
    if (duplicate) {
      store.flags[p] = FLAG_DUPLICATE;
      this.ledger.duplicatesMade += 1;
    } else {
      this.ledger.counts.emitted[node]! += 1;
    }
    return p;
  }

  /** A further copy of a parcel, made by fan-out or by a log for a registered consumer. */
  copy(p: number): number {
    const q = this.cloneDeep(p);
    this.each(q, this.countCopy);
    return q;
  }

  /** A second stored copy of a parcel that was accepted already (a put that timed out after success). */
  duplicate(p: number): number {
    const q = this.cloneDeep(p);
    this.each(q, this.countDuplicate);
    return q;
  }

  /** Takes back a duplicate that was not stored after all: as if it had not been made. */
  unduplicate(q: number): void {
    this.each(q, this.uncountDuplicate);
    this.release(q);
  }

  /**
   * Hands a parcel to another node: `out` there, `in` here. An echo that is handed on (a message that took effect and still
   * ended in a dead-letter queue) is a duplicate from then on.
   */
  transfer(p: number, node: number): void {
    if (this.store.child[p] === NONE) this.handOver(p, node);
    else this.transferPacked(p, node);
  }

  private transferPacked(unit: number, node: number): void {
    const { store } = this;
    store.owner[unit] = node;
    for (let c = store.child[unit]!; c !== NONE; c = store.next[c]!) this.handOver(c, node);
  }

  /**
   * Effect of a plain record through outlet `bit` (0..29) of node `via`: returns the parcel to send on.
   * The original stays in its list and its store until `settle`, `drop` or `expire`.
   */
  effect(p: number, bit: number, via: number): number {
    return this.effects.take(p, bit, via);
  }

  /**
   * A record derived from effect `carrier` (see `effect`) by an invocation that can still fail: `emitted` at the node. The
   * carrier stays until `endCarrier`.
   */
  derive(node: number, carrier: number, entity: number, bytes: number, e0: number, e1: number, dup: boolean): number {
    const p = this.emit(node, carrier, entity, bytes, e0, e1, dup);
    this.effects.hang(p, carrier);
    return p;
  }

  /** How many of the records about to be derived from a repeated effect are no duplicates. Asked once per carrier. */
  takeOwed(carrier: number, bit: number): number {
    return this.effects.takeOwed(carrier, bit);
  }

  /** Records derived from the carrier that were not given back: they wait, were accepted, or are lost for good. */
  keptDerived(carrier: number): number {
    return this.effects.keptDerived(carrier);
  }

  /**
   * The invocation has ended: frees a carrier. Its record has become others (`absorbed`) or none (`filtered`), or the work
   * that it stands for is taken back (`revoked`).
   */
  endCarrier(carrier: number, bit: number, fate: 'absorbed' | 'filtered' | 'revoked'): void {
    const { effects } = this;
    effects.settleOwed(carrier, bit, fate !== 'revoked');
    if (fate === 'revoked') effects.revoke(carrier, bit);
    else this.end(carrier, fate, undefined);
  }

  /**
   * Takes an effect or a derived record back that was never accepted anywhere: frees the parcel that carried it and returns its
   * identity to the original, which must still stand. Returns false, and does nothing, for a parcel that carries no effect.
   */
  revoke(q: number, bit: number): boolean {
    return this.effects.revoke(q, bit);
  }

  /** The original has done its work: frees it. A record that never took effect is delivered at `node`. */
  settle(p: number, node: number, nowUs: number): void {
    const { store } = this;
    if (store.child[p] !== NONE) {
      for (let c = store.child[p]!; c !== NONE; ) {
        const following = store.next[c]!;
        this.settle(c, node, nowUs);
        c = following;
      }
      store.release(p);
    } else if (store.effects[p] === 0 && (store.flags[p]! & FLAG_ECHO) === 0) this.deliver(p, node, nowUs);
    else this.release(p);
  }

  /**
   * Parts a message from the attempts that still work on it: returns what the message itself still is, to be sent on
   * (a redrive), and leaves them an echo. What had taken effect before goes on as a duplicate; what takes effect from now on
   * is one.
   */
  detach(p: number): number {
    const { store } = this;
    const q = this.cloneDeep(p);
    if (store.child[p] === NONE) this.effects.detach(p, q);
    let d = store.child[q]!;
    for (let c = store.child[p]!; c !== NONE; c = store.next[c]!) {
      this.effects.detach(c, d);
      d = store.next[d]!;
    }
    return q;
  }

  /**
   * A plain record goes on beside the effects it has taken, all of them accepted: as a copy, with no effects of its own. One
   * that took none is left as it is.
   */
  goOn(p: number): void {
    const { store, ledger } = this;
    const flags = store.flags[p]!;
    store.effects[p] = 0;
    if ((flags & FLAG_ECHO) === 0) return;
    store.flags[p] = flags & ~(FLAG_ECHO | FLAG_CARRIED);
    if ((flags & FLAG_DUPLICATE) === 0) ledger.counts.copied[store.owner[p]!]! += store.records[p]!;
    else ledger.duplicatesMade += store.records[p]!;
  }

  /** Ends a parcel at a sink and frees it. A second delivery of the same parcel counts as a duplicate. */
  deliver(p: number, node: number, nowUs: number): void {
    const { store } = this;
    if (store.child[p] === NONE) this.deliverEffect(p, node, nowUs);
    else this.deliverPacked(p, node, nowUs);
    store.release(p);
  }

  private deliverPacked(unit: number, node: number, nowUs: number): void {
    const { store } = this;
    for (let c = store.child[unit]!; c !== NONE; ) {
      const following = store.next[c]!;
      this.deliver(c, node, nowUs);
      c = following;
    }
  }

  /** Delivers a record at a sink but keeps the original (a message not yet deleted); see `settle`. */
  deliverEffect(p: number, node: number, nowUs: number): void {
    const { store } = this;
    const flags = store.flags[p]!;
    if ((flags & (FLAG_ECHO | FLAG_DUPLICATE)) === 0) {
      this.move(p, node);
      store.via[p] = node;
      this.ledger.counts.delivered[node]! += store.records[p]!;
      this.onDelivery(p, node, nowUs);
    } else this.deliverAgain(p, node);
    store.flags[p] = flags | FLAG_ECHO;
    store.effects[p]! |= SINK_EFFECT;
  }

  /** A delivery that counts as a duplicate: of a duplicate, or of a record whose identity has moved on. */
  private deliverAgain(p: number, node: number): void {
    const { store, ledger } = this;
    const n = store.records[p]!;
    if ((store.flags[p]! & FLAG_ECHO) !== 0) ledger.duplicatesMade += n;
    ledger.duplicatesDelivered += n;
    ledger.duplicatesDeliveredAt[node]! += n;
  }

  /** Leaves the flow on purpose (selectivity, filter policy). */
  filter(p: number): void {
    this.end(p, 'filtered', undefined);
  }

  /** Turned into something else by work that emits m records for k. */
  absorb(p: number): void {
    this.end(p, 'absorbed', undefined);
  }

  /** Lost, with the reason as a stable code such as `retries-exhausted`. */
  drop(p: number, reason: string): void {
    this.end(p, 'dropped', reason);
  }

  /** Lost because its retention ended. */
  expire(p: number): void {
    this.end(p, 'expired', undefined);
  }

  /**
   * Work on a plain record is left undone at node `via` because it has been done before; `bit` is the effect bit of whoever
   * said so. The original stays, as an echo, until it is settled. An echo or a duplicate counts as a duplicate that was
   * removed. Any other record is lost with `reason`, or without one absorbed: what was made of a copy of it stands for it.
   * Returns true where a record was lost or absorbed.
   */
  leaveOut(p: number, bit: number, via: number, reason: string | undefined): boolean {
    const { store, ledger } = this;
    const flags = store.flags[p]!;
    if ((flags & FLAG_ECHO) === 0) {
      this.end(this.effects.take(p, bit, via), reason === undefined ? 'absorbed' : 'dropped', reason);
      return (flags & FLAG_DUPLICATE) === 0;
    }
    if ((store.effects[p]! & (1 << bit)) === 0) {
      ledger.duplicatesMade += store.records[p]!;
      ledger.duplicatesRemoved += store.records[p]!;
    }
    return false;
  }

  /** True when a record's identity has moved on with an effect: what is left of it can only make duplicates. */
  isEcho(p: number): boolean {
    return (this.store.flags[p]! & FLAG_ECHO) !== 0;
  }

  /** Marks a parcel as resting in a dead-letter queue, or takes the mark off (redrive, a consumer of that queue). */
  markDeadLettered(p: number, resting: boolean): void {
    const { store } = this;
    const set = (q: number): void => {
      store.flags[q] = resting ? store.flags[q]! | FLAG_DEAD_LETTERED : store.flags[q]! & ~FLAG_DEAD_LETTERED;
    };
    set(p);
    this.each(p, set);
  }

  /** Packs the parcels of a list into one unit with `overheadBytes` of framing; the list is left empty. */
  pack(list: ParcelList, overheadBytes: number): number {
    const { store } = this;
    const head = list.head;
    if (list.length === 1 && overheadBytes === 0) {
      const only = list.shift();
      // A run becomes one unit of all its records.
      store.units[only] = 1;
      return only;
    }
    const unit = store.allocate();
    store.records[unit] = list.records;
    store.bytes[unit] = list.bytes + overheadBytes;
    store.entity[unit] = store.entity[head]!;
    store.key[unit] = store.key[head]!;
    store.load[unit] = store.load[head]!;
    store.owner[unit] = store.owner[head]!;
    store.a0[unit] = store.a0[head]!;
    this.spanEvents(unit, head);
    store.child[unit] = head;
    list.forget();
    return unit;
  }

  /** Takes a unit apart into a list of plain records; a plain record is pushed as it is. */
  unpack(p: number, into: ParcelList): void {
    const { store } = this;
    let c = store.child[p]!;
    if (c === NONE) {
      into.push(p);
      return;
    }
    store.release(p);
    while (c !== NONE) {
      const following = store.next[c]!;
      into.push(c);
      c = following;
    }
  }

  /** True when the parcel or a record in it is poison. */
  isPoison(p: number): boolean {
    return (this.store.flags[p]! & FLAG_POISON) !== 0;
  }

  /** Starts counting at time zero: what is inside becomes `carriedIn`. */
  startRecording(): void {
    const { store, ledger } = this;
    ledger.reset();
    for (let p = 0; p < store.highWater; p++) {
      if (!this.isLiveRecord(p)) continue;
      const isEcho = (store.flags[p]! & FLAG_ECHO) !== 0;
      if (isEcho || store.origin[p] !== NONE) store.flags[p]! |= FLAG_CARRIED;
      if (isEcho) continue;
      const n = store.records[p]!;
      if ((store.flags[p]! & FLAG_DUPLICATE) !== 0) ledger.duplicatesMade += n;
      else ledger.counts.carriedIn[store.owner[p]!]! += n;
    }
  }

  /** Counts what is inside every node by walking all live parcels. O(parcels). */
  countInside(): InsideCount[] {
    const { store } = this;
    const found = Array.from({ length: this.nodeCount }, () => ({ inside: 0, deadLettered: 0, duplicates: 0 }));
    for (let p = 0; p < store.highWater; p++) {
      if (!this.isLiveRecord(p) || (store.flags[p]! & FLAG_ECHO) !== 0) continue;
      const at = found[store.owner[p]!]!;
      const n = store.records[p]!;
      if ((store.flags[p]! & FLAG_DUPLICATE) !== 0) at.duplicates += n;
      else if ((store.flags[p]! & FLAG_DEAD_LETTERED) !== 0) at.deadLettered += n;
      else at.inside += n;
    }
    return found;
  }

  private isLiveRecord(p: number): boolean {
    return this.store.records[p]! > 0 && this.store.child[p] === NONE;
  }

  private newRecord(
    node: number,
    load: number,
    entity: number,
    key: number,
    bytes: number,
    e0: number,
    e1: number,
  ): number {
    const { store } = this;
    const p = store.allocate();
    store.records[p] = 1;
    store.bytes[p] = bytes;
    store.e0[p] = e0;
    store.e1[p] = e1;
    store.a0[p] = e1;
    store.entity[p] = entity;
    store.key[p] = key;
    store.load[p] = load;
    store.owner[p] = node;
    return p;
  }

  private handOver(p: number, node: number): void {
    this.move(p, node);
    this.store.effects[p] = 0;
    if (this.isEcho(p)) this.becomeDuplicate(p);
  }

  private becomeDuplicate(p: number): void {
    const { store } = this;
    store.flags[p] = (store.flags[p]! & ~FLAG_ECHO) | FLAG_DUPLICATE;
    this.ledger.duplicatesMade += store.records[p]!;
  }

  /** `out` of the owner, `in` of the node; duplicates and echoes change hands uncounted. */
  private move(p: number, node: number): void {
    const { store } = this;
    const flags = store.flags[p]! & ~PENDING_FLAGS;
    store.origin[p] = NONE;
    store.flags[p] = flags;
    const from = store.owner[p]!;
    if (from === node) return;
    if ((flags & (FLAG_DUPLICATE | FLAG_ECHO)) === 0) this.ledger.book(from, node, store.records[p]!);
    store.owner[p] = node;
  }

  private end(p: number, column: 'filtered' | 'absorbed' | 'dropped' | 'expired', reason: string | undefined): void {
    const { store, ledger } = this;
    for (let c = store.child[p]!; c !== NONE; ) {
      const following = store.next[c]!;
      this.end(c, column, reason);
      c = following;
    }
    if (store.child[p] === NONE && (store.flags[p]! & FLAG_ECHO) === 0) {
      const n = store.records[p]!;
      if ((store.flags[p]! & FLAG_DUPLICATE) !== 0) ledger.duplicatesRemoved += n;
      else {
        ledger.counts[column][store.owner[p]!]! += n;
        if (reason !== undefined) ledger.droppedBy.set(reason, (ledger.droppedBy.get(reason) ?? 0) + n);
      }
    }
    store.release(p);
  }

  private release(p: number): void {
    const { store } = this;
    for (let c = store.child[p]!; c !== NONE; ) {
      const following = store.next[c]!;
      store.release(c);
      c = following;
    }
    store.release(p);
  }

  private cloneDeep(p: number): number {
    const { store } = this;
    const q = store.clone(p);
    let last = NONE;
    for (let c = store.child[p]!; c !== NONE; c = store.next[c]!) {
      const d = store.clone(c);
      if (last === NONE) store.child[q] = d;
      else store.next[last] = d;
      last = d;
    }
    return q;
  }

  private each(p: number, visit: (record: number) => void): void {
    const { store } = this;
    if (store.child[p] === NONE) visit(p);
    else for (let c = store.child[p]!; c !== NONE; c = store.next[c]!) visit(c);
  }

  private readonly countCopy = (p: number): void => {
    const { store, ledger } = this;
    if ((store.flags[p]! & FLAG_DUPLICATE) !== 0) ledger.duplicatesMade += store.records[p]!;
    else ledger.counts.copied[store.owner[p]!]! += store.records[p]!;
  };

  private readonly countDuplicate = (p: number): void => {
    this.store.flags[p]! |= FLAG_DUPLICATE;
    this.ledger.duplicatesMade += this.store.records[p]!;
  };

  private readonly uncountDuplicate = (p: number): void => {
    this.ledger.duplicatesMade -= this.store.records[p]!;
  };

  private spanEvents(unit: number, head: number): void {
    const { store } = this;
    let e0 = store.e0[head]!;
    let e1 = store.e1[head]!;
    for (let c = head; c !== NONE; c = store.next[c]!) {
      if (store.e0[c]! < e0) e0 = store.e0[c]!;
      if (store.e1[c]! > e1) e1 = store.e1[c]!;
      if ((store.flags[c]! & FLAG_POISON) !== 0) store.flags[unit]! |= FLAG_POISON;
    }
    store.e0[unit] = e0;
    store.e1[unit] = e1;
  }
}

/**
 * What work sends on while its originals stay where they are, and how that is taken back.
 *
 * The first effect of a record hands its identity to the parcel sent on and leaves an *echo*; further outlets add `copied`; an
 * echo that takes effect again through the same outlet makes a *duplicate*. Until an effect is accepted somewhere (`origin` is
 * set as long) it can be revoked, and all is as if the work had not been done. Records that an invocation derives from others hang
 * on a *carrier*: the effect they were made of, which stays until the invocation has ended, so that derived records can be revoked too.
 *
 * O(1) per effect. The table of what is owed grows only with derived records of which a part was accepted.
 */
import type { Ledger } from './ledger.ts';
import {
  FLAG_CARRIED,
  FLAG_DERIVED,
  FLAG_DETACHED,
  FLAG_DUPLICATE,
  FLAG_ECHO,
  FLAG_OWES,
  FLAG_REPEAT,
  NONE,
  type ParcelStore,
} from './parcels.ts';

/** Bits of `effects` that are outlets. */
const OUTLETS = 30;
/** Effect bit of work repeated on what is left of a message that was sent on elsewhere. */
const REST_EFFECT = 1 << 31;

export class Effects {
  private readonly store: ParcelStore;
  private readonly ledger: Ledger;
  /** Original -> per outlet, derived records that were never accepted though others of the same work were. */
  private readonly owed = new Map<number, Int32Array>();

  constructor(store: ParcelStore, ledger: Ledger) {
    this.store = store;
    this.ledger = ledger;
  }

  /** Effect of plain record `p` through outlet `bit` of node `via`: the parcel to send on. */
  take(p: number, bit: number, via: number): number {
    const { store, ledger } = this;
    const mask = 1 << bit;
    const q = store.clone(p);
    const flags = store.flags[p]!;
    const n = store.records[p]!;
    // What was detached repeats, unless its identity has come back from an effect that was revoked.
    const isRest = (flags & FLAG_DETACHED) !== 0 && (flags & FLAG_ECHO) !== 0;
    if (isRest || (store.effects[p]! & mask) !== 0) {
      store.flags[q]! |= FLAG_DUPLICATE | FLAG_REPEAT;
      ledger.duplicatesMade += n;
    } else if ((flags & FLAG_ECHO) === 0) {
      if ((flags & FLAG_DUPLICATE) === 0) ledger.book(store.owner[p]!, via, n);
      store.flags[p] = flags | FLAG_ECHO;
      store.via[p] = via;
    } else if ((flags & FLAG_DUPLICATE) === 0) {
      // Copies are made where the identity went first, also for another consumer, so that each can be taken back there.
      const first = store.via[p]!;
      ledger.counts.copied[first]! += n;
      ledger.book(first, via, n);
    } else {
      ledger.duplicatesMade += n;
    }
    store.effects[p]! |= isRest ? REST_EFFECT : mask;
    store.owner[q] = via;
    store.origin[q] = p;
    return q;
  }

  /** Hangs a derived record on the effect it was made of. */
  hang(derived: number, carrier: number): void {
    const { store } = this;
    store.origin[derived] = carrier;
    store.flags[derived]! |= FLAG_DERIVED;
    store.attempts[carrier]! += 1;
  }

  /** How many records derived from this effect were made before and never accepted: these are no duplicates. Asked once. */
  takeOwed(carrier: number, bit: number): number {
    const { store } = this;
    const p = store.origin[carrier]!;
    if (p === NONE || (store.flags[p]! & FLAG_OWES) === 0) return 0;
    const counts = this.owed.get(p);
    const owed = counts?.[bit] ?? 0;
    if (counts !== undefined) counts[bit] = 0;
    return owed;
  }

  /**
   * Takes back an effect, or a derived record, that was never accepted anywhere: frees it and returns its identity to the
   * original, which must still stand. Returns false, and does nothing, for a parcel that carries no effect.
   */
  revoke(q: number, bit: number): boolean {
    const { store } = this;
    if (store.origin[q] === NONE) return false;
    if ((store.flags[q]! & FLAG_DERIVED) !== 0) this.revokeDerived(q);
    else this.revokeEffect(q, 1 << bit);
    store.release(q);
    return true;
  }

  /** Records derived from this effect that were not given back. */
  keptDerived(carrier: number): number {
    return this.store.attempts[carrier]!;
  }

  /** Remembers, for the next attempt at the same work, which derived records were not accepted in this one. */
  settleOwed(carrier: number, bit: number, isKept: boolean): void {
    const { store } = this;
    const p = store.origin[carrier]!;
    const givenBack = store.effects[carrier]!;
    if (givenBack === 0 || (!isKept && (store.flags[carrier]! & FLAG_REPEAT) === 0)) return;
    if ((store.flags[p]! & FLAG_OWES) === 0) {
      store.flags[p]! |= FLAG_OWES;
      this.owed.set(p, new Int32Array(OUTLETS));
    }
    const counts = this.owed.get(p);
    if (counts !== undefined) counts[bit]! += givenBack;
  }

  /** Parts record `p` from `q`, which goes on as what `p` still is: whatever `p` does from now on is a repetition. */
  detach(p: number, q: number): void {
    const { store } = this;
    if ((store.flags[p]! & FLAG_ECHO) !== 0) {
      store.flags[q]! |= FLAG_DUPLICATE;
      this.ledger.duplicatesMade += store.records[p]!;
    }
    store.flags[p]! |= FLAG_ECHO | FLAG_DETACHED;
  }

  private revokeEffect(q: number, mask: number): void {
    const { store, ledger } = this;
    const p = store.origin[q]!;
    const n = store.records[p]!;
    const isDuplicate = (store.flags[p]! & FLAG_DUPLICATE) !== 0;
    if ((store.flags[q]! & FLAG_REPEAT) !== 0) {
      ledger.duplicatesMade -= n;
      return;
    }
    store.effects[p]! &= ~mask;
    if (store.effects[p] === REST_EFFECT) store.effects[p] = 0;
    const at = store.owner[q]!;
    const via = store.via[p]!;
    if (store.effects[p] === 0) {
      // What moved before recording began comes back; any other move is struck from the books.
      if (isDuplicate) {
        // Duplicates move uncounted.
      } else if ((store.flags[p]! & FLAG_CARRIED) !== 0) {
        ledger.book(at, store.owner[p]!, n);
      } else {
        ledger.book(via, at, -n);
        ledger.book(store.owner[p]!, via, -n);
      }
      store.flags[p]! &= ~(FLAG_ECHO | FLAG_CARRIED);
    } else if (isDuplicate) {
      ledger.duplicatesMade -= n;
    } else if ((store.flags[q]! & FLAG_CARRIED) !== 0) {
      ledger.counts.carriedIn[at]! -= n;
    } else {
      ledger.counts.copied[via]! -= n;
      ledger.book(via, at, -n);
    }
  }

  private revokeDerived(d: number): void {
    const { store, ledger } = this;
    const carrier = store.origin[d]!;
    const n = store.records[d]!;
    const flags = store.flags[d]!;
    store.attempts[carrier]! -= 1;
    if ((flags & FLAG_DUPLICATE) !== 0) {
      ledger.duplicatesMade -= n;
      return;
    }
    const column = (flags & FLAG_CARRIED) === 0 ? ledger.counts.emitted : ledger.counts.carriedIn;
    column[store.owner[d]!]! -= n;
    store.effects[carrier]! += 1;
  }
}

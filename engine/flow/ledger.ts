/**
 * The ledger: integer counts of what became of every record, per node and for the run.
 *
 * `carriedIn + created + copied + replayed + emitted = delivered + filtered + absorbed + dropped + deadLettered + expired
 * + inside` holds exactly for the run, and with `in` added left and `out` added right for every node. `inside` is not
 * computed from the equation: it is counted by walking the live parcels, so that a parcel that went missing shows.
 * Duplicates (copies of a record that has already taken effect) balance by themselves: made = delivered + removed + inside.
 */
import type { LedgerTotals, NodeLedger, RunLedger } from '#schema/result.ts';

const columns = [
  'carriedIn',
  'created',
  'copied',
  'replayed',
  'emitted',
  'delivered',
  'filtered',
  'absorbed',
  'dropped',
  'expired',
  'in',
  'out',
] as const;

type Column = (typeof columns)[number];

export class Ledger {
  readonly counts: Readonly<Record<Column, Float64Array>>;
  duplicatesMade = 0;
  duplicatesDelivered = 0;
  duplicatesRemoved = 0;
  /** Delivered duplicates per node. */
  readonly duplicatesDeliveredAt: Float64Array;
  readonly droppedBy = new Map<string, number>();

  constructor(nodeCount: number) {
    const column = (): Float64Array => new Float64Array(nodeCount);
    this.counts = {
      carriedIn: column(),
      created: column(),
      copied: column(),
      replayed: column(),
      emitted: column(),
      delivered: column(),
      filtered: column(),
      absorbed: column(),
      dropped: column(),
      expired: column(),
      in: column(),
      out: column(),
    };
    this.duplicatesDeliveredAt = column();
  }

  /** Books `n` records as having gone from one node to another; below 0 strikes them out again. */
  book(from: number, to: number, n: number): void {
    if (from === to) return;
    this.counts.out[from]! += n;
    this.counts.in[to]! += n;
  }

  /** Forgets everything counted so far; used at time zero, after the pre-roll. */
  reset(): void {
    for (const name of columns) this.counts[name].fill(0);
    this.duplicatesDeliveredAt.fill(0);
    this.duplicatesMade = 0;
    this.duplicatesDelivered = 0;
    this.duplicatesRemoved = 0;
    this.droppedBy.clear();
  }

  node(index: number, inside: number, deadLettered: number): NodeLedger {
    const at = (name: Column): number => this.counts[name][index]!;
    return {
      carriedIn: at('carriedIn'),
      created: at('created'),
      copied: at('copied'),
      replayed: at('replayed'),
      emitted: at('emitted'),
      in: at('in'),
      delivered: at('delivered'),
      filtered: at('filtered'),
      absorbed: at('absorbed'),
      dropped: at('dropped'),
      deadLettered,
      expired: at('expired'),
      inside,
      out: at('out'),
    };
  }

  run(inside: number, deadLettered: number, duplicatesInside: number): RunLedger {
    const total = (name: Column): number => this.counts[name].reduce((sum, n) => sum + n, 0);
    return {
      carriedIn: total('carriedIn'),
      created: total('created'),
      copied: total('copied'),
      replayed: total('replayed'),
      emitted: total('emitted'),
      delivered: total('delivered'),
      filtered: total('filtered'),
      absorbed: total('absorbed'),
      dropped: total('dropped'),
      deadLettered,
      expired: total('expired'),
      inside,
      droppedBy: Object.fromEntries([...this.droppedBy].sort(([a], [b]) => (a < b ? -1 : 1))),
      duplicates: {
        made: this.duplicatesMade,
        delivered: this.duplicatesDelivered,
        removed: this.duplicatesRemoved,
        inside: duplicatesInside,
      },
    };
  }
}

/** Left side minus right side of the run's equation: 0 unless Caudal is at fault. */
export function imbalance(ledger: LedgerTotals): number {
  const sources = ledger.carriedIn + ledger.created + ledger.copied + ledger.replayed + ledger.emitted;
  const fates =
    ledger.delivered + ledger.filtered + ledger.absorbed + ledger.dropped + ledger.deadLettered + ledger.expired;
  return sources - fates - ledger.inside;
}

/** The same for one node. */
export function nodeImbalance(ledger: NodeLedger): number {
  return imbalance(ledger) + ledger.in - ledger.out;
}

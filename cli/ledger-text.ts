/** What became of the records, in the words of a reader. */
import type { LedgerTotals } from '#schema/result.ts';

/** Names of the ledger's totals, in the order in which a record meets them. */
export const ledgerWords: readonly (readonly [keyof LedgerTotals, string])[] = [
  ['carriedIn', 'carried in'],
  ['created', 'created'],
  ['copied', 'copied'],
  ['replayed', 'replayed'],
  ['emitted', 'emitted'],
  ['delivered', 'delivered'],
  ['filtered', 'filtered'],
  ['absorbed', 'absorbed'],
  ['dropped', 'dropped'],
  ['deadLettered', 'dead-lettered'],
  ['expired', 'expired'],
  ['inside', 'still inside'],
];

/** Totals that are told even where they are zero. */
const ALWAYS: readonly string[] = ['created', 'delivered', 'dropped'];

/** The totals worth telling: those above zero, and those that a reader would miss. */
export function toldTotals(
  isZero: (name: keyof LedgerTotals) => boolean,
): readonly (readonly [keyof LedgerTotals, string])[] {
  return ledgerWords.filter(([name]) => ALWAYS.includes(name) || !isZero(name));
}

/** The ledger as rows of a table: what came in, what became of it, and whether the two agree. */
import { dropReasonText } from '#analysis/messages.en.ts';
import type { LedgerTotals, RunReport } from '#schema/result.ts';

export interface LedgerRow {
  readonly id: string;
  readonly isWhole: boolean;
  readonly counts: Readonly<Record<LedgerColumn, number>>;
  readonly incoming: number;
  readonly outgoing: number;
}

/** Left side: how records came to be here. */
const INCOMING = ['carriedIn', 'in', 'created', 'copied', 'replayed', 'emitted'] as const;
/** Right side: what became of them. */
const OUTGOING = ['out', 'delivered', 'filtered', 'absorbed', 'dropped', 'deadLettered', 'expired', 'inside'] as const;

export type LedgerColumn = (typeof INCOMING)[number] | (typeof OUTGOING)[number];

const ledgerColumns: readonly LedgerColumn[] = [...INCOMING, ...OUTGOING];

export const ledgerWords: Readonly<Record<LedgerColumn, string>> = {
  carriedIn: 'Carried in',
  in: 'In',
  created: 'Created',
  copied: 'Copied',
  replayed: 'Replayed',
  emitted: 'Emitted',
  out: 'Out',
  delivered: 'Delivered',
  filtered: 'Filtered',
  absorbed: 'Absorbed',
  dropped: 'Dropped',
  deadLettered: 'Dead-lettered',
  expired: 'Expired',
  inside: 'Inside',
};

/** The whole run first, then each node in the document's order. */
export function ledgerRows({ ledger, nodes }: Pick<RunReport, 'ledger' | 'nodes'>): readonly LedgerRow[] {
  const whole = rowOf('Whole run', true, { ...ledger, in: 0, out: 0 });
  return [whole, ...Object.entries(nodes).map(([id, node]) => rowOf(id, false, node.ledger))];
}

/** Columns in which anything happened: the others would only be noise. */
export function usedColumns(rows: readonly LedgerRow[]): readonly LedgerColumn[] {
  return ledgerColumns.filter((column) => rows.some(({ counts }) => counts[column] !== 0));
}

export function isBalanced(rows: readonly LedgerRow[]): boolean {
  return rows.every(({ incoming, outgoing }) => incoming === outgoing);
}

/** Why records were lost and how many for each reason, where any were; `countText` writes the numbers. */
export function dropReasons(
  { droppedBy }: Pick<RunReport['ledger'], 'droppedBy'>,
  countText: (count: number) => string,
): readonly string[] {
  return Object.entries(droppedBy)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${countText(count)} (${dropReasonText(reason)})`);
}

function rowOf(
  id: string,
  isWhole: boolean,
  totals: LedgerTotals & { readonly in: number; readonly out: number },
): LedgerRow {
  const counts = Object.fromEntries(ledgerColumns.map((column) => [column, totals[column]])) as Record<
    LedgerColumn,
    number
  >;
  const sum = (columns: readonly LedgerColumn[]): number =>
    columns.reduce((total, column) => total + counts[column], 0);
  return { id, isWhole, counts, incoming: sum(INCOMING), outgoing: sum(OUTGOING) };
}

import { Box, StatusIndicator, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { countText } from '#drawing/quantities.ts';
import type { Counted } from './counted.ts';
import { dropReasons, isBalanced, type LedgerRow, ledgerRows, ledgerWords, usedColumns } from './ledger-rows.ts';
import { Place } from './Place.tsx';
import { RunNote } from './RunNote.tsx';
import { RunSource } from './RunSource.tsx';

export function LedgerTable({ result }: { readonly result: Counted }): ReactNode {
  const rows = ledgerRows(result);
  const whole = rows[0];
  return (
    <>
      <RunNote aside={<Balance rows={rows} />}>
        Every record, counted once. {duplicateWords(result)} <RunSource />.
      </RunNote>
      <Table
        variant="borderless"
        contentDensity="compact"
        items={rows}
        trackBy="id"
        stickyColumns={{ first: 1 }}
        ariaLabels={{ tableLabel: 'Ledger of the run' }}
        columnDefinitions={[
          {
            id: 'id',
            header: 'Where',
            isRowHeader: true,
            minWidth: 130,
            cell: ({ id, isWhole }: LedgerRow) => (
              <Box fontWeight={isWhole ? 'bold' : 'normal'}>{isWhole ? id : <Place id={id} />}</Box>
            ),
          },
          ...usedColumns(rows).map((column) => ({
            id: column,
            header: ledgerWords[column],
            cell: ({ counts, isWhole }: LedgerRow) =>
              isWhole && (column === 'in' || column === 'out') ? '' : <Count value={counts[column]} isBold={isWhole} />,
          })),
        ]}
        footer={whole === undefined ? undefined : <DropReasons result={result} />}
      />
    </>
  );
}

function Count({ value, isBold }: { readonly value: number; readonly isBold: boolean }): ReactNode {
  if (value === 0) return <span className="count-zero">0</span>;
  return <Box fontWeight={isBold ? 'bold' : 'normal'}>{countText(value)}</Box>;
}

function Balance({ rows }: { readonly rows: readonly LedgerRow[] }): ReactNode {
  const [whole] = rows;
  if (whole === undefined) return null;
  if (!isBalanced(rows)) return <StatusIndicator type="error">Out of balance</StatusIndicator>;
  return (
    <StatusIndicator type="success">
      Balanced: {countText(whole.incoming)} came in, {countText(whole.outgoing)} accounted for
    </StatusIndicator>
  );
}

function duplicateWords({ ledger }: Counted): string {
  const { made, delivered, removed, inside } = ledger.duplicates;
  if (made === 0) return 'No duplicate was made.';
  return `${countText(made)} duplicates made: ${countText(delivered)} delivered, ${countText(removed)} removed, ${countText(inside)} inside.`;
}

function DropReasons({ result }: { readonly result: Counted }): ReactNode {
  const reasons = dropReasons(result.ledger, countText);
  if (reasons.length === 0) return null;
  return (
    <Box color="text-status-error" fontSize="body-s">
      Dropped: {reasons.join(', ')}
    </Box>
  );
}

import { Box, StatusIndicator, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { countText } from '#drawing/quantities.ts';
import type { RunReport } from '#schema/result.ts';
import { isBalanced, type LedgerRow, ledgerRows, ledgerWords, usedColumns } from './ledger-rows.ts';
import { RunNote } from './RunNote.tsx';

export function LedgerTable({ report }: { readonly report: RunReport }): ReactNode {
  const rows = ledgerRows(report);
  const whole = rows[0];
  return (
    <>
      <RunNote aside={<Balance rows={rows} />}>
        Every record, counted once. {duplicateWords(report)} One run, seed {report.seed}.
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
            cell: ({ id, isWhole }: LedgerRow) => <Box fontWeight={isWhole ? 'bold' : 'normal'}>{id}</Box>,
          },
          ...usedColumns(rows).map((column) => ({
            id: column,
            header: ledgerWords[column],
            cell: ({ counts, isWhole }: LedgerRow) =>
              isWhole && (column === 'in' || column === 'out') ? '' : <Count value={counts[column]} isBold={isWhole} />,
          })),
        ]}
        footer={whole === undefined ? undefined : <DropReasons report={report} />}
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

function duplicateWords({ ledger }: RunReport): string {
  const { made, delivered, removed, inside } = ledger.duplicates;
  if (made === 0) return 'No duplicate was made.';
  return `${countText(made)} duplicates made: ${countText(delivered)} delivered, ${countText(removed)} removed, ${countText(inside)} inside.`;
}

function DropReasons({ report }: { readonly report: RunReport }): ReactNode {
  const reasons = Object.entries(report.ledger.droppedBy).filter(([, count]) => count > 0);
  if (reasons.length === 0) return null;
  return (
    <Box color="text-status-error" fontSize="body-s">
      Dropped: {reasons.map(([reason, count]) => `${countText(count)} ${reason}`).join(', ')}
    </Box>
  );
}

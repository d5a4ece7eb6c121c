import { Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { Place } from '#renderer/runs/Place.tsx';
import { select } from '#renderer/state/app-store.ts';
import { amountText, type CompareRow, errorText, statisticWord } from './compare-rows.ts';
import { ErrorCell } from './ErrorCell.tsx';
import { setMeasure } from './measure-store.ts';

interface CompareTableProps {
  readonly rows: readonly CompareRow[];
  /** Row that the chart shows. */
  readonly chosen: string | undefined;
}

/** The farthest apart first; a row shows its curves, and selects its node. */
export function CompareTable({ rows, chosen }: CompareTableProps): ReactNode {
  const show = ({ key, node }: CompareRow): void => {
    setMeasure({ row: key });
    select({ kind: 'node', id: node });
  };
  return (
    <Table
      variant="borderless"
      contentDensity="compact"
      stickyHeader
      selectionType="single"
      items={rows}
      trackBy="key"
      selectedItems={rows.filter(({ key }) => key === chosen)}
      onSelectionChange={({ detail }) => detail.selectedItems[0] && show(detail.selectedItems[0])}
      onRowClick={({ detail }) => show(detail.item)}
      ariaLabels={{
        tableLabel: 'Measured beside simulated, the farthest apart first',
        selectionGroupLabel: 'Metric on the chart',
        itemSelectionLabel: (_, { node, metric }) => `Show ${node} ${metric}`,
      }}
      empty="Nothing was measured."
      columnDefinitions={[
        {
          id: 'metric',
          header: 'Metric',
          isRowHeader: true,
          minWidth: 260,
          cell: (row: CompareRow) => (
            <>
              <Place id={row.node} /> · {row.metric} <span className="measure-soft">{statisticWord(row)}</span>
            </>
          ),
        },
        { id: 'error', header: 'Error', minWidth: 100, cell: (row: CompareRow) => <ErrorCell compared={row} /> },
        {
          id: 'simulated',
          header: 'Simulated',
          cell: ({ simulated, unit }: CompareRow) => amountText(simulated, unit),
        },
        { id: 'measured', header: 'Measured', cell: ({ measured, unit }: CompareRow) => amountText(measured, unit) },
        {
          id: 'shape',
          header: 'Over time',
          cell: ({ shapeErrorRatio }: CompareRow) => errorText(shapeErrorRatio).replace('+', ''),
        },
      ]}
    />
  );
}

import { Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { numbered, shortText, usdText } from '#drawing/quantities.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { CostLine, RunReport } from '#schema/result.ts';
import { chargeLabel } from './charge-label.ts';
import { Place } from './Place.tsx';
import { priceRateText } from './price-rate-text.ts';
import { RunNote } from './RunNote.tsx';
import { RunSource } from './RunSource.tsx';

interface CostTableProps {
  readonly report: RunReport;
  readonly document: CaudalDocument;
}

export function CostTable({ report, document }: CostTableProps): ReactNode {
  const { cost } = report;
  const lines = [...cost.lines].sort((a, b) => b.usdPerMonth - a.usdPerMonth);
  return (
    <>
      <RunNote>
        <b>{usdText(cost.perMonth)} a month</b> at this load, {usdText(cost.run)} for what was simulated. List prices
        without free tier. <RunSource />.
      </RunNote>
      <Table
        variant="borderless"
        contentDensity="compact"
        items={lines}
        ariaLabels={{ tableLabel: 'Cost, the dearest line first' }}
        empty="Nothing here is billed."
        columnDefinitions={[
          { id: 'node', header: 'Where', minWidth: 110, cell: ({ node }: CostLine) => <Place id={node} /> },
          {
            id: 'dimension',
            header: 'For',
            isRowHeader: true,
            minWidth: 220,
            cell: (line: CostLine) => chargeLabel(line, document),
          },
          {
            id: 'quantity',
            header: 'In this run',
            minWidth: 150,
            cell: ({ quantity, unit }: CostLine) => `${shortText(quantity)} ${numbered(unit, quantity)}`,
          },
          { id: 'run', header: 'This run', cell: ({ usdRun }: CostLine) => usdText(usdRun) },
          { id: 'month', header: 'A month', cell: ({ usdPerMonth }: CostLine) => <b>{usdText(usdPerMonth)}</b> },
          {
            id: 'rate',
            header: 'Rate',
            minWidth: 220,
            cell: (line: CostLine) => <span title={line.rateId}>{priceRateText(line)}</span>,
          },
        ]}
      />
    </>
  );
}

/** The words for a billable quantity, declared with the component or connection that counts it. */

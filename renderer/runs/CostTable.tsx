import { Header, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { shortText, usdText } from '#drawing/quantities.ts';
import type { CostLine, RunReport } from '#schema/result.ts';

/** The dearest line first. */
export function CostTable({ report }: { readonly report: RunReport }): ReactNode {
  const { cost } = report;
  const lines = [...cost.lines].sort((a, b) => b.usdPerMonth - a.usdPerMonth);
  return (
    <Table
      variant="borderless"
      contentDensity="compact"
      items={lines}
      header={
        <Header
          variant="h3"
          description={`List prices without free tier. ${usdText(cost.run)} for what was simulated. One run, seed ${report.seed}.`}
        >
          {usdText(cost.perMonth)} a month at this load
        </Header>
      }
      ariaLabels={{ tableLabel: 'Cost, the dearest line first' }}
      empty="Nothing here is billed."
      columnDefinitions={[
        { id: 'node', header: 'Where', minWidth: 110, cell: ({ node }: CostLine) => node },
        {
          id: 'dimension',
          header: 'For',
          isRowHeader: true,
          minWidth: 220,
          cell: ({ dimension }: CostLine) => dimension,
        },
        {
          id: 'quantity',
          header: 'In this run',
          minWidth: 150,
          cell: ({ quantity, unit }: CostLine) => `${shortText(quantity)} ${unit}`,
        },
        { id: 'run', header: 'This run', cell: ({ usdRun }: CostLine) => usdText(usdRun) },
        { id: 'month', header: 'A month', cell: ({ usdPerMonth }: CostLine) => <b>{usdText(usdPerMonth)}</b> },
        {
          id: 'rate',
          header: 'Rate',
          minWidth: 200,
          cell: ({ rateId, rateDate }: CostLine) => `${rateId}, ${rateDate}`,
        },
      ]}
    />
  );
}

import { Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { numbered, shortText, usdText } from '#drawing/quantities.ts';
import { chargeLabel } from '#renderer/runs/charge-label.ts';
import { Place } from '#renderer/runs/Place.tsx';
import { useDocument } from '#renderer/state/document-store.ts';
import type { MeasuredCost, MeasuredCostLine } from '#schema/deployment-measure.ts';
import { ErrorCell } from './ErrorCell.tsx';

/** What the measured time cost by what CloudWatch counted, line by line beside the simulated bill of the same time. */
export function MeasuredBill({ cost }: { readonly cost: MeasuredCost }): ReactNode {
  const document = useDocument((open) => open);
  const lines = cost.lines.toSorted((a, b) => usdOf(b) - usdOf(a));
  return (
    <div className="compare-table">
      <p className="aws-words">
        <Total cost={cost} />
      </p>
      <Table
        variant="borderless"
        contentDensity="compact"
        wrapLines
        items={lines}
        ariaLabels={{ tableLabel: 'What the measured time cost, the dearest line first' }}
        empty="Nothing here is billed."
        columnDefinitions={[
          { id: 'node', header: 'Where', minWidth: 110, cell: ({ node }: MeasuredCostLine) => <Place id={node} /> },
          {
            id: 'for',
            header: 'For',
            isRowHeader: true,
            minWidth: 160,
            cell: (line: MeasuredCostLine) => chargeLabel(line, document),
          },
          { id: 'used', header: 'Used', minWidth: 130, cell: usedText },
          { id: 'simulated', header: 'Simulated', cell: ({ simulated }: MeasuredCostLine) => moneyText(simulated) },
          { id: 'measured', header: 'Measured', cell: ({ measured }: MeasuredCostLine) => moneyText(measured) },
          { id: 'error', header: 'Error', minWidth: 100, cell: billError },
          { id: 'note', header: 'How it is known', minWidth: 220, cell: noteOf },
        ]}
      />
      {cost.unmeasured.length > 0 && (
        <p className="measure-soft">
          Not measured: {cost.unmeasured.map(({ node, label, reason }) => `${node}, ${label}: ${reason}`).join('. ')}.
        </p>
      )}
    </div>
  );
}

function Total({
  cost: { hours, measuredUsd, simulatedUsd, unmeasuredUsd, oldestRateDate },
}: {
  readonly cost: MeasuredCost;
}) {
  const time = hours >= 1 ? `${shortText(hours)} h` : `${shortText(hours * 60)} min`;
  return (
    <>
      <b>{usdText(measuredUsd)}</b> for {time} by what was counted
      {simulatedUsd === null ? '' : `, ${usdText(simulatedUsd)} by the simulation`}.
      {unmeasuredUsd === null || unmeasuredUsd === 0
        ? ''
        : ` Charges that cannot be measured come on top: ${usdText(unmeasuredUsd)} by the simulation.`}{' '}
      List prices without free tier{oldestRateDate === null ? '' : `, of ${oldestRateDate} and later`}.
      {simulatedUsd === null ? ' Run the design, then read CloudWatch again, to set the simulated bill beside it.' : ''}
    </>
  );
}

function billError({ simulated, errorRatio, measured }: MeasuredCostLine): ReactNode {
  if (simulated === null || measured === null) return '–';
  return <ErrorCell compared={{ simulated: simulated.usd, errorRatio }} />;
}

function usdOf({ measured, simulated }: MeasuredCostLine): number {
  return measured?.usd ?? simulated?.usd ?? 0;
}

function moneyText(amount: { readonly usd: number } | null): string {
  return amount === null ? '–' : usdText(amount.usd);
}

function usedText({ measured, unit }: MeasuredCostLine): string {
  return measured === null ? '–' : `${shortText(measured.quantity)} ${numbered(unit, measured.quantity)}`;
}

function noteOf({ by, note }: MeasuredCostLine): string {
  const how = by === 'settings' ? 'by the settings' : by === 'metrics' ? 'counted by CloudWatch' : 'not measured';
  return note === null ? how : `${how}; ${note}`;
}

import { Button, StatusIndicator, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { nothingMeasured, valueText } from '#drawing/quantities.ts';
import { openDesign } from '#renderer/inspector/design-panel.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { ObjectiveResult, RunReport } from '#schema/result.ts';
import { measuredWords } from './measured-words.ts';
import { RunNote } from './RunNote.tsx';
import { RunSource } from './RunSource.tsx';

interface ObjectiveTableProps {
  readonly report: RunReport;
  readonly document: CaudalDocument;
}

export function ObjectiveTable({ report, document }: ObjectiveTableProps): ReactNode {
  const labels = new Map(document.objectives.map(({ id, label }) => [id, label === '' ? id : label]));
  const text = (value: number | null, unit: string): string =>
    value === null ? nothingMeasured : valueText(value, unit);
  return (
    <>
      <RunNote
        aside={
          <Button variant="inline-link" onClick={() => openDesign('objectives')}>
            Edit the objectives
          </Button>
        }
      >
        <RunSource />: another seed may differ.
      </RunNote>
      <Table
        variant="borderless"
        contentDensity="compact"
        items={report.objectives}
        ariaLabels={{ tableLabel: 'Objectives' }}
        empty="The document sets no objective."
        columnDefinitions={[
          {
            id: 'pass',
            header: 'Met',
            width: 110,
            cell: ({ pass }: ObjectiveResult) => (
              <StatusIndicator type={pass ? 'success' : 'error'}>{pass ? 'met' : 'missed'}</StatusIndicator>
            ),
          },
          {
            id: 'label',
            header: 'Objective',
            isRowHeader: true,
            minWidth: 240,
            cell: ({ id }: ObjectiveResult) => labels.get(id) ?? id,
          },
          {
            id: 'what',
            header: 'What is measured',
            minWidth: 200,
            cell: ({ id }: ObjectiveResult) => {
              const objective = document.objectives.find((own) => own.id === id);
              return objective === undefined ? nothingMeasured : measuredWords(document, objective);
            },
          },
          { id: 'measured', header: 'Measured', cell: ({ measured, unit }: ObjectiveResult) => text(measured, unit) },
          { id: 'target', header: 'At most', cell: ({ target, unit }: ObjectiveResult) => text(target, unit) },
          { id: 'margin', header: 'Margin', cell: ({ margin, unit }: ObjectiveResult) => text(margin, unit) },
        ]}
      />
    </>
  );
}

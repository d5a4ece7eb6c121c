import { StatusIndicator, type StatusIndicatorProps, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { clockText } from '#drawing/quantities.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { RunReport } from '#schema/result.ts';
import { RunNote } from './RunNote.tsx';
import { RunSource } from './RunSource.tsx';

type Entry = RunReport['log'][number];

/** Entries shown at most: a longer list would hold up the window. */
const MOST_SHOWN = 400;

const LEVELS: Readonly<Record<Entry['level'], { readonly type: StatusIndicatorProps.Type; readonly words: string }>> = {
  info: { type: 'info', words: 'information' },
  warning: { type: 'warning', words: 'warning' },
  error: { type: 'error', words: 'error' },
};

interface EventTableProps {
  readonly report: RunReport;
  readonly document: CaudalDocument;
}

export function EventTable({ report, document }: EventTableProps): ReactNode {
  const { startsAt } = document.account;
  const shown = report.log.slice(0, MOST_SHOWN);
  const count = report.log.length > MOST_SHOWN ? `The first ${MOST_SHOWN} of ${report.log.length}. ` : '';
  return (
    <>
      <RunNote>
        {count}
        <RunSource />.
      </RunNote>
      <Table
        variant="borderless"
        contentDensity="compact"
        wrapLines
        items={shown}
        ariaLabels={{ tableLabel: 'Events in the order of simulated time' }}
        empty="Nothing out of the ordinary happened."
        columnDefinitions={[
          { id: 't', header: 'Time', width: 110, cell: ({ t }: Entry) => clockText(startsAt, t) },
          { id: 'node', header: 'Where', width: 150, cell: ({ node }: Entry) => node ?? 'run' },
          {
            id: 'text',
            header: 'What happened',
            isRowHeader: true,
            cell: ({ level, text }: Entry) => (
              <StatusIndicator
                type={LEVELS[level].type}
                iconAriaLabel={LEVELS[level].words}
                {...(level === 'info' ? { colorOverride: 'grey' } : {})}
              >
                {text}
              </StatusIndicator>
            ),
          },
        ]}
      />
    </>
  );
}

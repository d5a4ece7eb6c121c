import { Button, StatusIndicator, type StatusIndicatorProps, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { clockText } from '#drawing/quantities.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import { type EventEntry as Entry, useEvents } from './events.ts';
import { moveTo, pause } from './playhead.ts';
import { PlaceLink } from './Place.tsx';
import { RunNote } from './RunNote.tsx';
import { RunSource } from './RunSource.tsx';
import { Sentence } from './Sentence.tsx';

/** Entries shown at most: a longer list would hold up the window. */
const MOST_SHOWN = 400;

const LEVELS: Readonly<Record<Entry['level'], { readonly type: StatusIndicatorProps.Type; readonly words: string }>> = {
  info: { type: 'info', words: 'information' },
  warning: { type: 'warning', words: 'warning' },
  error: { type: 'error', words: 'error' },
};

export function EventTable(): ReactNode {
  const startsAt = useDocument(({ account }) => account.startsAt);
  const events = useEvents();
  const shown = events.slice(0, MOST_SHOWN);
  const count = events.length > MOST_SHOWN ? `The first ${MOST_SHOWN} of ${events.length}. ` : '';
  return (
    <>
      <RunNote>
        {count}
        <RunSource />. A time takes the playhead there.
      </RunNote>
      <Table
        variant="borderless"
        contentDensity="compact"
        wrapLines
        items={shown}
        ariaLabels={{ tableLabel: 'Events in the order of simulated time' }}
        empty="Nothing out of the ordinary happened."
        columnDefinitions={[
          { id: 't', header: 'Time', width: 110, cell: ({ t }: Entry) => <GoTo startsAt={startsAt} t={t} /> },
          {
            id: 'node',
            header: 'Where',
            width: 190,
            cell: ({ node }: Entry) => (node === null ? 'run' : <PlaceLink id={node} />),
          },
          {
            id: 'text',
            header: 'What happened',
            isRowHeader: true,
            cell: (entry: Entry) => (
              <StatusIndicator
                type={LEVELS[entry.level].type}
                iconAriaLabel={LEVELS[entry.level].words}
                {...(entry.level === 'info' ? { colorOverride: 'grey' } : {})}
              >
                <Sentence told={entry} text={entry.text} />
              </StatusIndicator>
            ),
          },
        ]}
      />
    </>
  );
}

function GoTo({ startsAt, t }: { readonly startsAt: string; readonly t: number }): ReactNode {
  return (
    <Button
      variant="inline-link"
      onClick={() => {
        pause();
        moveTo(t);
      }}
    >
      {clockText(startsAt, t)}
    </Button>
  );
}

/** The event log beside the charts: what had happened by the playhead, the newest first. */
import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { clockText } from '#drawing/quantities.ts';
import { moveTo, pause, usePlayhead } from '#renderer/runs/playhead.ts';
import { eventsBefore } from '#renderer/runs/event-count.ts';
import { useEvents } from '#renderer/runs/events.ts';
import { useResultsPart } from '#renderer/runs/run-results.ts';
import { Place } from '#renderer/runs/Place.tsx';
import { Sentence } from '#renderer/runs/Sentence.tsx';
import { RunSource } from '#renderer/runs/RunSource.tsx';
import { useDocument } from '#renderer/state/document-store.ts';

const MOST_SHOWN = 40;

export function EventSide(): ReactNode {
  const events = useEvents();
  const startsAt = useDocument(({ account }) => account.startsAt);
  const count = usePlayhead(({ readSeconds }) => eventsBefore(events, readSeconds));
  const hasRun = useResultsPart(({ shown }) => shown !== undefined);
  const shown = events.slice(Math.max(0, count - MOST_SHOWN), count).reverse();
  return (
    <div className="event-side" role="log" aria-live="off" aria-label="Events up to the playhead" tabIndex={0}>
      <p className="event-side-note">
        <RunSource />
      </p>
      {shown.length === 0 ? (
        <p className="event-side-empty">
          {!hasRun
            ? 'What happens during a run is told here.'
            : events.length === 0
              ? 'Nothing out of the ordinary happened.'
              : 'Nothing yet: the first event comes later.'}
        </p>
      ) : (
        <ol>
          {shown.map(({ t, node, level, code, params, text }, index) => (
            <li key={`${t} ${count - index}`} className={`event-${level}`}>
              <Button
                variant="inline-link"
                ariaLabel={`Go to ${clockText(startsAt, t)}`}
                onClick={() => {
                  pause();
                  moveTo(t);
                }}
              >
                {clockText(startsAt, t)}
              </Button>{' '}
              {node !== null && (
                <b>
                  <Place id={node} />
                </b>
              )}{' '}
              <Sentence told={{ code, params }} text={text} />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

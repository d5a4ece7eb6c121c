import { Box, Button } from '@cloudscape-design/components';
import { Fragment, type ReactNode, useState } from 'react';
import { faultWords } from '#drawing/node-badges.ts';
import { clockText, endClockText } from '#drawing/quantities.ts';
import { setPanelOpen, setTab } from '#renderer/state/app-store.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import type { Bottleneck, RunReport } from '#schema/result.ts';
import { AdviceButton } from './AdviceButton.tsx';
import { bottleneckAt, type ToldBottleneck } from './bottleneck-choice.ts';
import { usePlayhead } from './playhead.ts';
import { useResultsPart } from './run-results.ts';
import { Place, PlaceLink } from './Place.tsx';
import { Sentence } from './Sentence.tsx';

/** What holds the design up at the playhead, why, and one button that mends it; nothing when nothing does. */
export function BottleneckCard(): ReactNode {
  const report = useResultsPart((results) => results.report);
  const [dismissed, setDismissed] = useState<RunReport>();
  if (report === undefined || report.bottlenecks.length === 0 || dismissed === report) return null;
  return <Card report={report} onDismiss={() => setDismissed(report)} />;
}

function Card({ report, onDismiss }: { readonly report: RunReport; readonly onDismiss: () => void }): ReactNode {
  const startsAt = useDocument(({ account }) => account.startsAt);
  // Which one it is changes seldom while the playhead moves.
  const key = usePlayhead(({ readSeconds }) => {
    const told = bottleneckAt(report, readSeconds);
    return told === undefined ? '' : `${report.bottlenecks.indexOf(told.bottleneck)} ${told.isNow}`;
  });
  const told = key === '' ? undefined : bottleneckAt(report, usePlayhead.getState().readSeconds);
  if (told === undefined) return null;
  const { bottleneck, isFailing, isNow, advice } = told;
  const until = isNow ? 'now' : endClockText(startsAt, bottleneck.t1);
  return (
    <aside className={isFailing ? 'bottleneck bottleneck-failing' : 'bottleneck'} aria-label="Bottleneck">
      <div className="bottleneck-head">
        <Box variant="h4" tagOverride="h2" padding="n">
          Bottleneck {clockText(startsAt, bottleneck.t0)} – {until}: <PlaceLink id={bottleneck.node} />
        </Box>
        <Button variant="icon" iconName="close" ariaLabel="Hide the bottleneck" onClick={onDismiss} />
      </div>
      <div className="bottleneck-body">
        <FaultsNow startsAt={startsAt} />
        <p>
          <What bottleneck={bottleneck} advice={advice} />
        </p>
        {advice !== undefined && <AdviceButton advice={advice} />}
        <Button
          variant="inline-link"
          onClick={() => {
            setTab(advice === undefined ? 'limits' : 'advice');
            setPanelOpen(true);
          }}
        >
          {advice === undefined ? 'Show all limits' : 'Show all advice'}
        </Button>
      </div>
    </aside>
  );
}

/** What the user has broken and is still broken at the playhead: the cause that is easily forgotten. */
function FaultsNow({ startsAt }: { readonly startsAt: string }): ReactNode {
  const faults = useResultsPart((results) => results.document?.faults);
  const active = usePlayhead(({ readSeconds: seconds }) =>
    (faults ?? [])
      .filter((fault) => seconds >= fault.startSeconds && seconds < fault.startSeconds + fault.durationSeconds)
      .map(({ id }) => id)
      .join(' '),
  );
  const found = (faults ?? []).filter(({ id }) => active.split(' ').includes(id));
  return found.map(({ id, kind, node, startSeconds, durationSeconds }) => (
    <p key={id}>
      Your fault {id} is on: {faultWords[kind]} at{' '}
      <b>
        <Place id={node} />
      </b>
      , {clockText(startsAt, startSeconds)} – {endClockText(startsAt, startSeconds + durationSeconds)}.
    </p>
  ));
}

/** What happened and what would move it; with advice, the limit alone: the advice says that, and what helps. */
function What({ bottleneck, advice }: Pick<ToldBottleneck, 'bottleneck' | 'advice'>): ReactNode {
  const { text, cause, remedies } = bottleneck;
  const name = capitalised(limitName(bottleneck));
  if (advice !== undefined) {
    return (
      <>
        {name}. <Sentence told={advice} text={advice.text} />
      </>
    );
  }
  if (cause === undefined || remedies === undefined) return `${capitalised(text)}.`;
  return (
    <>
      <Sentence told={{ ...cause, params: { ...cause.params, name } }} text={text} />
      {remedies.map((remedy, index) => (
        <Fragment key={index}>
          {index === 0 ? '; ' : ', '}
          <Sentence told={remedy} text="" of={bottleneck.node} />
        </Fragment>
      ))}
      .
    </>
  );
}

function limitName({ text, cause }: Bottleneck): string {
  const name = cause?.params['name'];
  if (name !== undefined) return String(name);
  const cut = text.indexOf(': ');
  return cut < 0 ? text : text.slice(0, cut);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { Button, StatusIndicator, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { countText, secondsText } from '#drawing/quantities.ts';
import { Place } from '#renderer/runs/Place.tsx';
import type { Driven, SinkReport, TargetReport } from '#schema/deployment-drive.ts';
import { setAwsTab } from './aws-store.ts';
import { endWords, sinkGrade, sinkWords, targetWords } from './drive-words.ts';
import { changeTimes } from './measure-store.ts';

/** What was sent, what the targets said, and what has come to the sinks. */
export function DriveReportView({ driven }: { readonly driven: Driven }): ReactNode {
  const { drive, sinks } = driven;
  const isWhole = drive.ended === 'complete' || drive.ended === 'capped' || drive.ended === 'stopped';
  return (
    <section aria-label="Report of the drive" className="drive-report">
      <p className="drive-ended">
        <StatusIndicator type={isWhole ? 'success' : drive.ended === 'failed' ? 'error' : 'warning'}>
          {endWords(driven)}
        </StatusIndicator>
        <Button
          onClick={() => {
            changeTimes({ kind: 'drive' });
            setAwsTab('compare');
          }}
        >
          Compare with the simulation
        </Button>
      </p>
      <SinkTable sinks={sinks} />
      <TargetTable targets={drive.targets} />
    </section>
  );
}

function SinkTable({ sinks }: { readonly sinks: readonly SinkReport[] }): ReactNode {
  if (sinks.length === 0)
    return <p className="measure-soft">The sinks were left alone, or there is none that can be read.</p>;
  return (
    <Table
      variant="borderless"
      contentDensity="compact"
      wrapLines
      items={sinks}
      trackBy={({ node, address }) => `${node} ${address}`}
      ariaLabels={{ tableLabel: 'What has come to the sinks' }}
      columnDefinitions={[
        {
          id: 'sink',
          header: 'Sink',
          isRowHeader: true,
          minWidth: 110,
          cell: ({ node }: SinkReport) => <Place id={node} />,
        },
        {
          id: 'words',
          header: 'What has come',
          minWidth: 320,
          cell: (sink: SinkReport) => <StatusIndicator type={sinkGrade(sink)}>{sinkWords(sink)}</StatusIndicator>,
        },
        { id: 'p50', header: 'Latency p50', cell: ({ latencyMs }: SinkReport) => latencyText(latencyMs?.p50) },
        { id: 'p99', header: 'p99', cell: ({ latencyMs }: SinkReport) => latencyText(latencyMs?.p99) },
        { id: 'max', header: 'Largest', cell: ({ latencyMs }: SinkReport) => latencyText(latencyMs?.max) },
      ]}
    />
  );
}

function TargetTable({ targets }: { readonly targets: readonly TargetReport[] }): ReactNode {
  return (
    <Table
      variant="borderless"
      contentDensity="compact"
      wrapLines
      items={targets}
      trackBy={({ node, protocol }) => `${node} ${protocol}`}
      ariaLabels={{ tableLabel: 'What the targets took' }}
      columnDefinitions={[
        {
          id: 'target',
          header: 'Sent to',
          isRowHeader: true,
          minWidth: 110,
          cell: ({ node }: TargetReport) => <Place id={node} />,
        },
        { id: 'sent', header: 'Records', cell: ({ sent }: TargetReport) => countText(sent) },
        { id: 'calls', header: 'Calls', cell: ({ calls }: TargetReport) => countText(calls) },
        {
          id: 'words',
          header: 'Refused and repeated',
          minWidth: 260,
          cell: (target: TargetReport) => targetWords(target),
        },
        { id: 'p50', header: 'Call p50', cell: ({ callLatencyMs }: TargetReport) => latencyText(callLatencyMs.p50) },
        { id: 'p99', header: 'p99', cell: ({ callLatencyMs }: TargetReport) => latencyText(callLatencyMs.p99) },
      ]}
    />
  );
}

function latencyText(ms: number | undefined): string {
  return ms === undefined ? '–' : secondsText(ms / 1000);
}

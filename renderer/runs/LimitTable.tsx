import { Link, StatusIndicator, type StatusIndicatorProps, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { countOf, countText, shareText } from '#drawing/quantities.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import type { LimitSummary } from '#schema/component.ts';
import type { Counted } from './counted.ts';
import { placeKind } from './place-name.ts';
import { Place } from './Place.tsx';
import { RunNote } from './RunNote.tsx';
import { RunSource } from './RunSource.tsx';
import { settingName } from './setting-name.ts';

/** The nearest to its capacity first. */
export function LimitTable({ result }: { readonly result: Counted }): ReactNode {
  const limits = [...result.limits].sort(
    (a, b) => b.refused - a.refused || b.peakRatio - a.peakRatio || a.id.localeCompare(b.id),
  );
  return (
    <>
      <RunNote>
        Largest use within a second for rates, largest level for the others. <RunSource />.
      </RunNote>
      <Table
        variant="borderless"
        contentDensity="compact"
        wrapLines
        items={limits}
        ariaLabels={{ tableLabel: 'Limits, the nearest to its capacity first' }}
        empty="No limit was in play."
        columnDefinitions={[
          {
            id: 'node',
            header: 'Where',
            minWidth: 100,
            cell: ({ node }: LimitSummary) => (node === null ? 'account' : <Place id={node} />),
          },
          {
            id: 'name',
            header: 'Limit',
            isRowHeader: true,
            minWidth: 240,
            cell: (limit: LimitSummary) => <LimitName limit={limit} />,
          },
          {
            id: 'capacity',
            header: 'Capacity',
            minWidth: 150,
            cell: ({ capacity, unit }: LimitSummary) => countOf(capacity, unit),
          },
          { id: 'peak', header: 'Peak use', minWidth: 110, cell: (limit: LimitSummary) => <PeakUse limit={limit} /> },
          { id: 'refused', header: 'Refused', cell: ({ refused }: LimitSummary) => countText(refused) },
          { id: 'waiting', header: 'Waiting', cell: ({ waiting }: LimitSummary) => countText(waiting) },
          { id: 'raisable', header: 'Raisable', cell: ({ raisable }: LimitSummary) => (raisable ? 'yes' : 'no') },
          {
            id: 'source',
            header: 'Source',
            minWidth: 160,
            cell: (limit: LimitSummary) => <LimitSource limit={limit} />,
          },
        ]}
      />
    </>
  );
}

/** Parts with limits of their own (shards) share a name: the end of the id tells them apart. */
function LimitName({ limit }: { readonly limit: LimitSummary }): ReactNode {
  const cut = limit.id.lastIndexOf('/');
  return cut < 0 || limit.node === null
    ? limit.name
    : `${limit.name} · ${limit.id.slice(cut + 1).replaceAll(/-(?=\d)/g, ' ')}`;
}

function PeakUse({ limit }: { readonly limit: LimitSummary }): ReactNode {
  const type: StatusIndicatorProps.Type = limit.refused > 0 ? 'error' : limit.peakRatio >= 0.8 ? 'warning' : 'success';
  return <StatusIndicator type={type}>{shareText(limit.peakRatio)}</StatusIndicator>;
}

function LimitSource({ limit: { source, node } }: { readonly limit: LimitSummary }): ReactNode {
  if (node !== null && source.startsWith('config.')) return <OwnSetting owner={node} path={source} />;
  if (!source.startsWith('https://')) return source;
  return (
    <Link href={source} external externalIconAriaLabel="Opens in a new tab">
      AWS
    </Link>
  );
}

/** The field that sets the limit; its path in the tooltip. */
function OwnSetting({ owner, path }: { readonly owner: string; readonly path: string }): ReactNode {
  const isEdge = useDocument((document) => placeKind(document, owner) === 'edge');
  const whole = `${isEdge ? 'edges' : 'nodes'}.${owner}.${path}`;
  const label = useDocument((document) => settingName(document, whole).label);
  return <span title={whole}>your setting “{label}”</span>;
}

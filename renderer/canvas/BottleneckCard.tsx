import { Box, Button } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { clockText } from '#drawing/quantities.ts';
import { useResults } from '#renderer/runs/run-results.ts';
import { select, setPanelOpen, setTab, useCaudalDocument } from '#renderer/state/app-store.ts';
import type { Bottleneck } from '#schema/result.ts';

/** The bottleneck that lasted longest, once a run is over; nothing when there was none. */
export function BottleneckCard(): ReactNode {
  const { report, version } = useResults();
  const [dismissed, setDismissed] = useState<number>();
  const document = useCaudalDocument();
  const worst = worstOf(report?.bottlenecks ?? []);
  if (worst === undefined || document === undefined || dismissed === version) return null;
  const { startsAt } = document.account;
  const isNode = document.nodes.some(({ id }) => id === worst.node);
  return (
    <aside className="bottleneck" aria-label="Bottleneck">
      <div className="bottleneck-head">
        <Box variant="h4" tagOverride="h2" padding="n">
          {isNode ? (
            <Button variant="inline-link" onClick={() => select({ kind: 'node', id: worst.node })}>
              {worst.node}
            </Button>
          ) : (
            worst.node
          )}{' '}
          limits this design
        </Box>
        <Button variant="icon" iconName="close" ariaLabel="Hide the bottleneck" onClick={() => setDismissed(version)} />
      </div>
      <p>
        {clockText(startsAt, worst.t0)} – {clockText(startsAt, worst.t1)}: {worst.text}.
      </p>
      <Button
        variant="inline-link"
        onClick={() => {
          setTab('limits');
          setPanelOpen(true);
        }}
      >
        Show all limits
      </Button>
    </aside>
  );
}

function worstOf(bottlenecks: readonly Bottleneck[]): Bottleneck | undefined {
  return bottlenecks.reduce<Bottleneck | undefined>(
    (worst, next) => (worst === undefined || next.t1 - next.t0 > worst.t1 - worst.t0 ? next : worst),
    undefined,
  );
}

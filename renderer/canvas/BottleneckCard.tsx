import { Box, Button } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { clockText } from '#drawing/quantities.ts';
import { useResults } from '#renderer/runs/run-results.ts';
import { select, setPanelOpen, setTab, useCaudalDocument } from '#renderer/state/app-store.ts';
import type { Bottleneck, RunReport } from '#schema/result.ts';

/** The worst bottleneck, once a run is over; nothing when there was none. */
export function BottleneckCard(): ReactNode {
  const { report, version } = useResults();
  const [dismissed, setDismissed] = useState<number>();
  const document = useCaudalDocument();
  const found = report && worstOf(report);
  if (found === undefined || document === undefined || dismissed === version) return null;
  const { worst, isFailing } = found;
  const { startsAt } = document.account;
  const isNode = document.nodes.some(({ id }) => id === worst.node);
  return (
    <aside className={isFailing ? 'bottleneck bottleneck-failing' : 'bottleneck'} aria-label="Bottleneck">
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

/** One that refuses is worse than one that only holds up; among equals the one that lasts longest. */
function worstOf({ bottlenecks, limits }: RunReport): { worst: Bottleneck; isFailing: boolean } | undefined {
  const refusing = new Set(
    limits.filter(({ refused }) => refused > 0).map(({ node, id }) => `${node ?? 'account'} ${id}`),
  );
  const isRefusing = ({ node, limit }: Bottleneck): boolean => refusing.has(`${node} ${limit}`);
  const badness = (found: Bottleneck): number => (isRefusing(found) ? 1e9 : 0) + found.t1 - found.t0;
  const [worst] = [...bottlenecks].sort((a, b) => badness(b) - badness(a));
  return worst && { worst, isFailing: isRefusing(worst) };
}

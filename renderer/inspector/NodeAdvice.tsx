import { Alert, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { AdviceText } from '#renderer/runs/AdviceText.tsx';
import { useResultsPart } from '#renderer/runs/run-results.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { AdviceResult } from '#schema/result.ts';

const ALERTS = { critical: 'error', warning: 'warning', info: 'info' } as const;

/** What the run suggests for a node and for the connections that end there. */
export function NodeAdvice({ id, document }: { readonly id: string; readonly document: CaudalDocument }): ReactNode {
  const advice = useResultsPart(({ report }) => report?.advice);
  if (advice === undefined) return <p className="inspector-empty">Advice comes with the result of a run.</p>;
  const owners = new Set([id, ...document.edges.filter(({ target }) => target === id).map((edge) => edge.id)]);
  const own = advice.filter(({ node }) => owners.has(node));
  if (own.length === 0) return <p className="inspector-empty">Nothing to advise after this run.</p>;
  return (
    <div className="inspector-body">
      <SpaceBetween size="xs">
        {own.map((finding) => (
          <Finding key={`${finding.code} ${finding.node}`} finding={finding} />
        ))}
      </SpaceBetween>
    </div>
  );
}

function Finding({ finding }: { readonly finding: AdviceResult }): ReactNode {
  return (
    <Alert type={ALERTS[finding.severity]} statusIconAriaLabel={finding.severity}>
      <AdviceText advice={finding} />
    </Alert>
  );
}

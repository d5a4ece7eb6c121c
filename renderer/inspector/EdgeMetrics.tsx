import type { ReactNode } from 'react';
import { bytesText, countText } from '#drawing/quantities.ts';
import { RunSource } from '#renderer/runs/RunSource.tsx';
import { useResults } from '#renderer/runs/run-results.ts';
import type { EdgeResult } from '#schema/result.ts';

const ROWS = [
  ['records', 'Records', countText],
  ['units', 'Messages', countText],
  ['requests', 'Requests', countText],
  ['bytes', 'Bytes', bytesText],
  ['retried', 'Records retried', countText],
  ['refused', 'Records refused', countText],
  ['dropped', 'Records lost', countText],
] as const satisfies readonly (readonly [keyof EdgeResult, string, (value: number) => string])[];

export function EdgeMetrics({ id }: { readonly id: string }): ReactNode {
  const { shown } = useResults();
  const result = shown?.now.result.edges[id];
  if (result === undefined) return <p className="inspector-empty">Press Run to see what flows here.</p>;
  return (
    <div className="inspector-body">
      <p className="inspector-note">
        <RunSource />
      </p>
      <dl className="edge-metrics">
        {ROWS.map(([name, words, text]) => (
          <div key={name} className="field">
            <dt>{words}</dt>
            <dd>{text(result[name])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

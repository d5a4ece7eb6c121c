import { Alert } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import type { AdviceResult, RunReport } from '#schema/result.ts';
import { AdviceText } from './AdviceText.tsx';
import { BeforeAfter } from './BeforeAfter.tsx';
import { adviceKey } from './patch-prices.ts';
import { PlaceLink } from './Place.tsx';
import { RunNote } from './RunNote.tsx';
import { RunSource } from './RunSource.tsx';

const ALERTS = { critical: 'error', warning: 'warning', info: 'info' } as const;

/** Everything the run suggests, the most pressing first; what the last change did stands above. */
export function AdvicePage({ report }: { readonly report: RunReport }): ReactNode {
  return (
    <>
      <RunNote>
        {report.advice.length === 0 ? 'Nothing to advise after this run. ' : 'Each change is one step of undo. '}
        <RunSource />.
      </RunNote>
      <BeforeAfter />
      <div className="advice-list">
        {report.advice.map((advice) => (
          <Finding key={adviceKey(advice)} advice={advice} />
        ))}
      </div>
    </>
  );
}

function Finding({ advice }: { readonly advice: AdviceResult }): ReactNode {
  return (
    <Alert type={ALERTS[advice.severity]} statusIconAriaLabel={advice.severity} header={<PlaceLink id={advice.node} />}>
      <AdviceText advice={advice} />
    </Alert>
  );
}

import { Alert, Button, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useApp } from '#renderer/state/app-store.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import { changesRun } from '#renderer/state/run-relevance.ts';
import { isWorking, useAws, useIsReadOnlyPlace, useIsStackBusy, useOperation } from './aws-store.ts';
import { showAwsDialog } from './aws-dialogs.ts';
import { OperationNote } from './OperationNote.tsx';
import { PlanView } from './PlanView.tsx';
import { makePlan } from './stack-control.ts';

/** What a deployment would do and cost, before anything is changed. */
export function PlanPage(): ReactNode {
  const plan = useAws((state) => state.plan);
  const isPlanning = isWorking(useOperation('stack')) && plan === undefined;
  return (
    <div className="run-page aws-page">
      <OperationNote slot="stack" kinds={['plan']} />
      {plan === undefined ? (
        !isPlanning && <NoPlan />
      ) : (
        <>
          <PlanActions />
          <Changed />
          <PlanView plan={plan} />
        </>
      )}
    </div>
  );
}

function NoPlan(): ReactNode {
  const isConnected = useApp((state) => state.connection === 'open');
  const failed = useOperation('stack');
  if (failed?.kind === 'plan' && failed.failure !== undefined) return null;
  return (
    <div className="aws-empty">
      <p>
        A plan shows each resource, what it costs a month, and which quotas the load would exceed. It changes nothing.
      </p>
      <Button disabled={!isConnected} onClick={() => void makePlan()}>
        Make a plan
      </Button>
    </div>
  );
}

/** The design has moved on: what the plan says is no longer what would happen. */
function Changed(): ReactNode {
  const planned = useAws((state) => state.planned);
  const isChanged = useDocumentState(
    ({ document }) => planned !== undefined && document !== undefined && changesRun(planned, document),
  );
  if (!isChanged) return null;
  return (
    <Alert type="warning">
      The design has changed since this plan was made. Plan again to see what would happen now.
    </Alert>
  );
}

function PlanActions(): ReactNode {
  const plan = useAws((state) => state.plan);
  const isBusy = useIsStackBusy();
  const isReadOnly = useIsReadOnlyPlace();
  const allowLeftOut = plan?.leftOut.some(({ isDriven, kind }) => !isDriven && kind === 'node') === true;
  return (
    <div className="aws-actions">
      <SpaceBetween size="xs" direction="horizontal" alignItems="center">
        <span>Nothing has been changed.</span>
        <Button disabled={isBusy} onClick={() => void makePlan(allowLeftOut)}>
          Plan again
        </Button>
        <Button
          variant="primary"
          disabled={isBusy || isReadOnly || plan?.kind === 'none'}
          {...(isReadOnly ? { disabledReason: 'Read only: switch it off at the account to change anything.' } : {})}
          onClick={() => showAwsDialog({ kind: 'deploy', allowLeftOut })}
        >
          {allowLeftOut ? 'Deploy the rest' : plan?.kind === 'update' ? 'Update' : 'Deploy'}
        </Button>
      </SpaceBetween>
    </div>
  );
}

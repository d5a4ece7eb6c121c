/** What an operation is doing, and why it failed with what can be done about it. */
import { Alert, Button, ProgressBar, SpaceBetween, Spinner } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import {
  type AwsOperation,
  isWorking,
  type OperationKind,
  type OperationSlot,
  useAws,
  useOperation,
} from './aws-store.ts';
import { showDeployAgain } from './aws-dialogs.ts';
import { dismissOperation, stopOperation } from './operation.ts';
import { PartLink } from './PartLink.tsx';
import { follow, isFollowed, look, makePlan } from './stack-control.ts';
import { windowWords } from './window-words.ts';

interface OperationNoteProps {
  readonly slot: OperationSlot;
  /** Other kinds are shown elsewhere. */
  readonly kinds: readonly OperationKind[];
}

export function OperationNote({ slot, kinds }: OperationNoteProps): ReactNode {
  const operation = useOperation(slot);
  if (operation === undefined || !kinds.includes(operation.kind)) return null;
  if (isWorking(operation)) return <Progress slot={slot} operation={operation} />;
  if (operation.failure !== undefined) return <Failure slot={slot} operation={operation} />;
  if (operation.phase !== 'cancelled') return null;
  return (
    <Alert type="info" dismissible onDismiss={() => dismissOperation(slot)}>
      {isFollowed(operation) ? (CONFIRMED[operation.kind] ?? GOES_ON) : 'Ended by you. Nothing was changed.'}
    </Alert>
  );
}

const GOES_ON = 'Not followed any more. AWS goes on with what it was told; Follow shows how it ends.';
const CONFIRMED: Readonly<Partial<Record<OperationKind, string>>> = {
  emptyBucket: 'Stopped. What was deleted until then is gone; the bucket is still there.',
};

function Progress({ slot, operation }: { readonly slot: OperationSlot; readonly operation: AwsOperation }): ReactNode {
  const { progress, phase } = operation;
  const isAsking = useAws(({ questions }) => questions.some((one) => one.slot === slot));
  const words =
    phase === 'stopping' ? 'Stopping' : isAsking ? 'Waiting for your answer' : (progress?.text ?? 'Asking AWS');
  return (
    <div className="aws-progress" role="status">
      {progress?.ratio === undefined || isAsking ? (
        <span className="aws-progress-words">
          <Spinner /> {words}
        </span>
      ) : (
        <ProgressBar value={Math.round(100 * Math.min(1, Math.max(0, progress.ratio)))} description={words} />
      )}
      <Button disabled={phase === 'stopping'} onClick={() => void stopOperation(slot)}>
        {isFollowed(operation) && operation.kind !== 'emptyBucket' ? 'Stop following' : 'Stop'}
      </Button>
    </div>
  );
}

function Failure({ slot, operation }: { readonly slot: OperationSlot; readonly operation: AwsOperation }): ReactNode {
  const { failure, kind } = operation;
  if (failure === undefined) return null;
  const leftOut = failure.faults.filter(({ code }) => code === 'deploy/left-out');
  if (leftOut.length > 0) return <LeftOut slot={slot} kind={kind} parts={leftOut} />;
  return (
    <Alert
      type={operation.phase === 'lost' ? 'warning' : 'error'}
      header={operation.phase === 'lost' ? 'The connection was lost' : HEADERS[kind]}
      dismissible
      onDismiss={() => dismissOperation(slot)}
      action={<Remedy operation={operation} />}
    >
      <span className="aws-failure">{failure.text}</span>
    </Alert>
  );
}

const HEADERS: Readonly<Record<OperationKind, string>> = {
  overview: 'AWS did not say what is there',
  status: 'AWS did not say what is deployed',
  prices: 'The prices were not read',
  plan: 'There is no plan',
  deploy: 'Not deployed',
  follow: 'It cannot be followed',
  drift: 'It cannot be compared',
  destroy: 'Not destroyed',
  destroyGuard: 'The guard was not destroyed',
  emptyBucket: 'The bucket was not emptied',
  drive: 'Driving has ended',
  observe: 'Nothing was measured',
  calibrate: 'Nothing was fitted',
};

/** What can be done about it by a click, where something can. */
function Remedy({ operation: { kind, failure, phase } }: { readonly operation: AwsOperation }): ReactNode {
  const code = failure?.code ?? '';
  if (phase === 'lost' && (kind === 'deploy' || kind === 'follow' || kind === 'destroy'))
    return <Button onClick={() => void follow()}>Follow</Button>;
  if (code === 'deploy/drifted')
    return <Button onClick={() => showDeployAgain({ acceptsDrift: true })}>Write over it</Button>;
  if (code === 'deploy/stack-busy') return <Button onClick={() => void follow()}>Follow</Button>;
  if (kind === 'overview' || kind === 'status') return <Button onClick={() => void look()}>Try again</Button>;
  if (kind === 'plan' || code === 'deploy/overtaken')
    return <Button onClick={() => void makePlan()}>Plan again</Button>;
  return null;
}

/** Parts that cannot be deployed are said before anything else; the rest goes only when that is wanted. */
function LeftOut({
  slot,
  kind,
  parts,
}: {
  readonly slot: OperationSlot;
  readonly kind: OperationKind;
  readonly parts: NonNullable<AwsOperation['failure']>['faults'];
}): ReactNode {
  return (
    <Alert
      type="warning"
      header={parts.length === 1 ? 'One part cannot be deployed' : `${parts.length} parts cannot be deployed`}
      dismissible
      onDismiss={() => dismissOperation(slot)}
      action={
        <SpaceBetween size="xs" direction="horizontal">
          {kind === 'deploy' && <Button onClick={() => void makePlan(true)}>Plan the rest</Button>}
          <Button onClick={() => (kind === 'plan' ? void makePlan(true) : showDeployAgain({ allowLeftOut: true }))}>
            {kind === 'plan' ? 'Plan the rest' : 'Deploy the rest'}
          </Button>
        </SpaceBetween>
      }
    >
      <ul className="aws-list">
        {parts.map(({ path, message }) => (
          <li key={path}>
            <PartLink id={path.replace(/^nodes\./, '')} />: {windowWords(message.replace(/^cannot be deployed: /, ''))}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** What destroyed deployments have left in the account: each with its cost, and how it goes. */
import { Button, SpaceBetween, StatusIndicator, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { bytesText, countText, usdText } from '#drawing/quantities.ts';
import type { KeptBucket } from '#schema/deployment-state.ts';
import { isWorking, useAws, useIsReadOnlyPlace, useOperation } from './aws-store.ts';
import { CopyText } from './CopyText.tsx';
import { OperationNote } from './OperationNote.tsx';
import { type Leftover, useLeftovers } from './leftovers.ts';
import { destroyGuard, emptyBucket } from './stack-control.ts';
import { typeWords } from './type-words.ts';

export function LeftPage(): ReactNode {
  const leftovers = useLeftovers();
  const isKnown = useAws(({ overview }) => overview !== undefined);
  return (
    <div className="run-page aws-page">
      <OperationNote slot="stack" kinds={['destroyGuard', 'emptyBucket']} />
      <Removed />
      {leftovers.length > 0 ? (
        <Leftovers leftovers={leftovers} />
      ) : (
        <div className="aws-empty">
          <p>
            {isKnown
              ? 'Destroyed deployments have left nothing in this account and Region.'
              : 'What destroyed deployments have left is listed here once AWS has answered.'}
          </p>
        </div>
      )}
    </div>
  );
}

/** What the newest destruction could not remove. */
function Removed(): ReactNode {
  const destroyed = useAws((state) => state.destroyed);
  if (destroyed === undefined) return null;
  return (
    <p className="aws-words">
      <StatusIndicator type={destroyed.kind === 'done' ? 'success' : 'error'}>
        {destroyed.stackName}: {destroyed.text}
      </StatusIndicator>
    </p>
  );
}

function Leftovers({ leftovers }: { readonly leftovers: readonly Leftover[] }): ReactNode {
  const known = leftovers.reduce((sum, one) => sum + (usdOf(one) ?? 0), 0);
  const isWhole = leftovers.every((one) => usdOf(one) !== undefined);
  return (
    <>
      <p className="aws-words">
        {leftovers.length === 1 ? 'One thing is' : `${leftovers.length} things are`} left,{' '}
        {known === 0 && isWhole ? 'costing next to nothing' : `${isWhole ? '' : 'at least '}${usdText(known)} a month`}.
        Nothing here goes by itself.
      </p>
      <Table
        variant="borderless"
        contentDensity="compact"
        wrapLines
        items={leftovers}
        trackBy="name"
        ariaLabels={{ tableLabel: 'What destroyed deployments have left' }}
        columnDefinitions={[
          { id: 'name', header: 'What', isRowHeader: true, minWidth: 220, cell: nameOf },
          { id: 'stack', header: 'Of', minWidth: 110, cell: ({ stackName }) => stackName },
          { id: 'holds', header: 'Holds', minWidth: 140, cell: ({ bucket }) => holds(bucket) },
          { id: 'cost', header: 'A month', minWidth: 110, cell: cost },
          {
            id: 'command',
            header: 'Command',
            minWidth: 260,
            cell: ({ command }) => command && <CopyText text={command} />,
          },
          { id: 'remove', header: 'Remove', minWidth: 160, cell: (one) => <Remove leftover={one} /> },
        ]}
      />
    </>
  );
}

/** US dollars a month; undefined where that is not known. */
function usdOf({ kind, bucket, resource }: Leftover): number | undefined {
  return kind === 'guard' ? 0 : (bucket ?? resource)?.usdPerMonth;
}

function nameOf(leftover: Leftover): ReactNode {
  return (
    <>
      <span className="path-code">{leftover.name}</span>
      <div className="aws-said">{whatItIs(leftover)}</div>
    </>
  );
}

function whatItIs({ kind, resource }: Leftover): string {
  if (kind === 'bucket') return 'kept by the template, with all that is in it';
  if (resource === undefined) return 'guard stack: the role and the schedule';
  return `${typeWords(resource.type)}, ${resource.why === 'kept' ? 'kept by the template' : 'could not be deleted'}`;
}

function holds(bucket: KeptBucket | undefined): string {
  if (bucket === undefined) return '–';
  const { objects, bytes, isAtLeast } = bucket;
  if (objects === 0) return 'nothing';
  return `${isAtLeast ? 'at least ' : ''}${countText(objects)} ${objects === 1 ? 'object' : 'objects'}, ${bytesText(bytes)}`;
}

function cost({ kind, bucket, resource }: Leftover): string {
  if (kind === 'guard') return 'next to nothing';
  if (resource !== undefined) {
    const { usdPerMonth, costs } = resource;
    return (
      [usdPerMonth === undefined ? '' : usdText(usdPerMonth), costs ?? ''].filter((part) => part !== '').join('; ') ||
      'unknown'
    );
  }
  if (bucket?.usdPerMonth === undefined) return 'unknown: no price of this Region';
  return `${usdText(bucket.usdPerMonth)}${bucket.ratesDate === undefined ? '' : ` (price of ${bucket.ratesDate})`}`;
}

function Remove({ leftover: { kind, name, stackName } }: { readonly leftover: Leftover }): ReactNode {
  const isBusy = isWorking(useOperation('stack'));
  const isReadOnly = useIsReadOnlyPlace();
  if (kind === 'resource') return 'in the AWS console, if it is still there';
  const run = (): void => void (kind === 'bucket' ? emptyBucket(stackName, name) : destroyGuard(stackName));
  return (
    <SpaceBetween size="xs">
      <Button
        ariaLabel={`${kind === 'bucket' ? 'Empty and delete' : 'Delete'} ${name}`}
        disabled={isBusy || isReadOnly}
        {...(isReadOnly ? { disabledReason: 'Read only: switch it off at the account to change anything.' } : {})}
        onClick={run}
      >
        {kind === 'bucket' ? 'Empty and delete' : 'Delete'}
      </Button>
    </SpaceBetween>
  );
}

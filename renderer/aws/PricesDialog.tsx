/** Reads the prices of the Region from the AWS Price List, and shows how they differ from the shipped ones. */
import { Alert, Button, ExpandableSection, ProgressBar, SpaceBetween, Table } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { countOf, countText } from '#drawing/quantities.ts';
import { Ask } from '#renderer/ui/Ask.tsx';
import type { PriceDifference, PriceRefresh, UnreadPrice } from '#schema/stored-prices.ts';
import { closeAwsDialog } from './aws-dialogs.ts';
import { isWorking, useOperation, useRegion } from './aws-store.ts';
import { dismissOperation, stopOperation } from './operation.ts';
import { refreshPrices } from './stack-control.ts';
import { momentText } from './times.ts';

export function PricesDialog(): ReactNode {
  const region = useRegion();
  const operation = useOperation('prices');
  const [read, setRead] = useState<PriceRefresh>();
  const isReading = isWorking(operation);
  const failure = operation?.failure;
  const close = (): void => {
    if (isReading) void stopOperation('prices');
    else dismissOperation('prices');
    closeAwsDialog();
  };
  const begin = async (): Promise<void> => setRead(await refreshPrices(region));
  return (
    <Ask
      header={`Prices of ${region}`}
      size={read === undefined ? 'medium' : 'large'}
      onDismiss={close}
      actions={
        <>
          <Button onClick={close}>{isReading ? 'Stop' : 'Close'}</Button>
          {read === undefined && (
            <Button variant="primary" loading={isReading} onClick={() => void begin()}>
              Read the prices
            </Button>
          )}
        </>
      }
    >
      <SpaceBetween size="m">
        {read === undefined && (
          <span>
            Bills use the prices that Caudal ships, each with its date, until they are read anew. Reading asks the AWS
            Price List for each, and a week of Spot prices; it costs nothing and changes nothing in the account.
          </span>
        )}
        {isReading && (
          <ProgressBar
            value={Math.round(100 * (operation?.progress?.ratio ?? 0))}
            description={operation?.progress?.text ?? 'Asking AWS'}
          />
        )}
        {failure !== undefined && (
          <Alert type="error" header="The prices were not read">
            {failure.text}
          </Alert>
        )}
        {read !== undefined && <Refreshed read={read} />}
      </SpaceBetween>
    </Ask>
  );
}

function Refreshed({ read }: { readonly read: PriceRefresh }): ReactNode {
  const { differences, unread, spotFailure } = read;
  return (
    <SpaceBetween size="s">
      <Alert type="success">
        {countOf(read.read, 'prices')} of {read.region} read on {momentText(read.readAt)}
        {differenceWords(differences.length)}. Bills use them from now on: run again to see what that changes.
      </Alert>
      {spotFailure !== null && <Alert type="warning">Spot prices were not read: {spotFailure}</Alert>}
      {differences.length > 0 && <Differences differences={differences} />}
      {unread.length > 0 && <Unread unread={unread} />}
    </SpaceBetween>
  );
}

function differenceWords(count: number): string {
  if (count === 0) return '; none differs from the shipped ones';
  return count === 1 ? '; one differs from the shipped ones' : `; ${count} differ from the shipped ones`;
}

function Differences({ differences }: { readonly differences: readonly PriceDifference[] }): ReactNode {
  return (
    <Table
      variant="borderless"
      contentDensity="compact"
      wrapLines
      items={differences}
      ariaLabels={{ tableLabel: 'Prices that differ from the shipped ones' }}
      columnDefinitions={[
        { id: 'id', header: 'Price', isRowHeader: true, minWidth: 200, cell: ({ id }) => id },
        { id: 'from', header: 'From', cell: ({ tierFrom }) => (tierFrom === 0 ? '–' : countText(tierFrom)) },
        {
          id: 'shipped',
          header: 'Shipped, USD',
          minWidth: 150,
          cell: ({ shippedUsd, shippedDate }) => `${price(shippedUsd)}${shippedDate === '' ? '' : ` (${shippedDate})`}`,
        },
        { id: 'now', header: 'Now, USD', cell: ({ readUsd }) => <b>{price(readUsd)}</b> },
        { id: 'unit', header: 'For one', cell: ({ unit }) => unit },
      ]}
    />
  );
}

/** In all its digits: the smallest are 0.0000002. */
function price(usd: number | null): string {
  return usd === null ? '–' : usd.toFixed(12).replace(/\.?0+$/, '');
}

const REASONS: Readonly<Record<UnreadPrice['reason'], string>> = {
  unmapped: 'have no name in the Price List here',
  absent: 'are not in the Price List of this Region',
  ambiguous: 'have several products of different price',
};

function Unread({ unread }: { readonly unread: readonly UnreadPrice[] }): ReactNode {
  return (
    <ExpandableSection headerText={`Not read, so as shipped (${unread.length})`}>
      <ul className="aws-list">
        {(Object.keys(REASONS) as UnreadPrice['reason'][]).map((reason) => {
          const ids = unread.filter((one) => one.reason === reason).map(({ id }) => id);
          if (ids.length === 0) return null;
          return (
            <li key={reason}>
              {ids.length} {REASONS[reason]}: <span className="path-code">{ids.join(', ')}</span>
            </li>
          );
        })}
      </ul>
    </ExpandableSection>
  );
}

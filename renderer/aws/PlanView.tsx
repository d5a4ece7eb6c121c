/** What a deployment would do, cost and leave out, in the order in which it matters. */
import { Alert, ExpandableSection, SpaceBetween, StatusIndicator, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { countOf, countText, usdText } from '#drawing/quantities.ts';
import type { DeploymentPlan, PlannedChange, PlannedOmission, QuotaCheck } from '#schema/deployment-plan.ts';
import type { CostLine } from '#schema/result.ts';
import { PartLink } from './PartLink.tsx';
import { typeWords } from './type-words.ts';
import { accountWords } from './account-words.ts';
import { changeWords, fateWords, guardWords, planHeadline, quotaSource, sortedChanges } from './plan-words.ts';

interface PlanViewProps {
  readonly plan: DeploymentPlan;
  /** In a dialog tables are folded: what must be read stands above them. */
  readonly isFolded?: boolean;
}

export function PlanView({ plan, isFolded = false }: PlanViewProps): ReactNode {
  return (
    <SpaceBetween size="s">
      <LeftOut leftOut={plan.leftOut} />
      <Headline plan={plan} />
      <Losses changes={plan.changes} />
      <Exceeded quotas={plan.quotas} />
      {plan.kind !== 'none' && <p className="aws-words">{guardWords(plan.guard)}</p>}
      {plan.changes.length > 0 && (
        <ExpandableSection headerText={`Resources (${plan.changes.length})`} defaultExpanded={!isFolded}>
          <Changes plan={plan} />
        </ExpandableSection>
      )}
      {plan.quotas.length > 0 && (
        <ExpandableSection
          headerText={`Quotas the simulated peak comes close to (${plan.quotas.length})`}
          defaultExpanded={!isFolded}
        >
          <Quotas quotas={plan.quotas} />
        </ExpandableSection>
      )}
      <ExpandableSection headerText={`Cost: ${usdText(plan.cost.perMonth)} a month`} defaultExpanded={!isFolded}>
        <Cost plan={plan} />
      </ExpandableSection>
      <Manual plan={plan} isFolded={isFolded} />
    </SpaceBetween>
  );
}

/** What is not deployed stands before anything else. */
function LeftOut({ leftOut }: { readonly leftOut: readonly PlannedOmission[] }): ReactNode {
  const missing = leftOut.filter(({ isDriven, kind }) => !isDriven && kind === 'node');
  if (missing.length === 0) return null;
  return (
    <Alert
      type="warning"
      header={missing.length === 1 ? 'One part is left out' : `${missing.length} parts are left out`}
    >
      <ul className="aws-list">
        {missing.map(({ id, reason }) => (
          <li key={id}>
            <PartLink id={id} />: {reason}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function Headline({ plan }: { readonly plan: DeploymentPlan }): ReactNode {
  return (
    <div className="aws-headline">
      <dl className="aws-facts">
        <div>
          <dt>Stack</dt>
          <dd>{plan.stackName}</dd>
        </div>
        <div>
          <dt>Account</dt>
          <dd>{accountWords(plan.account)}</dd>
        </div>
        <div>
          <dt>Region</dt>
          <dd>{plan.region}</dd>
        </div>
        <div>
          <dt>A month of this load</dt>
          <dd>{usdText(plan.cost.perMonth)}</dd>
        </div>
        <div>
          <dt>An hour of test</dt>
          <dd>{usdText(plan.cost.testHour)}</dd>
        </div>
      </dl>
      {plan.endpoint !== null && (
        <StatusIndicator type="warning">Calls go to {plan.endpoint}, which is not AWS.</StatusIndicator>
      )}
      <p className="aws-words">
        <b>{planHeadline(plan)}</b>
        {plan.comparedBy === 'templates' &&
          plan.kind === 'update' &&
          ' AWS was not asked to compare, so a change may turn out to be a replacement.'}
      </p>
    </div>
  );
}

function Losses({ changes }: { readonly changes: readonly PlannedChange[] }): ReactNode {
  const losing = changes.filter(({ losesData }) => losesData);
  if (losing.length === 0) return null;
  return (
    <Alert
      type="error"
      header={`${losing.length} ${losing.length === 1 ? 'resource loses its data' : 'resources lose their data'}`}
    >
      <ul className="aws-list">
        {losing.map((change) => (
          <li key={change.id}>
            <PartLink id={change.owner} />: {typeWords(change.type)} {change.id} would be{' '}
            {change.kind === 'remove' ? 'removed' : 'replaced'}
            {change.properties.length > 0 && `, because of ${change.properties.join(', ')}`}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function Exceeded({ quotas }: { readonly quotas: readonly QuotaCheck[] }): ReactNode {
  const exceeded = quotas.filter(({ isExceeded }) => isExceeded);
  if (exceeded.length === 0) return null;
  return (
    <Alert type="warning" header="The simulated peak exceeds quotas of the account">
      <ul className="aws-list">
        {exceeded.map(({ id, node, name, unit, peak, quota }) => (
          <li key={`${id} ${node ?? ''}`}>
            {node !== null && (
              <>
                <PartLink id={node} />:{' '}
              </>
            )}
            {name}: peak {countOf(peak, unit)}, quota {countOf(quota, unit)}. Ask for more in Service Quotas, or lower
            the load.
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function Changes({ plan }: { readonly plan: DeploymentPlan }): ReactNode {
  return (
    <Table
      variant="borderless"
      contentDensity="compact"
      wrapLines
      items={sortedChanges(plan.changes)}
      trackBy="id"
      ariaLabels={{ tableLabel: 'Resources, what loses data first' }}
      columnDefinitions={[
        { id: 'kind', header: 'Change', minWidth: 150, cell: (change: PlannedChange) => <Change change={change} /> },
        { id: 'owner', header: 'Where', minWidth: 140, cell: ({ owner }: PlannedChange) => <PartLink id={owner} /> },
        { id: 'type', header: 'Type', minWidth: 170, cell: ({ type }: PlannedChange) => typeWords(type) },
        {
          id: 'id',
          header: 'Resource',
          isRowHeader: true,
          minWidth: 200,
          cell: ({ id }: PlannedChange) => <span className="path-code">{id}</span>,
        },
        {
          id: 'properties',
          header: 'Because of',
          minWidth: 140,
          cell: ({ properties }: PlannedChange) => properties.join(', ') || '–',
        },
        { id: 'fate', header: 'Data', minWidth: 150, cell: (change: PlannedChange) => fateWords(change) || '–' },
      ]}
    />
  );
}

function Change({ change }: { readonly change: PlannedChange }): ReactNode {
  const { kind, losesData } = change;
  const type = losesData ? 'error' : kind === 'add' ? 'success' : kind === 'change' ? 'info' : 'warning';
  return <StatusIndicator type={type}>{changeWords[kind]}</StatusIndicator>;
}

function Quotas({ quotas }: { readonly quotas: readonly QuotaCheck[] }): ReactNode {
  return (
    <Table
      variant="borderless"
      contentDensity="compact"
      wrapLines
      items={quotas}
      ariaLabels={{ tableLabel: 'Quotas beside the simulated peak' }}
      columnDefinitions={[
        {
          id: 'node',
          header: 'Where',
          minWidth: 120,
          cell: ({ node }: QuotaCheck) => (node === null ? 'account' : <PartLink id={node} />),
        },
        { id: 'name', header: 'Quota', isRowHeader: true, minWidth: 220, cell: ({ name }: QuotaCheck) => name },
        { id: 'peak', header: 'Simulated peak', cell: ({ peak, unit }: QuotaCheck) => countOf(peak, unit) },
        { id: 'quota', header: 'Quota is', cell: ({ quota, unit }: QuotaCheck) => countOf(quota, unit) },
        { id: 'from', header: 'As says', cell: ({ from }: QuotaCheck) => quotaSource[from] },
        { id: 'held', header: 'Held back', cell: ({ held }: QuotaCheck) => countText(held) },
        {
          id: 'isExceeded',
          header: 'Enough',
          cell: ({ isExceeded }: QuotaCheck) => (
            <StatusIndicator type={isExceeded ? 'error' : 'success'}>
              {isExceeded ? 'too small' : 'yes'}
            </StatusIndicator>
          ),
        },
      ]}
    />
  );
}

function Cost({ plan: { cost } }: { readonly plan: DeploymentPlan }): ReactNode {
  return (
    <>
      <p className="aws-words">
        {usdText(cost.perMonth)} for a month of 730 h of this load, {usdText(cost.testHour)} for an hour of it, without
        what is left out. List prices of {cost.pricesOf}, the oldest of {cost.oldestRateDate} ({cost.confidence}).
      </p>
      <Table
        variant="borderless"
        contentDensity="compact"
        items={cost.lines.toSorted((a, b) => b.usdPerMonth - a.usdPerMonth)}
        ariaLabels={{ tableLabel: 'Cost of a month, the dearest line first' }}
        empty="Nothing here is billed."
        columnDefinitions={[
          { id: 'node', header: 'Where', minWidth: 140, cell: ({ node }: CostLine) => <PartLink id={node} /> },
          { id: 'dimension', header: 'For', isRowHeader: true, minWidth: 180, cell: chargeWords },
          { id: 'month', header: 'A month', cell: ({ usdPerMonth }: CostLine) => usdText(usdPerMonth) },
          {
            id: 'rate',
            header: 'Price of',
            minWidth: 180,
            cell: ({ rateDate, confidence }: CostLine) => `${rateDate}, ${confidence}`,
          },
        ]}
      />
    </>
  );
}

/** `putRecords` as a person reads it: put records. */
function chargeWords({ dimension }: CostLine): string {
  return dimension.replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
}

/** What the stack does otherwise than the simulation, and what is still done by hand. */
function Manual({ plan, isFolded }: { readonly plan: DeploymentPlan; readonly isFolded: boolean }): ReactNode {
  const driven = plan.leftOut.filter(({ isDriven, kind }) => isDriven && kind === 'node');
  const count = plan.notes.length + driven.length;
  if (count === 0) return null;
  return (
    <ExpandableSection
      headerText={`What stays manual or differs from the simulation (${count})`}
      defaultExpanded={!isFolded}
    >
      <ul className="aws-list">
        {driven.map(({ id }) => (
          <li key={id}>
            <PartLink id={id} />: nothing in the stack sends this load; Drive sends it from this machine.
          </li>
        ))}
        {plan.notes.map(({ node, text }) => (
          <li key={`${node} ${text}`}>
            <PartLink id={node} />: {text}
          </li>
        ))}
      </ul>
    </ExpandableSection>
  );
}

/** The deployment of this design: what it is, what AWS is doing to it step by step, how that ended, and what was changed by hand. */
import { Alert, Button, SpaceBetween, StatusIndicator, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import type { DeploymentView, Drift, StackOutcome } from '#schema/deployment-state.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { isWorking, setStackName, useAws, useDeployment, useOperation, useRegion, useStackName } from './aws-store.ts';
import { showAwsDialog } from './aws-dialogs.ts';
import { OperationNote } from './OperationNote.tsx';
import { PartLink } from './PartLink.tsx';
import { typeWords } from './type-words.ts';
import { accountWords } from './account-words.ts';
import { splitGuards } from './stack-names.ts';
import { destroy, follow, look, makePlan, readStatus } from './stack-control.ts';
import { StepTable } from './StepTable.tsx';
import { expiryText, momentText, useNowMs } from './times.ts';
import { windowWords } from './window-words.ts';

export function DeploymentPage(): ReactNode {
  const steps = useAws((state) => state.steps);
  const outcome = useAws((state) => state.outcome);
  const words = useAws((state) => state.followWords);
  const drift = useAws(({ status }) => status?.drift ?? null);
  const isBusy = isWorking(useOperation('stack'));
  return (
    <div className="run-page aws-page">
      <OperationNote slot="account" kinds={['overview', 'status']} />
      <OperationNote slot="stack" kinds={['deploy', 'follow', 'destroy', 'drift']} />
      {words !== undefined && <Alert type="warning">{words}</Alert>}
      {outcome !== undefined && !isBusy && <Outcome outcome={outcome} />}
      <Offer />
      {drift !== null && !isBusy && <DriftView drift={drift} />}
      <div className={steps.length > 0 ? 'aws-columns' : ''}>
        <Facts />
        {steps.length > 0 && <StepTable steps={steps} />}
      </div>
      <Others />
    </div>
  );
}

/** AWS is at work, and nobody here watches. */
function Offer(): ReactNode {
  const deployment = useDeployment();
  const isBusy = isWorking(useOperation('stack'));
  if (deployment?.isChanging !== true || isBusy) return null;
  return (
    <Alert
      type="info"
      header={`${deployment.stackName} is ${deployment.text}`}
      action={<Button onClick={() => void follow()}>Follow</Button>}
    >
      AWS works on it by itself, whether this window is open or not. Follow it to see each step here and on the canvas.
    </Alert>
  );
}

/** How the newest operation ended. */
function Outcome({ outcome }: { readonly outcome: StackOutcome | null }): ReactNode {
  if (outcome === null) return <Alert type="success">Nothing was to be done: the stack is as the design says.</Alert>;
  const { kind, stackName, text, remedy, failures, replaced } = outcome;
  const type = kind === 'done' ? 'success' : kind === 'rolled-back' ? 'warning' : 'error';
  return (
    <Alert type={type} header={`${stackName}: ${text}`}>
      <SpaceBetween size="xs">
        {remedy !== undefined && <span>What to do: {windowWords(remedy)}</span>}
        {failures.length > 0 && (
          <ul className="aws-list">
            {failures.map((one) => (
              <li key={one.logicalId}>
                <PartLink id={one.owner ?? one.logicalId} />: {windowWords(one.text)} {windowWords(one.remedy)}
                <div className="aws-said">
                  {typeWords(one.type)} {one.logicalId}. AWS says: {one.reason}
                </div>
              </li>
            ))}
          </ul>
        )}
        {replaced.length > 0 && (
          <ul className="aws-list">
            {replaced.map(({ logicalId, owner, from, to }) => (
              <li key={logicalId}>
                <PartLink id={owner ?? logicalId} /> was made anew: {from} is gone, {to} stands in its place.
              </li>
            ))}
          </ul>
        )}
        {outcome.status === 'DELETE_FAILED' && <LeaveBehind outcome={outcome} />}
      </SpaceBetween>
    </Alert>
  );
}

function LeaveBehind({ outcome }: { readonly outcome: StackOutcome }): ReactNode {
  const failed = outcome.remaining.filter(({ why }) => why === 'failed');
  if (failed.length === 0) return null;
  return (
    <Button onClick={() => void destroy(failed.map(({ logicalId }) => logicalId))}>
      Destroy again and leave {failed.length === 1 ? 'it' : `these ${failed.length}`} behind
    </Button>
  );
}

function Facts(): ReactNode {
  const deployment = useDeployment();
  const overview = useAws((state) => state.overview);
  const isBusy = isWorking(useOperation('stack'));
  if (deployment !== undefined) return <Deployed deployment={deployment} />;
  if (isBusy) return null;
  return overview === undefined ? <NotAnswered /> : <NotDeployed />;
}

function NotAnswered(): ReactNode {
  const looking = useOperation('account');
  const isAsked = useAws(({ setting }) => setting !== undefined);
  const isConnected = useApp((state) => state.connection === 'open');
  if (isWorking(looking) || looking?.failure !== undefined) return null;
  if (!isAsked && isConnected) return <p className="aws-empty">Asking AWS what is there …</p>;
  return (
    <div className="aws-empty">
      <p>AWS has not said yet what is deployed.</p>
      <Button onClick={() => void look()}>Look again</Button>
    </div>
  );
}

function NotDeployed(): ReactNode {
  const stackName = useStackName();
  const account = useAws(({ overview }) => overview?.account);
  const region = useRegion();
  const outcome = useAws((state) => state.outcome);
  if (account === undefined || (outcome !== undefined && outcome !== null)) return null;
  return (
    <div className="aws-empty">
      <p>
        Nothing is deployed as <b>{stackName}</b> in {accountWords(account)}, {region}. A plan shows what a deployment
        would make and cost, and changes nothing.
      </p>
      <Button onClick={() => void makePlan()}>Make a plan</Button>
    </div>
  );
}

function Deployed({ deployment }: { readonly deployment: DeploymentView }): ReactNode {
  const nowMs = useNowMs();
  const { stackName, document, version, text, remedy, isChanging, expiresAt, createdAt, outputs } = deployment;
  const type = isChanging ? 'in-progress' : remedy === undefined ? 'success' : 'error';
  const resources = useAws(({ status }) => status?.resources.length);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      'State',
      <StatusIndicator key="state" type={type}>
        {text}
      </StatusIndicator>,
    ],
    ['Expiry', <Expiry key="expiry" expiresAt={expiresAt} nowMs={nowMs} />],
    ['Made', momentText(createdAt)],
    ['Design', `${document}, with Caudal ${version}`],
    ['Resources', resources === undefined ? '–' : String(resources)],
  ];
  return (
    <div className="aws-deployed">
      <dl className="aws-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {remedy !== undefined && <Remedy remedy={remedy} />}
      <Outputs stackName={stackName} outputs={outputs} />
    </div>
  );
}

/** What to do about a stack that is stuck, and what brought it there where that is not on screen. */
function Remedy({ remedy }: { readonly remedy: string }): ReactNode {
  const isTold = useAws(({ outcome }) => outcome !== undefined && outcome !== null);
  const isBusy = isWorking(useOperation('stack'));
  if (isTold || isBusy) return null;
  return (
    <p className="aws-words">
      What to do: {windowWords(remedy)}{' '}
      <Button variant="inline-link" onClick={() => void follow()}>
        Show what happened
      </Button>
    </p>
  );
}

function Expiry({ expiresAt, nowMs }: { readonly expiresAt: string | undefined; readonly nowMs: number }): ReactNode {
  return (
    <span title={expiresAt === undefined ? 'It goes on costing until it is destroyed' : momentText(expiresAt)}>
      {expiryText(expiresAt, nowMs)}{' '}
      <Button variant="inline-link" onClick={() => showAwsDialog({ kind: 'deploy' })}>
        change
      </Button>
    </span>
  );
}

function Outputs({
  stackName,
  outputs,
}: {
  readonly stackName: string;
  readonly outputs: Readonly<Record<string, string>>;
}): ReactNode {
  const items = Object.entries(outputs).map(([key, value]) => ({ key, value }));
  if (items.length === 0) return null;
  return (
    <Table
      variant="borderless"
      contentDensity="compact"
      items={items}
      trackBy="key"
      wrapLines
      ariaLabels={{ tableLabel: `Outputs of ${stackName}` }}
      columnDefinitions={[
        { id: 'key', header: 'Output', isRowHeader: true, minWidth: 140, cell: ({ key }) => key },
        {
          id: 'value',
          header: 'Value',
          minWidth: 220,
          cell: ({ value }) => <span className="path-code">{value}</span>,
        },
      ]}
    />
  );
}

/** What somebody changed outside Caudal. */
function DriftView({ drift }: { readonly drift: Drift }): ReactNode {
  const type = drift.kind === 'in-sync' ? 'success' : 'warning';
  return (
    <Alert
      type={type}
      header={`Compared with the template: ${drift.text}`}
      action={<Button onClick={() => void readStatus(true)}>Compare again</Button>}
    >
      {drift.resources.length === 0 ? (
        `Looked at on ${momentText(drift.checkedAt)}.`
      ) : (
        <ul className="aws-list">
          {drift.resources.map(({ logicalId, owner, type: resourceType, status, differences }) => (
            <li key={logicalId}>
              <PartLink id={owner ?? logicalId} />: {typeWords(resourceType)} {logicalId} was{' '}
              {status === 'DELETED' ? 'deleted' : 'changed'}
              {differences.map(({ path, expected, actual }) => (
                <div key={path} className="aws-said">
                  {path.replace(/^\//, '')}: {actual} instead of {expected}
                </div>
              ))}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

/** Other deployments of the account in this Region. */
function Others(): ReactNode {
  const all = useAws(({ overview }) => overview?.deployments);
  const stackName = useStackName();
  const nowMs = useNowMs();
  const region = useRegion();
  const others = splitGuards(all ?? []).deployments.filter((one) => one.stackName !== stackName);
  if (others.length === 0) return null;
  return (
    <div className="aws-others">
      <h3>Other deployments in {region}</h3>
      <Table
        variant="borderless"
        contentDensity="compact"
        items={others}
        trackBy="stackName"
        ariaLabels={{ tableLabel: `Other deployments in ${region}` }}
        columnDefinitions={[
          { id: 'stack', header: 'Stack', isRowHeader: true, minWidth: 160, cell: (one) => one.stackName },
          { id: 'document', header: 'Design', minWidth: 160, cell: (one) => one.document },
          { id: 'state', header: 'State', minWidth: 200, cell: ({ text }) => text },
          { id: 'expiry', header: 'Expiry', minWidth: 160, cell: ({ expiresAt }) => expiryText(expiresAt, nowMs) },
          {
            id: 'use',
            header: 'Show',
            cell: (one) => (
              <Button
                variant="inline-link"
                ariaLabel={`Show ${one.stackName} here`}
                onClick={() => {
                  setStackName(one.stackName);
                  void readStatus();
                }}
              >
                Show it here
              </Button>
            ),
          },
        ]}
      />
    </div>
  );
}

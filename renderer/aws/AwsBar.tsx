/** AWS in the middle of the top bar: whose account, which stack, and what can be done with it. */
import { Button, ButtonDropdown, type ButtonDropdownProps } from '@cloudscape-design/components';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { useApp } from '#renderer/state/app-store.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import type { DeploymentView } from '#schema/deployment-state.ts';
import { isWorking, useAws, useDeployment, useIsReadOnlyPlace, useOperation } from './aws-store.ts';
import { showAwsDialog } from './aws-dialogs.ts';
import { stopOperation } from './operation.ts';
import { PlaceButton } from './PlaceButton.tsx';
import { destroy, follow, isFollowed, look, makePlan, readStatus, showAwsTab } from './stack-control.ts';
import { StackButton } from './StackButton.tsx';
import { windowWords } from './window-words.ts';

const READ_ONLY = 'Read only: switch it off at the account to change anything.';
/** Five buttons stand in the bar. */
const CLOSE = { root: { paddingInline: '11px' } } as const;
/** Narrower windows have what is done rarely in a menu. */
const WIDE = '(min-width: 1280px)';

export function AwsBar(): ReactNode {
  const isConnected = useApp((state) => state.connection === 'open');
  const path = useDocumentState((state) => state.path);
  useEffect(() => {
    if (isConnected) void look();
  }, [isConnected, path]);
  return (
    <div className="top-bar-middle aws-bar" role="group" aria-label="AWS">
      <div className="aws-where">
        <PlaceButton />
        <StackButton />
      </div>
      <Actions />
    </div>
  );
}

interface Action {
  readonly id: string;
  readonly text: string;
  readonly disabledReason?: string | undefined;
  readonly run: () => void;
}

function Actions(): ReactNode {
  const isWide = useIsWide();
  const operation = useOperation('stack');
  const isChanging = useDeployment()?.isChanging === true;
  const [main, ...others] = useActions();
  if (isWorking(operation)) {
    return (
      <Button disabled={operation?.phase === 'stopping'} onClick={() => void stopOperation('stack')}>
        {isFollowed(operation) && operation?.kind !== 'emptyBucket' ? 'Stop following' : 'Stop'}
      </Button>
    );
  }
  if (isChanging) {
    return (
      <Button variant="primary" onClick={() => void follow()}>
        Follow
      </Button>
    );
  }
  return (
    <>
      {main !== undefined && <ActionButton action={main} isMain />}
      {isWide && others.slice(0, 4).map((action) => <ActionButton key={action.id} action={action} />)}
      <Menu actions={isWide ? others.slice(4) : others} />
    </>
  );
}

function ActionButton({ action, isMain = false }: { readonly action: Action; readonly isMain?: boolean }): ReactNode {
  const { text, disabledReason, run } = action;
  return (
    <Button
      {...(isMain ? { variant: 'primary' as const } : {})}
      style={CLOSE}
      disabled={disabledReason !== undefined}
      {...(disabledReason === undefined || disabledReason === '' ? {} : { disabledReason })}
      onClick={run}
    >
      {text}
    </Button>
  );
}

function Menu({ actions }: { readonly actions: readonly Action[] }): ReactNode {
  const items: ButtonDropdownProps.Item[] = actions.map(({ id, text, disabledReason }) => ({
    id,
    text,
    disabled: disabledReason !== undefined,
    ...(disabledReason === undefined || disabledReason === '' ? {} : { disabledReason }),
  }));
  return (
    <ButtonDropdown
      variant="icon"
      items={items}
      ariaLabel="More about this deployment"
      onItemClick={({ detail }) => actions.find(({ id }) => id === detail.id)?.run()}
    />
  );
}

/** The first is the main one; of the others the first four have buttons of their own where there is room. */
function useActions(): readonly Action[] {
  const isConnected = useApp((state) => state.connection === 'open');
  const isReadOnly = useIsReadOnlyPlace();
  const faults = useDocumentState((state) => state.faults.length);
  const hasAccount = useAws(({ overview }) => overview !== undefined);
  const deployment = useDeployment();
  const offline = isConnected ? undefined : '';
  const noAccount = offline ?? (hasAccount ? undefined : 'AWS has not said yet whose account this is.');
  const faulty = faults > 0 ? 'The design has faults: mend what the canvas lists first.' : undefined;
  const changing = noAccount ?? (isReadOnly ? READ_ONLY : undefined);
  const missing = deployment === undefined ? 'Nothing is deployed under this name.' : undefined;
  return [
    {
      id: 'deploy',
      text: deployment === undefined ? 'Deploy' : 'Update',
      disabledReason: changing ?? faulty ?? stuckWords(deployment),
      run: () => showAwsDialog({ kind: 'deploy' }),
    },
    { id: 'plan', text: 'Plan', disabledReason: offline ?? faulty, run: () => void makePlan() },
    { id: 'drive', text: 'Drive', disabledReason: noAccount, run: () => showAwsTab('drive') },
    { id: 'observe', text: 'Observe', disabledReason: noAccount, run: () => showAwsTab('compare') },
    { id: 'destroy', text: 'Destroy', disabledReason: changing ?? missing, run: () => void destroy() },
    { id: 'look', text: 'Look again', disabledReason: offline, run: () => void look() },
    {
      id: 'drift',
      text: 'Look for changes by hand',
      disabledReason: noAccount ?? missing,
      run: () => void readStatus(true),
    },
    {
      id: 'export',
      text: 'Export the template',
      disabledReason: offline ?? faulty,
      run: () => showAwsDialog({ kind: 'export' }),
    },
    { id: 'prices', text: 'Refresh prices', disabledReason: offline, run: () => showAwsDialog({ kind: 'prices' }) },
  ];
}

/** AWS lets such a stack only be deleted. */
function stuckWords(deployment: DeploymentView | undefined): string | undefined {
  if (deployment === undefined || !STUCK.test(deployment.status)) return undefined;
  return windowWords(deployment.remedy ?? deployment.text);
}

const STUCK = /^(ROLLBACK_(COMPLETE|FAILED)|CREATE_FAILED|DELETE_FAILED|UPDATE_ROLLBACK_FAILED)$/;

function useIsWide(): boolean {
  return useSyncExternalStore(onChange, () => matchMedia(WIDE).matches);
}

function onChange(listener: () => void): () => void {
  const query = matchMedia(WIDE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

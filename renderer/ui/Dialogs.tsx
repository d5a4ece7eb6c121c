import { Box, Button, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { saveRun } from '#renderer/runs/saved-runs.ts';
import { setRefused, useApp } from '#renderer/state/app-store.ts';
import { closeDialog, type Dialog, showDialog, useDialog } from '#renderer/state/dialogs.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import { askSaveAs, discard, openFile, recover, save } from '#renderer/state/files.ts';
import { AddAtDialog } from './AddAtDialog.tsx';
import { AddLinkedDialog } from './AddLinkedDialog.tsx';
import { Ask } from './Ask.tsx';
import { BreakDialog } from './BreakDialog.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { ConnectDialog } from './ConnectDialog.tsx';
import { FaultTable } from './FaultList.tsx';
import { KeyList } from './KeyList.tsx';
import { OpenDialog } from './OpenDialog.tsx';
import { SaveDialog } from './SaveDialog.tsx';
import { ScenarioDialog } from './ScenarioDialog.tsx';

/** The dialog that is open, if any; what the host asks goes first. */
export function Dialogs(): ReactNode {
  const dialog = useDialog((state) => state.dialog);
  const refused = useApp((state) => state.refused);
  const recovery = useApp(({ opened }) =>
    opened?.kind === 'valid' || opened?.kind === 'draft' ? opened.recovery : undefined,
  );
  if (refused !== undefined) return <RefusedDialog />;
  if (dialog !== undefined) return <Chosen dialog={dialog} />;
  return recovery === undefined ? null : <RecoveryDialog />;
}

function Chosen({ dialog }: { readonly dialog: Dialog }): ReactNode {
  switch (dialog.kind) {
    case 'open':
      return <OpenDialog kind="document" />;
    case 'scenarios':
      return <ScenarioDialog />;
    case 'saveAs':
      return <SaveDialog kind="document" />;
    case 'openRun':
      return <OpenDialog kind="run" />;
    case 'saveRun':
      return <SaveDialog kind="run" isMeasured={dialog.isMeasured === true} />;
    case 'overwrite':
      return <OverwriteDialog dialog={dialog} />;
    case 'unsaved':
      return <UnsavedDialog goOn={dialog.goOn} />;
    case 'commands':
      return <CommandPalette />;
    case 'connect':
      return <ConnectDialog node={dialog.node} />;
    case 'addLinked':
      return <AddLinkedDialog start={dialog.start} at={dialog.at} />;
    case 'addAt':
      return <AddAtDialog at={dialog.at} />;
    case 'break':
      return <BreakDialog node={dialog.node} />;
    case 'keys':
      return <KeyList />;
  }
}

function UnsavedDialog({ goOn }: { readonly goOn: () => Promise<void> }): ReactNode {
  const name = useDocumentState(({ document }) => document?.name ?? '');
  const hasFile = useDocumentState(({ path }) => path !== '');
  const leave = (): void => {
    closeDialog();
    void goOn();
  };
  const saveFirst = async (): Promise<void> => {
    if (!hasFile) await askSaveAs();
    else if (await save()) leave();
  };
  return (
    <Ask
      header={`Save ${name} first?`}
      onDismiss={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button onClick={leave}>Do not save</Button>
          <Button variant="primary" onClick={() => void saveFirst()}>
            Save
          </Button>
        </>
      }
    >
      It has changes that are not in its file. Without saving they are gone from this window.
    </Ask>
  );
}

function OverwriteDialog({ dialog }: { readonly dialog: Extract<Dialog, { kind: 'overwrite' }> }): ReactNode {
  const { what, isMeasured = false, path, reason, text } = dialog;
  const isRun = what === 'run';
  const again: Dialog = isRun ? { kind: 'saveRun', isMeasured } : { kind: 'saveAs' };
  const replace = (): Promise<unknown> => (isRun ? saveRun(path, { overwrite: true, isMeasured }) : save(path, true));
  return (
    <Ask
      header={reason === 'changed' ? `${path} was changed by another program` : `Replace ${path}?`}
      onDismiss={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button onClick={() => showDialog(again)}>Save under another name</Button>
          <Button variant="primary" onClick={() => void replace()}>
            Replace the file
          </Button>
        </>
      }
    >
      {text}
    </Ask>
  );
}

function RecoveryDialog(): ReactNode {
  const recovery = useApp(({ opened }) =>
    opened?.kind === 'valid' || opened?.kind === 'draft' ? opened.recovery : undefined,
  );
  if (recovery === undefined) return null;
  const { key, name, keptAt, hasFileChanged } = recovery;
  return (
    <Ask
      header="There is unsaved work from before"
      onDismiss={() => void discard(key)}
      actions={
        <>
          <Button onClick={() => void discard(key)}>Throw it away</Button>
          <Button variant="primary" onClick={() => void recover(key)}>
            Recover it
          </Button>
        </>
      }
    >
      <SpaceBetween size="xs">
        <span>
          Caudal ended before {name} was saved. What you had done until {new Date(keptAt).toLocaleString()} was kept.
        </span>
        {hasFileChanged && (
          <Box color="text-status-warning">
            The file has changed since. Recovering shows the older work; the file stays as it is until you save.
          </Box>
        )}
      </SpaceBetween>
    </Ask>
  );
}

/** A file that cannot be opened: all its faults, and what was open stays. */
function RefusedDialog(): ReactNode {
  const refused = useApp((state) => state.refused);
  if (refused === undefined) return null;
  const { path, faults, canMend } = refused;
  const close = (): void => setRefused(undefined);
  const mend = async (): Promise<void> => {
    close();
    await openFile(path, { mend: true });
  };
  return (
    <Ask
      header={`${path} cannot be opened`}
      size="large"
      onDismiss={close}
      actions={
        <>
          {canMend && <Button onClick={() => void mend()}>Open it to mend it here</Button>}
          <Button variant="primary" onClick={close}>
            Close
          </Button>
        </>
      }
    >
      <SpaceBetween size="s">
        <span>What was open stays open. Correct the file, then open it again.</span>
        <FaultTable faults={faults} />
      </SpaceBetween>
    </Ask>
  );
}

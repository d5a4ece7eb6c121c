import { Alert, Button, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { setFailure, setNotice, setRun, useApp } from '#renderer/state/app-store.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import { leaveDocument, openFile, takeOver } from '#renderer/state/files.ts';

/** What the user must know that is about no single field. */
export function Notices(): ReactNode {
  const notice = useApp((state) => state.notice);
  const failure = useApp((state) => state.failure);
  return (
    <div className="frame-notices" aria-live="polite">
      <ConnectionNotice />
      <RunFailure />
      {failure !== undefined && (
        <Alert type="error" dismissible onDismiss={() => setFailure(undefined)}>
          {failure}
        </Alert>
      )}
      <ReadOnlyNotice />
      <FileNotice />
      {notice !== undefined && (
        <Alert type="info" dismissible onDismiss={() => setNotice(undefined)}>
          {notice}
        </Alert>
      )}
    </div>
  );
}

function ConnectionNotice(): ReactNode {
  const connection = useApp((state) => state.connection);
  if (connection === 'lost') {
    return (
      <Alert type="warning" header="Caudal does not answer">
        The program behind this window has stopped, or is busy. The window goes on by itself when it is back; start it
        again in its terminal if it has ended.
      </Alert>
    );
  }
  if (connection !== 'refused') return null;
  return (
    <Alert type="warning" header="Caudal was started anew">
      This window belongs to an earlier start. Open the address that is printed in the terminal, and close this one.
    </Alert>
  );
}

function RunFailure(): ReactNode {
  const connection = useApp((state) => state.connection);
  const failure = useApp((state) => state.run.failure);
  if (failure === undefined || connection !== 'open') return null;
  return (
    <Alert type="error" header="The run failed" dismissible onDismiss={() => setRun({ failure: undefined })}>
      {failure}
    </Alert>
  );
}

/** Another window, or another Caudal, writes this document. */
function ReadOnlyNotice(): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const isConnected = useApp((state) => state.connection === 'open');
  const heldBy = useApp((state) => state.access.heldBy);
  if (!isReadOnly) return null;
  const who = heldBy === 'program' ? 'another Caudal' : 'another window';
  return (
    <Alert
      type="info"
      header="Read only"
      action={
        <Button disabled={!isConnected} onClick={() => void takeOver()}>
          Take over
        </Button>
      }
    >
      This document is being edited in {who}. What changes there is shown here.
    </Alert>
  );
}

/** Another program has changed or removed the file. */
function FileNotice(): ReactNode {
  const changed = useApp((state) => state.changedOnDisk);
  const path = useDocumentState((state) => state.path);
  const keep = (): void => useApp.setState({ changedOnDisk: undefined });
  if (changed === undefined) return null;
  if (changed === 'removed') {
    return (
      <Alert type="warning" dismissible onDismiss={keep}>
        {path} is gone from the disk. What is on screen is kept; save it to have a file again.
      </Alert>
    );
  }
  return (
    <Alert
      type="warning"
      dismissible
      onDismiss={keep}
      action={
        <SpaceBetween size="xs" direction="horizontal">
          <Button onClick={() => void leaveDocument(() => openFile(path, { reread: true }))}>Read the file</Button>
        </SpaceBetween>
      }
    >
      {path} was changed by another program. What is on screen is the older state.
    </Alert>
  );
}

import { Alert } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { setNotice, setRun, useApp } from '#renderer/state/app-store.ts';

/** What the user must know that is about no single field. */
export function Notices(): ReactNode {
  const connection = useApp((state) => state.connection);
  const notice = useApp((state) => state.notice);
  const failure = useApp((state) => state.run.failure);
  return (
    <div className="frame-notices" aria-live="polite">
      {connection === 'lost' && (
        <Alert type="warning" header="Caudal does not answer">
          The program behind this window has stopped, or is busy. The window goes on by itself when it is back; start it
          again in its terminal if it has ended.
        </Alert>
      )}
      {connection === 'refused' && (
        <Alert type="warning" header="Caudal was started anew">
          This window belongs to an earlier start. Open the address that is printed in the terminal, and close this one.
        </Alert>
      )}
      {failure !== undefined && connection === 'open' && (
        <Alert type="error" header="The run failed" dismissible onDismiss={() => setRun({ failure: undefined })}>
          {failure}
        </Alert>
      )}
      {notice !== undefined && (
        <Alert type="info" dismissible onDismiss={() => setNotice(undefined)}>
          {notice}
        </Alert>
      )}
    </div>
  );
}

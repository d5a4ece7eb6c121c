import { Modal } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { openRun } from '#renderer/runs/saved-runs.ts';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { leaveDocument, openFile } from '#renderer/state/files.ts';
import type { FileKind } from '#schema/rpc.ts';
import { Folder } from './Folder.tsx';

/** Documents, or saved runs, of the folder Caudal was started in. */
export function OpenDialog({ kind }: { readonly kind: FileKind }): ReactNode {
  const [path, setPath] = useState('');
  return (
    <Modal
      visible
      header={kind === 'run' ? 'Open a saved run' : 'Open a document'}
      size="medium"
      onDismiss={closeDialog}
      closeAriaLabel="Close"
    >
      <Folder
        path={path}
        kind={kind}
        onPath={setPath}
        onChoose={(file) => {
          closeDialog();
          void (kind === 'run' ? openRun({ path: file.path }) : leaveDocument(() => openFile(file.path)));
        }}
      />
    </Modal>
  );
}

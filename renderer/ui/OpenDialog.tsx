import { Modal } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { leaveDocument, openFile } from '#renderer/state/files.ts';
import { Folder } from './Folder.tsx';

/** Documents of the folder Caudal was started in. */
export function OpenDialog(): ReactNode {
  const [path, setPath] = useState('');
  return (
    <Modal visible header="Open a document" size="medium" onDismiss={closeDialog} closeAriaLabel="Close">
      <Folder
        path={path}
        onPath={setPath}
        onChoose={(document) => {
          closeDialog();
          void leaveDocument(() => openFile(document.path));
        }}
      />
    </Modal>
  );
}

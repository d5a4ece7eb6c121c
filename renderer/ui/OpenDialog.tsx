import { Box, Button, Link, Modal, SpaceBetween, Spinner, Table } from '@cloudscape-design/components';
import { type ReactNode, useEffect, useState } from 'react';
import { bytesText } from '#drawing/quantities.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { host } from '#renderer/state/connection.ts';
import { hostError } from '#renderer/state/host-client.ts';
import { openDocument } from '#renderer/state/open-document.ts';
import type { FileEntry, FolderListing } from '#schema/rpc.ts';

/** Documents of the folder Caudal was started in. */
export function OpenDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const start = useApp((state) => state.info?.folder ?? '');
  const [path, setPath] = useState('');
  const choose = async (entry: FileEntry): Promise<void> => {
    if (entry.kind === 'folder') setPath(entry.path);
    else if (await openDocument(entry.path)) onClose();
  };
  return (
    <Modal visible header="Open a document" size="medium" onDismiss={onClose} closeAriaLabel="Close">
      <SpaceBetween size="xs">
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <Button
            iconName="arrow-left"
            variant="icon"
            ariaLabel="Up one folder"
            disabled={path === ''}
            onClick={() => setPath(path.split('/').slice(0, -1).join('/'))}
          />
          <Box variant="code">{[start, path].filter(Boolean).join('/')}</Box>
        </SpaceBetween>
        <Folder key={path} path={path} onChoose={choose} />
      </SpaceBetween>
    </Modal>
  );
}

interface FolderProps {
  readonly path: string;
  readonly onChoose: (entry: FileEntry) => Promise<void>;
}

function Folder({ path, onChoose }: FolderProps): ReactNode {
  const [listing, setListing] = useState<FolderListing>();
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    host()
      .files.list({ path })
      .then(
        (found) => isCurrent && setListing(found),
        (error: unknown) => isCurrent && setFailure(hostError(error).message),
      );
    return () => {
      isCurrent = false;
    };
  }, [path]);
  if (failure !== undefined) return <Box color="text-status-error">{failure}</Box>;
  return listing === undefined ? <Spinner /> : <Entries entries={listing.entries} onChoose={onChoose} />;
}

interface EntriesProps {
  readonly entries: readonly FileEntry[];
  readonly onChoose: (entry: FileEntry) => Promise<void>;
}

function Entries({ entries, onChoose }: EntriesProps): ReactNode {
  return (
    <Table
      variant="borderless"
      items={entries}
      trackBy="path"
      ariaLabels={{ tableLabel: 'Files and folders' }}
      empty="No document (*.caudal.json) and no folder here."
      columnDefinitions={[
        {
          id: 'name',
          header: 'Name',
          isRowHeader: true,
          cell: (entry) => (
            <Link onFollow={() => void onChoose(entry)}>{entry.kind === 'folder' ? `${entry.name}/` : entry.name}</Link>
          ),
        },
        {
          id: 'bytes',
          header: 'Size',
          width: 110,
          cell: ({ kind, bytes }) => (kind === 'folder' ? '' : bytesText(bytes)),
        },
        {
          id: 'modified',
          header: 'Changed',
          width: 180,
          cell: ({ modifiedAt }) => new Date(modifiedAt).toLocaleString(),
        },
      ]}
    />
  );
}

import { Box, Button, Link, SpaceBetween, Spinner, Table } from '@cloudscape-design/components';
import { type ReactNode, useEffect, useState } from 'react';
import { bytesText } from '#drawing/quantities.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { host } from '#renderer/state/connection.ts';
import { hostError } from '#renderer/state/host-client.ts';
import type { FileEntry, FileKind, FolderListing } from '#schema/rpc.ts';

interface FolderProps {
  /** Relative to the start folder. */
  readonly path: string;
  /** What is listed beside folders. */
  readonly kind: FileKind;
  readonly onPath: (path: string) => void;
  readonly onChoose: (file: FileEntry) => void;
}

/** Folders, and documents or saved runs, of the folder Caudal was started in, and of those inside it. */
export function Folder({ path, kind, onPath, onChoose }: FolderProps): ReactNode {
  const start = useApp((state) => state.info?.folder ?? '');
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Button
          iconName="arrow-left"
          variant="icon"
          ariaLabel="Up one folder"
          disabled={path === ''}
          onClick={() => onPath(path.split('/').slice(0, -1).join('/'))}
        />
        <Box variant="code">{[start, path].filter(Boolean).join('/')}</Box>
      </SpaceBetween>
      <Listing
        key={path}
        path={path}
        kind={kind}
        onChoose={(entry) => (entry.kind === 'folder' ? onPath(entry.path) : onChoose(entry))}
      />
    </SpaceBetween>
  );
}

interface ListingProps {
  readonly path: string;
  readonly kind: FileKind;
  readonly onChoose: (entry: FileEntry) => void;
}

function Listing({ path, kind, onChoose }: ListingProps): ReactNode {
  const [listing, setListing] = useState<FolderListing>();
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    host()
      .files.list({ path, kind })
      .then(
        (found) => isCurrent && setListing(found),
        (error: unknown) => isCurrent && setFailure(hostError(error).message),
      );
    return () => {
      isCurrent = false;
    };
  }, [path, kind]);
  if (failure !== undefined) return <Box color="text-status-error">{failure}</Box>;
  return listing === undefined ? <Spinner /> : <Entries entries={listing.entries} kind={kind} onChoose={onChoose} />;
}

interface EntriesProps {
  readonly entries: readonly FileEntry[];
  readonly kind: FileKind;
  readonly onChoose: (entry: FileEntry) => void;
}

function Entries({ entries, kind, onChoose }: EntriesProps): ReactNode {
  return (
    <Table
      variant="borderless"
      items={entries}
      trackBy="path"
      ariaLabels={{ tableLabel: 'Files and folders' }}
      empty={`No ${kind === 'run' ? 'saved run (*.caudal-run)' : 'document (*.caudal.json)'} and no folder here.`}
      columnDefinitions={[
        {
          id: 'name',
          header: 'Name',
          isRowHeader: true,
          cell: (entry) => (
            <Link onFollow={() => onChoose(entry)}>{entry.kind === 'folder' ? `${entry.name}/` : entry.name}</Link>
          ),
        },
        {
          id: 'bytes',
          header: 'Size',
          width: 110,
          cell: (entry) => (entry.kind === 'folder' ? '' : bytesText(entry.bytes)),
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

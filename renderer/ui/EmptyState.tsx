import { Box, Button, Link, SpaceBetween } from '@cloudscape-design/components';
import { type ReactNode, useEffect, useState } from 'react';
import { useApp } from '#renderer/state/app-store.ts';
import { host } from '#renderer/state/connection.ts';
import { askOpen, discard, newFile, openFile, recover } from '#renderer/state/files.ts';
import type { Recents } from '#schema/rpc.ts';
import { useKeys } from './use-keys.ts';

const MOST_RECENT = 6;

/** Nothing is open: what could be. */
export function EmptyState(): ReactNode {
  const recents = useRecents();
  useKeys();
  return (
    <main className="frame-content frame-centred">
      <SpaceBetween size="l" alignItems="center">
        <SpaceBetween size="s" alignItems="center">
          <Box variant="h2">Nothing is open yet</Box>
          <Box color="text-body-secondary">Draw a pipeline of your own, or open a reference architecture.</Box>
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="primary" onClick={() => void newFile()}>
              New document
            </Button>
            <Button onClick={() => void askOpen()}>Open a document</Button>
          </SpaceBetween>
        </SpaceBetween>
        {recents !== undefined && <Known recents={recents} />}
      </SpaceBetween>
    </main>
  );
}

function Known({ recents }: { readonly recents: Recents }): ReactNode {
  const [gone, setGone] = useState<readonly string[]>([]);
  const unsaved = recents.unsaved.filter(({ key }) => !gone.includes(key));
  return (
    <SpaceBetween size="m" alignItems="center">
      {unsaved.length > 0 && (
        <SpaceBetween size="xxs" alignItems="center">
          <Box variant="h3">Unsaved work</Box>
          {unsaved.map(({ key, name, keptAt }) => (
            <SpaceBetween key={key} size="xs" direction="horizontal">
              <Link onFollow={() => void recover(key)}>{name}</Link>
              <Box color="text-body-secondary">kept {new Date(keptAt).toLocaleString()}</Box>
              <Button
                variant="inline-link"
                ariaLabel={`Throw away ${name}`}
                onClick={() => {
                  setGone([...gone, key]);
                  void discard(key);
                }}
              >
                Throw away
              </Button>
            </SpaceBetween>
          ))}
        </SpaceBetween>
      )}
      {recents.documents.length > 0 && (
        <SpaceBetween size="xxs" alignItems="center">
          <Box variant="h3">Recent</Box>
          {recents.documents.slice(0, MOST_RECENT).map(({ path, name }) => (
            <SpaceBetween key={path} size="xs" direction="horizontal">
              <Link onFollow={() => void openFile(path)}>{name}</Link>
              <Box color="text-body-secondary">{path}</Box>
            </SpaceBetween>
          ))}
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

function useRecents(): Recents | undefined {
  const isConnected = useApp((state) => state.connection === 'open');
  const [recents, setRecents] = useState<Recents>();
  useEffect(() => {
    if (!isConnected) return;
    let isCurrent = true;
    host()
      .document.recents({})
      .then(
        (found) => isCurrent && setRecents(found),
        () => undefined,
      );
    return () => {
      isCurrent = false;
    };
  }, [isConnected]);
  return recents;
}

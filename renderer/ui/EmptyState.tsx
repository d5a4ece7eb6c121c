import { Box, Button, Link, SpaceBetween } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { host } from '#renderer/state/connection.ts';
import { askOpen, discard, newFile, openFile, recover } from '#renderer/state/files.ts';
import type { Recents } from '#schema/rpc.ts';
import { Scenarios } from './Scenarios.tsx';
import { useAnswer } from './use-answer.ts';
import { useKeys } from './use-keys.ts';

const MOST_RECENT = 6;

const askRecents = (): Promise<Recents> => host().document.recents({});

/** Nothing is open: what could be. */
export function EmptyState(): ReactNode {
  const recents = useAnswer(askRecents);
  useKeys();
  return (
    <main className="frame-content start-page">
      <div className="start-page-body">
        <SpaceBetween size="s">
          <Box variant="h1">Draw a data pipeline, give it a load, and see where it breaks</Box>
          <Box color="text-body-secondary">
            Caudal simulates the design, says what limits it and what it costs, and can deploy it to AWS.
          </Box>
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="primary" iconName="add-plus" onClick={() => void newFile()}>
              New document
            </Button>
            <Button iconName="folder-open" onClick={() => void askOpen()}>
              Open a document
            </Button>
          </SpaceBetween>
        </SpaceBetween>
        {recents !== undefined && <Known recents={recents} />}
        <Scenarios />
      </div>
    </main>
  );
}

function Known({ recents }: { readonly recents: Recents }): ReactNode {
  const [gone, setGone] = useState<readonly string[]>([]);
  const unsaved = recents.unsaved.filter(({ key }) => !gone.includes(key));
  if (unsaved.length + recents.documents.length === 0) return null;
  return (
    <div className="start-page-known">
      {unsaved.length > 0 && (
        <section aria-label="Unsaved work">
          <h3 className="scenarios-title">Unsaved work</h3>
          {unsaved.map(({ key, name, keptAt }) => (
            <div className="start-page-line" key={key}>
              <Link onFollow={() => void recover(key)}>{name}</Link>
              <span>kept {new Date(keptAt).toLocaleString()}</span>
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
            </div>
          ))}
        </section>
      )}
      {recents.documents.length > 0 && (
        <section aria-label="Recent documents">
          <h3 className="scenarios-title">Recent</h3>
          {recents.documents.slice(0, MOST_RECENT).map(({ path, name }) => (
            <div className="start-page-line" key={path}>
              <Link onFollow={() => void openFile(path)}>{name}</Link>
              <span title={path}>{path}</span>
            </div>
          ))}
        </section>
      )}
    </div>
  );
}

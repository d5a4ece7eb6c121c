import { ButtonDropdown, type ButtonDropdownProps } from '@cloudscape-design/components';
import { type ReactNode, useEffect, useState } from 'react';
import { canSaveRun } from '#renderer/runs/saved-runs.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { host } from '#renderer/state/connection.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import { leaveDocument, openFile, recover } from '#renderer/state/files.ts';
import type { Recents } from '#schema/rpc.ts';
import { allCommands, runCommand } from './commands.ts';
import { keyWords } from './keys.ts';
import { isMac } from './platform.ts';

const none: Recents = { documents: [], unsaved: [] };
const MOST_RECENT = 8;

/** The name of the document, whether it is saved, and what can be done with its file. */
export function FileMenu(): ReactNode {
  const name = useDocumentState(({ document }) => document?.name);
  const path = useDocumentState((state) => state.path);
  const isDirty = useDocumentState((state) => state.isDirty);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const isConnected = useApp((state) => state.connection === 'open');
  // Whether the run can be saved follows from it.
  useApp((state) => state.run.phase);
  const recents = useRecents(isConnected, path, isDirty);
  const words = isDirty ? 'not saved' : 'saved';
  return (
    <span className="file-menu" title={path === '' ? 'This document has no file yet' : path}>
      <ButtonDropdown
        items={itemsOf(recents, isConnected, name !== undefined && !isReadOnly, path)}
        expandableGroups
        ariaLabel={name === undefined ? 'File' : `File: ${name}, ${words}`}
        onItemClick={({ detail }) => choose(detail.id)}
      >
        <span className="file-menu-name">{name ?? 'File'}</span>
        {isDirty && <span className="file-menu-dirty" />}
      </ButtonDropdown>
    </span>
  );
}

function useRecents(isConnected: boolean, path: string, isDirty: boolean): Recents {
  const [recents, setRecents] = useState(none);
  useEffect(() => {
    if (!isConnected || isDirty) return;
    let isCurrent = true;
    host()
      .document.recents({})
      .then(
        (found) => isCurrent && setRecents(found),
        () => isCurrent && setRecents(none),
      );
    return () => {
      isCurrent = false;
    };
  }, [isConnected, path, isDirty]);
  return recents;
}

function itemsOf(recents: Recents, isConnected: boolean, canSave: boolean, path: string): ButtonDropdownProps['items'] {
  const recent = recents.documents.filter((document) => document.path !== path).slice(0, MOST_RECENT);
  return [
    item('new', 'New', !isConnected),
    item('open', 'Open', !isConnected),
    item('scenarios', 'Reference architectures', !isConnected),
    ...(recent.length === 0
      ? []
      : [
          {
            id: 'recent',
            text: 'Open recent',
            items: recent.map((document) => ({
              id: `recent:${document.path}`,
              text: document.name,
              description: document.path,
            })),
          },
        ]),
    ...(recents.unsaved.length === 0
      ? []
      : [
          {
            id: 'unsaved',
            text: 'Unsaved work',
            items: recents.unsaved.map(({ key, name, keptAt }) => ({
              id: `unsaved:${key}`,
              text: name,
              description: `kept ${new Date(keptAt).toLocaleString()}`,
            })),
          },
        ]),
    item('save', 'Save', !isConnected || !canSave),
    item('saveAs', 'Save as', !isConnected || !canSave),
    item('openRun', 'Open a saved run', !isConnected),
    item('saveRun', 'Save the run', !canSaveRun()),
    item('design', 'Design settings', false),
  ];
}

function item(id: string, text: string, disabled: boolean): ButtonDropdownProps.Item {
  const key = allCommands().find((command) => command.id === id)?.keys[0];
  return { id, text, disabled, ...(key === undefined ? {} : { secondaryText: keyWords(key, isMac) }) };
}

function choose(id: string): void {
  const [kind = '', ...rest] = id.split(':');
  const what = rest.join(':');
  if (kind === 'recent') void leaveDocument(() => openFile(what));
  else if (kind === 'unsaved') void leaveDocument(() => recover(what));
  else runCommand(id);
}

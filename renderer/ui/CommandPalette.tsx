import type { ReactNode } from 'react';
import { components } from '#catalog/specs.ts';
import { iconUrl } from '#renderer/canvas/icon-url.ts';
import { sectionsOf } from '#renderer/palette/find-components.ts';
import { select } from '#renderer/state/app-store.ts';
import { addComponent, canEdit } from '#renderer/state/canvas-commands.ts';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { currentDocument } from '#renderer/state/document-store.ts';
import { viewport } from '#renderer/state/viewport.ts';
import { allCommands, runCommand } from './commands.ts';
import { keyWords } from './keys.ts';
import { Picker, type PickerItem } from './Picker.tsx';
import { isMac } from './platform.ts';

const MOST_NODES = 20;

/** Everything that can be done, added or gone to, by name. */
export function CommandPalette(): ReactNode {
  return (
    <Picker
      header="Search"
      placeholder="Commands, components and nodes"
      itemsFor={itemsFor}
      onDismiss={closeDialog}
      onChoose={(id) => {
        closeDialog();
        const [kind, name = ''] = id.split(' ');
        // The dialog gives the focus back first.
        requestAnimationFrame(() => {
          if (kind === 'command') runCommand(name);
          else if (kind === 'add') addComponent(name);
          else goToNode(name);
        });
      }}
    />
  );
}

function goToNode(id: string): void {
  select({ kind: 'node', id });
  viewport()?.reveal([id]);
  viewport()?.focus(id);
}

function itemsFor(query: string): readonly PickerItem[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  const commands = allCommands()
    .filter(({ isHidden, id }) => isHidden !== true && id !== 'commands')
    .filter((command) => hits(command.title()) && command.isEnabled?.() !== false)
    .map((command) => ({
      id: `command ${command.id}`,
      text: command.title(),
      group: 'Commands',
      side: command.keys[0] === undefined ? undefined : keyWords(command.keys[0], isMac),
    }));
  return [...commands, ...nodeItems(hits, words.length > 0), ...componentItems(query)];
}

function nodeItems(hits: (text: string) => boolean, isSearching: boolean): readonly PickerItem[] {
  if (!isSearching) return [];
  return (currentDocument()?.nodes ?? [])
    .filter(({ id, label }) => hits(`${label} ${id}`))
    .slice(0, MOST_NODES)
    .map(({ id, label, type }) => ({
      id: `go ${id}`,
      text: label === '' ? id : label,
      group: 'Go to',
      icon: iconUrl(type),
      side: components.get(type)?.declaration.title,
    }));
}

function componentItems(query: string): readonly PickerItem[] {
  if (!canEdit()) return [];
  return sectionsOf(components.values(), query)
    .flatMap((section) => section.components)
    .map(({ type, title, category }) => ({
      id: `add ${type}`,
      text: title,
      group: 'Add',
      side: category,
      icon: iconUrl(type),
    }));
}

import { ButtonDropdown, type ButtonDropdownProps } from '@cloudscape-design/components';
import { type ReactNode, useEffect, useRef } from 'react';
import { canEdit } from '#renderer/state/canvas-commands.ts';
import { pasteFromClipboard } from '#renderer/state/clipboard.ts';
import {
  closeContextMenu,
  type ContextMenu,
  nodesOfMenu,
  selectMenuTarget,
  useContextMenu,
} from '#renderer/state/context-menu.ts';
import { showDialog } from '#renderer/state/dialogs.ts';
import { allCommands, runCommand } from './commands.ts';
import { keyWords } from './keys.ts';
import { type MenuEntry, menuEntries } from './menu-entries.ts';
import { isMac } from './platform.ts';

/** The menu of the right mouse button, and of its key, over the canvas. */
export function CanvasMenu(): ReactNode {
  const menu = useContextMenu((state) => state.menu);
  // Another place is another menu.
  return menu === undefined ? null : <OpenMenu key={`${menu.at.x} ${menu.at.y}`} menu={menu} />;
}

function OpenMenu({ menu }: { readonly menu: ContextMenu }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A dropdown without a trigger to be seen: it is opened as soon as it is there, and gone as soon as it closes.
    const trigger = frame.current?.querySelector('button');
    if (trigger === null || trigger === undefined) return;
    trigger.focus({ preventScroll: true });
    trigger.click();
    const observer = new MutationObserver(() => {
      if (trigger.getAttribute('aria-expanded') === 'false') closeContextMenu();
    });
    observer.observe(trigger, { attributes: true, attributeFilter: ['aria-expanded'] });
    return () => observer.disconnect();
  }, []);
  const groups = menuEntries(menu.target.kind, { nodes: nodesOfMenu(menu.target) });
  return (
    <div
      ref={frame}
      className="canvas-menu"
      data-takes-keys
      style={{ left: menu.at.x, top: menu.at.y }}
      onContextMenu={(event) => event.preventDefault()}
    >
      <ButtonDropdown
        ariaLabel="Menu"
        items={groups.map((entries) => ({ items: entries.map(itemOf) }))}
        onItemClick={({ detail }) => choose(detail.id, menu)}
      />
    </div>
  );
}

/** What changes nothing is offered to a reader, too. */
const READING = new Set(['copy', 'selectAll', 'fit']);

function itemOf({ id, text }: MenuEntry): ButtonDropdownProps.Item {
  const command = allCommands().find((candidate) => candidate.id === (id === 'pasteHere' ? 'paste' : id));
  const key = command?.keys[0];
  // Commands ask what is selected, which the target will be.
  const disabled = !READING.has(id) && !canEdit();
  return { id, text, disabled, ...(key === undefined ? {} : { labelTag: keyWords(key, isMac) }) };
}

function choose(id: string, { target, place }: ContextMenu): void {
  closeContextMenu();
  // The focus goes back first: what is chosen may take it.
  requestAnimationFrame(() => {
    if (id === 'pasteHere') void pasteFromClipboard(place);
    else if (id === 'addHere') showDialog({ kind: 'addAt', at: place });
    else if (id === 'break' && target.kind === 'node') showDialog({ kind: 'break', node: target.id });
    else {
      selectMenuTarget(target);
      runCommand(id);
    }
  });
}

/** The system's menu and unsaved work: what the desktop asks of the window. */
import { useDocumentState } from '#renderer/state/document-store.ts';
import { onMenuCommand } from '#renderer/state/menu-commands.ts';
import { runCommand } from './commands.ts';

const COMMANDS = { run: 'play' } as const satisfies Record<string, string>;

export function followMenu(): void {
  onMenuCommand((command) => runCommand(command === 'run' ? COMMANDS.run : command));
  // The host keeps unsaved work, so leaving loses nothing but the history; the browser asks all the same.
  window.addEventListener('beforeunload', (event) => {
    const { isDirty, isReadOnly, path } = useDocumentState.getState();
    if (isDirty && !isReadOnly && path === '') event.preventDefault();
  });
}

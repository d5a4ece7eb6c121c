/** What happens to the open document apart from what this window does: other windows, other programs, the menu. */
import { clearResults } from '#renderer/runs/run-results.ts';
import type { DocumentEvent, OpenDocument } from '#schema/rpc.ts';
import { setAccess, setFailure, setOpened, useApp } from './app-store.ts';
import { followDocument, takeSaved, useDocumentState } from './document-store.ts';
import type { HostClient } from './host-client.ts';
import { runMenuCommand } from './menu-commands.ts';

/** Listens until the connection ends. */
export async function watchDocument(client: HostClient): Promise<void> {
  try {
    for await (const event of await client.document.watch({})) takeEvent(event);
  } catch {
    // The connection has ended; what watches it tells so and comes back.
    return;
  }
}

function takeEvent(event: DocumentEvent): void {
  switch (event.kind) {
    case 'writer':
      setAccess(event.access);
      break;
    case 'changed':
      useApp.setState({ changedOnDisk: event.version === '' ? 'removed' : 'changed' });
      break;
    case 'saved':
      takeSaved(useDocumentState.getState().document, event.path, event.version);
      useApp.setState({ changedOnDisk: undefined });
      break;
    case 'updated':
      follow(event.opened);
      break;
    case 'opened':
      clearResults();
      setOpened(event.opened);
      break;
    case 'unprotected':
      setFailure(event.message);
      break;
    case 'command':
      runMenuCommand(event.command);
      break;
  }
}

function follow(opened: OpenDocument): void {
  if (useApp.getState().opened === undefined) return setOpened(opened);
  useApp.setState({ opened });
  setAccess(opened.access);
  followDocument(opened);
}

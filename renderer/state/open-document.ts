/** Opens another document of the start folder. */
import { clearResults } from '#renderer/runs/run-results.ts';
import { setNotice, setOpened } from './app-store.ts';
import { host } from './connection.ts';
import { hostError } from './host-client.ts';

export async function openDocument(path: string): Promise<boolean> {
  try {
    const opened = await host().document.open({ path });
    clearResults();
    setOpened(opened);
    return true;
  } catch (error) {
    setNotice(hostError(error).message);
    return false;
  }
}

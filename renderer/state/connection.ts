/** Keeps the window joined to its host: connects, notices a loss, and comes back by itself when the host does. */
import { clearResults } from '#renderer/runs/run-results.ts';
import { rpcPath } from '#schema/rpc.ts';
import { setConnection, setInfo, setNotice, setOpened, useApp } from './app-store.ts';
import { type HostClient, hostClient, hostError } from './host-client.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5000;

let client: HostClient | undefined;

/** The host's functions. Throws while there is no connection: controls that need it are disabled then. */
export function host(): HostClient {
  if (client === undefined) throw new Error('Caudal is not connected');
  return client;
}

/** Connects now, and again for as long as the page lives. */
export function stayConnected(retryMs = FIRST_RETRY_MS): void {
  const socket = new WebSocket(new URL(rpcPath, location.href.replace(/^http/, 'ws')));
  let wasOpen = false;
  socket.addEventListener('open', () => {
    wasOpen = true;
    client = hostClient(socket, () => socket.close());
    void begin(client);
  });
  socket.addEventListener('close', () => {
    client = undefined;
    if (useApp.getState().connection !== 'refused') setConnection('lost');
    void retry(wasOpen ? FIRST_RETRY_MS : retryMs);
  });
}

/** Asks over HTTP first: a refused WebSocket does not say why. */
async function retry(afterMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const answer = await fetch('./', { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok === true) return stayConnected(Math.min(LONGEST_RETRY_MS, afterMs * 1.5));
  setConnection(answer === undefined ? 'lost' : 'refused');
  void retry(Math.min(LONGEST_RETRY_MS, afterMs * 1.5));
}

/** After a loss, the document is read anew: the host that is back may be another. */
async function begin(connected: HostClient): Promise<void> {
  try {
    const [info, opened] = await Promise.all([connected.app.info({}), connected.document.current({})]);
    setInfo(info);
    if (isSameDocument(opened)) useApp.setState({ opened });
    else {
      clearResults();
      setOpened(opened);
    }
    setConnection('open');
  } catch (error) {
    if (client === connected) setNotice(hostError(error).message);
  }
}

/** True where what is on screen is still right: only the id by which the host knows it is new. */
function isSameDocument(opened: Awaited<ReturnType<HostClient['document']['current']>>): boolean {
  const shown = useApp.getState().opened;
  return (
    shown?.kind === 'valid' &&
    opened.kind === 'valid' &&
    JSON.stringify(shown.document) === JSON.stringify(opened.document)
  );
}

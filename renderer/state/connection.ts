/** Keeps the window joined to its host: connects, notices a loss, and comes back by itself when the host does. */
import { clearResults } from '#renderer/runs/run-results.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { type OpenedDocument, rpcPath } from '#schema/rpc.ts';
import { setAccess, setConnection, setFailure, setInfo, setOpened, useApp } from './app-store.ts';
import { watchDocument } from './document-events.ts';
import { takeVerdict, useDocumentState } from './document-store.ts';
import { isDesktop, receivePort } from './desktop-port.ts';
import { withPlaces } from './edits/places.ts';
import { type HostClient, hostClient, hostError, portClient } from './host-client.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5000;
const PATH_KEY = 'caudal.path';

let client: HostClient | undefined;

/** The host's functions. Throws while there is no connection: controls that need it are disabled then. */
export function host(): HostClient {
  if (client === undefined) throw new Error('Caudal is not connected');
  return client;
}

/** Connects now, and again for as long as the page lives. */
export function stayConnected(retryMs = FIRST_RETRY_MS): void {
  if (isDesktop()) return connectDesktop();
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

/** The host of a desktop window lives as long as the window does. */
function connectDesktop(): void {
  receivePort((port) => {
    client = portClient(port);
    void begin(client);
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

/** At first, and after a loss: the host that is back may be another, and the document may have changed on either side. */
async function begin(connected: HostClient): Promise<void> {
  try {
    const [info, opened] = await Promise.all([connected.app.info({}), rejoin(connected)]);
    setInfo(info);
    takeCurrent(opened);
    setConnection('open');
    void watchDocument(connected);
  } catch (error) {
    if (client === connected) setFailure(hostError(error).message);
  }
}

/** What is unsaved here goes before what the host reads from the file. */
async function rejoin(connected: HostClient): Promise<OpenedDocument> {
  const { document, path, version, isDirty, isReadOnly } = useDocumentState.getState();
  if (document !== undefined && isDirty && !isReadOnly) return connected.document.resume({ path, version, document });
  const known = path === '' ? rememberedPath() : path;
  return connected.document.current(known === '' ? {} : { path: known });
}

/** Where what is on screen is still right, its history and results stay; only the host's name for it is new. */
function takeCurrent(opened: OpenedDocument): void {
  const { document } = useDocumentState.getState();
  const isOpen = opened.kind === 'valid' || opened.kind === 'draft';
  if (isOpen && document !== undefined && isSame(document, opened.document)) {
    useApp.setState({ opened });
    setAccess(opened.access);
    takeVerdict(document, opened);
    return;
  }
  clearResults();
  setOpened(opened);
}

function isSame(shown: CaudalDocument, held: CaudalDocument): boolean {
  return JSON.stringify(shown) === JSON.stringify(withPlaces(held));
}

/** A window that is loaded again shows the file it had: other windows may have opened others since. */
function rememberedPath(): string {
  try {
    return sessionStorage.getItem(PATH_KEY) ?? '';
  } catch {
    return '';
  }
}

useDocumentState.subscribe(({ path }, before) => {
  if (path === before.path) return;
  try {
    sessionStorage.setItem(PATH_KEY, path);
  } catch {
    return;
  }
});

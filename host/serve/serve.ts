/** Serves the window to a browser of this computer: its files, and the typed calls over a WebSocket. */
import { realpath } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import { createHost, type Host } from '#host/host.ts';
import type { BugListener } from '#host/router/router.ts';
import { StartFolder } from '#host/router/start-folder.ts';
import { documentLimits } from '#schema/document.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { rpcPath } from '#schema/rpc.ts';
import { portOfSocket, type SocketLike } from '#schema/rpc-port.ts';
import { addressOf, Gate, makeToken, type Verdict } from './gate.ts';
import { defaultPort, listen } from './listen.ts';
import { openBrowser } from './open-browser.ts';
import { refusalPage, refusalPolicy } from './refusal-page.ts';
import { securityHeaders } from './security-headers.ts';
import { type StaticFile, StaticFiles } from './static-files.ts';

export interface ServeOptions {
  /** Document to open; the window starts empty without one. */
  readonly file?: string | undefined;
  /** Folder in which the window may open files; when left out the current one, or that of a `file` which lies elsewhere. */
  readonly folder?: string | undefined;
  /** Asked for; the next free one is taken when it is in use. 0 takes any. */
  readonly port?: number | undefined;
  /** Open the browser too. */
  readonly open?: boolean | undefined;
  /** At least 32 hexadecimal digits; else `CAUDAL_TOKEN` of the environment, else drawn anew, which is what is safe. */
  readonly token?: string | undefined;
  /** Folder in which unsaved work, recent files and locks are kept; the system's place for them when left out. */
  readonly state?: string | undefined;
  /** Folder of the built window. */
  readonly window?: string | undefined;
  /** Hears of faults of Caudal itself. */
  readonly onBug?: BugListener | undefined;
}

export interface Served {
  /** The whole address, with its token. */
  readonly url: string;
  readonly port: number;
  /** Ends runs and connections, and frees the port. */
  close(): Promise<void>;
}

/** One message holds a document at most; JSON escapes may double it. */
const MOST_MESSAGE_BYTES = 2 * documentLimits.bytes;

/** Throws EnvironmentError when the window is not built or no port can be had. */
export async function serve(options: ServeOptions = {}): Promise<Served> {
  const file = options.file === undefined ? undefined : resolve(options.file);
  const folder = await StartFolder.open(options.folder ?? startFolderOf(file));
  const files = new StaticFiles(options.window ?? builtWindow());
  if ((await files.find('/')) === undefined) {
    throw new EnvironmentError('serve/no-window', 'the window is not built; run `npm run build` once');
  }
  const onBug = options.onBug ?? reportBug;
  const realFile = file === undefined ? undefined : await realpath(file).catch(() => file);
  const host = createHost({ folder, file: realFile, state: options.state, onBug });
  const token = options.token ?? process.env['CAUDAL_TOKEN'] ?? makeToken();
  const server = createServer();
  const port = await listen(server, options.port ?? defaultPort);
  const gate = new Gate(port, token);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES, perMessageDeflate: false });
  server.on('request', (request, response) => {
    answer(request, response, gate, files).catch((error: unknown) => {
      onBug(error);
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    upgrade(request, socket, gate, () => {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('error', () => webSocket.terminate());
        host.upgrade(portOfSocket(asSocket(webSocket), () => webSocket.terminate()));
      });
    });
  });
  const url = `http://127.0.0.1:${port}/?token=${token}`;
  if (options.open === true) openBrowser(url);
  return { url, port, close: () => close(server, sockets, host) };
}

function startFolderOf(file: string | undefined): string {
  const here = process.cwd();
  if (file === undefined) return here;
  const inside = relative(here, file);
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? dirname(file) : here;
}

/** In the source and in the build alike, this file is two folders below what holds `build/` or is named so. */
function builtWindow(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(isSource ? '../../build/renderer' : '../../renderer', import.meta.url));
}

/** `ws` calls its listeners with events like a browser's. */
function asSocket(webSocket: WebSocket): SocketLike {
  return webSocket as unknown as SocketLike;
}

function reportBug(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`Caudal is at fault: ${text}\n`);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  gate: Gate,
  files: StaticFiles,
): Promise<void> {
  const verdict = gate.judgeRequest(request);
  if (verdict.kind === 'refuse') {
    const headers = {
      ...securityHeaders,
      'Content-Security-Policy': refusalPolicy,
      'Content-Type': 'text/html; charset=utf-8',
    };
    response.writeHead(verdict.status, { ...headers, 'Cache-Control': 'no-store' });
    response.end(request.method === 'HEAD' ? undefined : refusalPage(verdict.reason));
    return;
  }
  if (verdict.kind === 'exchange') {
    response.writeHead(303, {
      ...securityHeaders,
      'Set-Cookie': verdict.cookie,
      Location: '/',
      'Cache-Control': 'no-store',
    });
    response.end();
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(response, 405, { Allow: 'GET, HEAD' });
  const file = await files.find(addressOf(request).path);
  if (file === undefined) return plain(response, 404);
  sendFile(request, response, file);
}

function plain(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...securityHeaders, ...headers, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${STATUS_CODES[status] ?? status}\n`);
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: StaticFile): void {
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const compressed = takesGzip ? file.compressed : undefined;
  const content = compressed ?? file.content;
  response.writeHead(200, {
    ...securityHeaders,
    'Content-Type': file.type,
    'Content-Length': content.byteLength,
    'Cache-Control': file.isImmutable ? 'private, max-age=31536000, immutable' : 'no-store',
    Vary: 'Accept-Encoding',
    ...(compressed === undefined ? {} : { 'Content-Encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}

function upgrade(request: IncomingMessage, socket: Duplex, gate: Gate, accept: () => void): void {
  socket.on('error', () => socket.destroy());
  const verdict: Verdict = gate.judgeUpgrade(request);
  if (verdict.kind === 'refuse') return refuseUpgrade(socket, verdict.status);
  if (addressOf(request).path !== rpcPath) return refuseUpgrade(socket, 404);
  accept();
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function close(server: Server, sockets: WebSocketServer, host: Host): Promise<void> {
  await host.close();
  for (const socket of sockets.clients) socket.terminate();
  const closed = new Promise<void>((settle) => server.close(() => settle()));
  server.closeAllConnections();
  await closed;
}

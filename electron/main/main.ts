/** The desktop window: one process, one window, the same host and page as in a browser. No rule of the product lives here. */
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, protocol, session, shell } from 'electron';
import type { WindowSeat } from '#host/documents/window-seat.ts';
import { createHost, type Host } from '#host/host.ts';
import { StartFolder } from '#host/router/start-folder.ts';
import { StaticFiles } from '#host/serve/static-files.ts';
import { portChannel } from '#schema/desktop-bridge.ts';
import { documentOf } from './file-arguments.ts';
import { fileDialogs } from './file-dialogs.ts';
import { portOfMain } from './main-port.ts';
import { menuTemplate } from './menu.ts';
import { pageResponse } from './page-files.ts';
import { isOutsideLink, isOwnAddress, windowAddress, windowScheme } from './window-rules.ts';

const PRELOAD = fileURLToPath(new URL('../../preload/preload.cjs', import.meta.url));
const PAGE = fileURLToPath(new URL('../../renderer', import.meta.url));

let host: Host | undefined;
let window: BrowserWindow | undefined;
let seat: WindowSeat | undefined;
/** A file that the system named before there was a host. */
let asked = documentOf(process.argv.slice(app.isPackaged ? 0 : 1), process.cwd());

function reportBug(error: unknown): void {
  process.stderr.write(
    `Caudal is at fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}

async function openFile(file: string): Promise<void> {
  asked = file;
  await host?.documents.openFrom(window === undefined ? undefined : seat, file);
  show();
}

function show(): void {
  if (host === undefined) return;
  if (window === undefined) return openWindow();
  if (window.isMinimized()) window.restore();
  window.focus();
}

function openWindow(): void {
  const opened = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 600,
    show: false,
    title: 'Caudal',
    webPreferences: { preload: PRELOAD, contextIsolation: true, sandbox: true, nodeIntegration: false },
  });
  window = opened;
  opened.once('ready-to-show', () => opened.show());
  opened.on('closed', () => {
    window = undefined;
    seat = undefined;
  });
  void opened.loadURL(windowAddress);
}

/** Whatever page it is: it stays on its own address, opens no window and holds no other page. */
app.on('web-contents-created', (_, contents) => {
  contents.on('will-navigate', (event) => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isOutsideLink(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
});

async function start(): Promise<void> {
  const files = new StaticFiles(PAGE);
  protocol.handle(windowScheme, (request) => pageResponse(files, request.url));
  session.defaultSession.setPermissionRequestHandler((_, __, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  const dialogs = fileDialogs({
    open: (options) => (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options)),
    save: (options) => (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options)),
  });
  const folder = await StartFolder.open(app.getPath('home'), false);
  const started = createHost({ folder, file: asked, dialogs, onBug: reportBug });
  host = started;
  ipcMain.on(portChannel, (event) => {
    if (event.senderFrame === null || !isOwnAddress(event.senderFrame.url)) return;
    const { port1, port2 } = new MessageChannelMain();
    seat = started.upgrade(portOfMain(port1));
    event.senderFrame.postMessage(portChannel, null, [port2]);
  });
  const choose: Parameters<typeof menuTemplate>[0]['choose'] = (command) => seat?.tell({ kind: 'command', command });
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ platform: process.platform, name: app.name, choose })));
  openWindow();
}

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: windowScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_, words, folder) => {
    const file = documentOf(words, folder);
    if (file === undefined) show();
    else void openFile(file).catch(reportBug);
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    void openFile(file).catch(reportBug);
  });
  app.on('activate', show);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  // What is unsaved is kept first; then the same request to quit comes again.
  app.on('before-quit', (event) => {
    const ending = host;
    if (ending === undefined) return;
    event.preventDefault();
    host = undefined;
    void ending
      .close()
      .catch(reportBug)
      .finally(() => app.quit());
  });
  app.whenReady().then(start).catch(reportBug);
} else {
  app.quit();
}

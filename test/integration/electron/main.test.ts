import { EventEmitter } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { windowAddress } from '#electron/main/window-rules.ts';
import { portChannel } from '#schema/desktop-bridge.ts';

/** Electron as the main process sees it: what it is told is written down, and nothing is shown. */
const told = vi.hoisted(() => ({
  windows: [] as { options: { webPreferences: Record<string, unknown> }; addresses: string[]; focused: number }[],
  opened: [] as string[],
  permissions: [] as boolean[],
  posted: [] as unknown[],
  isSandboxed: false,
  quits: 0,
  menus: 0,
  scheme: '',
}));

const app = vi.hoisted(() => ({ emitter: undefined as unknown as EventEmitter, home: '' }));
const ipc = vi.hoisted(() => ({ emitter: undefined as unknown as EventEmitter }));

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class BrowserWindow extends Emitter {
    readonly record: (typeof told.windows)[number];

    constructor(options: { webPreferences: Record<string, unknown> }) {
      super();
      this.record = { options, addresses: [], focused: 0 };
      told.windows.push(this.record);
    }
    async loadURL(url: string): Promise<void> {
      this.record.addresses.push(url);
    }
    isMinimized(): boolean {
      return false;
    }
    focus(): void {
      this.record.focused += 1;
    }
    show(): void {
      this.record.focused += 1;
    }
  }
  class MessageChannelMain {
    readonly port1 = Object.assign(new Emitter(), { start: () => undefined, postMessage: () => undefined });
    readonly port2 = {};
  }
  app.emitter = Object.assign(new Emitter(), {
    isPackaged: true,
    name: 'Caudal',
    enableSandbox: () => {
      told.isSandboxed = true;
    },
    getPath: () => app.home,
    requestSingleInstanceLock: () => true,
    whenReady: async () => undefined,
    quit: () => {
      told.quits += 1;
    },
  });
  ipc.emitter = new Emitter();
  type Handler = (contents: unknown, permission: string, answer: (allowed: boolean) => void) => void;
  return {
    app: app.emitter,
    BrowserWindow,
    MessageChannelMain,
    ipcMain: ipc.emitter,
    dialog: {},
    Menu: {
      buildFromTemplate: (template: unknown) => template,
      setApplicationMenu: () => {
        told.menus += 1;
      },
    },
    protocol: {
      registerSchemesAsPrivileged: ([{ scheme }]: [{ scheme: string }]) => {
        told.scheme = scheme;
      },
      handle: () => undefined,
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: Handler) =>
          handler(undefined, 'camera', (allowed) => told.permissions.push(allowed)),
        setPermissionCheckHandler: (check: () => boolean) => told.permissions.push(check()),
      },
    },
    shell: { openExternal: async (url: string) => void told.opened.push(url) },
  };
});

beforeAll(async () => {
  app.home = await mkdtemp(join(tmpdir(), 'caudal-main-'));
  vi.stubEnv('CAUDAL_STATE', join(app.home, '.state'));
  await import('#electron/main/main.ts');
  await vi.waitFor(() => expect(told.windows).toHaveLength(1));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(app.home, { recursive: true });
});

describe('the main process', () => {
  it('opens one window on its own address, sandboxed and apart from its page', () => {
    expect(told.isSandboxed).toBe(true);
    expect(told.windows).toMatchObject([
      {
        addresses: [windowAddress],
        options: {
          webPreferences: {
            contextIsolation: true,
            sandbox: true,
            nodeIntegration: false,
            preload: expect.stringMatching(/preload\.cjs$/) as string,
          },
        },
      },
    ]);
    expect(told.scheme).toBe(new URL(windowAddress).protocol.replace(':', ''));
    expect(told.menus).toBe(1);
  });

  it('grants no permission', () => {
    expect(told.permissions).toEqual([false, false]);
  });

  it('fails every navigation away, and opens links of the web outside', () => {
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler(handler: (details: { url: string }) => { action: string }) {
        open = handler;
      },
    });
    let open: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
    app.emitter.emit('web-contents-created', {}, contents);
    const leaves = (event: string, url: string): boolean => {
      const preventDefault = vi.fn<() => void>();
      contents.emit(event, { url, preventDefault });
      return preventDefault.mock.calls.length === 0;
    };
    expect(leaves('will-navigate', 'https://example.com/')).toBe(false);
    expect(leaves('will-navigate', 'file:///etc/passwd')).toBe(false);
    expect(leaves('will-redirect', windowAddress)).toBe(false);
    expect(leaves('will-attach-webview', windowAddress)).toBe(false);
    expect(leaves('will-navigate', windowAddress)).toBe(true);
    expect(open({ url: 'https://docs.aws.amazon.com/' })).toEqual({ action: 'deny' });
    expect(open({ url: 'file:///etc/passwd' })).toEqual({ action: 'deny' });
    expect(told.opened).toEqual(['https://docs.aws.amazon.com/']);
  });

  it('gives a port to its own page only', () => {
    const frame = (url: string): { url: string; postMessage: (...message: unknown[]) => void } => ({
      url,
      postMessage: (...message) => told.posted.push(message),
    });
    ipc.emitter.emit(portChannel, { senderFrame: frame('https://example.com/') });
    ipc.emitter.emit(portChannel, { senderFrame: null });
    expect(told.posted).toEqual([]);
    ipc.emitter.emit(portChannel, { senderFrame: frame(windowAddress) });
    expect(told.posted).toEqual([[portChannel, null, [{}]]]);
  });

  it('shows a document that the system opens in the window that is there', async () => {
    const file = join(app.home, 'a.caudal.json');
    await writeFile(file, '{}');
    const preventDefault = vi.fn<() => void>();
    const before = told.windows[0]?.focused ?? 0;
    app.emitter.emit('open-file', { preventDefault }, file);
    app.emitter.emit('second-instance', {}, ['caudal', 'a.caudal.json'], app.home);
    expect(preventDefault).toHaveBeenCalledOnce();
    await expect.poll(() => told.windows[0]?.focused).toBe(before + 2);
    expect(told.windows).toHaveLength(1);
  });

  it('keeps what is unsaved before it quits', async () => {
    const preventDefault = vi.fn<() => void>();
    app.emitter.emit('before-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    await expect.poll(() => told.quits).toBe(1);
    app.emitter.emit('before-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });
});

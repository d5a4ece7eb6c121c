import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type Page, test as base } from '@playwright/test';

const ROOT = resolve(import.meta.dirname, '..', '..');
const REFERENCE = join(ROOT, 'scenarios/walking-skeleton/scenario.caudal.json');

const START = join(import.meta.dirname, 'start-built.mjs');

/** Where the servers of this worker look for a port: apart from other workers', so that none takes the port of a server that starts again. */
const FIRST_PORT = 4870 + 40 * Number(process.env.TEST_PARALLEL_INDEX ?? 0);

/** The parts of a document that tests change. */
export interface ReferenceDocument {
  name: string;
  nodes: { id: string; position?: unknown; config: Record<string, unknown> }[];
  run: Record<string, unknown>;
}

/** `caudal serve` in a process of its own, on a folder of its own. */
export class AppServer {
  readonly folder: string;
  readonly token = randomBytes(16).toString('hex');
  url = '';
  private readonly environment: NodeJS.ProcessEnv;
  private child: ChildProcess | undefined;

  private constructor(folder: string, environment: NodeJS.ProcessEnv = {}) {
    this.folder = folder;
    this.environment = environment;
  }

  /** With the reference scenario, shortened so that it runs in a moment. `environment`: in place of the test's own. */
  static async start(environment: NodeJS.ProcessEnv = {}, seconds = 300): Promise<AppServer> {
    const server = new AppServer(await mkdtemp(join(tmpdir(), 'caudal-e2e-')), environment);
    await server.write((document) => {
      document.run = { ...document.run, horizonSeconds: seconds, preRollSeconds: Math.min(30, seconds) };
    });
    await server.run(['serve', server.file, '--port', String(FIRST_PORT)]);
    return server;
  }

  /** Writes the reference scenario, changed. A window sees it when it is opened or reloaded. */
  async write(change: (document: ReferenceDocument) => void, file = this.file): Promise<void> {
    const document = JSON.parse(await readFile(REFERENCE, 'utf8')) as ReferenceDocument;
    change(document);
    await writeFile(file, JSON.stringify(document, null, 2));
  }

  get file(): string {
    return join(this.folder, 'design.caudal.json');
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  get cookie(): string {
    return `caudal-${this.port}=${this.token}`;
  }

  /** A second program on the same folder and the same document. */
  async beside(): Promise<AppServer> {
    const other = new AppServer(this.folder, this.environment);
    await other.run(['serve', other.file, '--port', '0']);
    return other;
  }

  /** Ends the process at once, as a crash does. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Again on the same port; with another token it is a stranger to the windows of before. */
  async restart(token = this.token): Promise<void> {
    await this.run(['serve', this.file, '--port', String(this.port)], token);
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async run(args: readonly string[], token = this.token): Promise<void> {
    const child = spawn(process.execPath, [START, ...args], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment, CAUDAL_TOKEN: token, CAUDAL_STATE: join(this.folder, '.state') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.url = await new Promise<string>((found, fail) => {
      let text = '';
      const read = (chunk: Buffer): void => {
        text += chunk.toString();
        const address = /http:\/\/127\.0\.0\.1:\S+/.exec(text)?.[0];
        if (address !== undefined) found(address);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.on('exit', (code) => fail(new Error(`caudal serve ended with ${code}: ${text}`)));
    });
  }
}

/** Until the cards stay where they are: the view fits anew a moment after a panel beside it has opened. */
export async function settled(page: Page): Promise<void> {
  const place = async (): Promise<string> => JSON.stringify(await page.locator('[data-node]').first().boundingBox());
  let before = '';
  const isSame = async (): Promise<boolean> => {
    const now = await place();
    const is = now === before;
    before = now;
    return is;
  };
  await expect.poll(isSame, { intervals: [500] }).toBe(true);
}

/** Everything a page must not do: complain, break the content security policy, ask anyone else for anything. */
export function watch(page: Page, origin: () => string): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin()) && !url.startsWith('data:') && !url.startsWith('blob:'))
      problems.push(`request to ${url}`);
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== new URL(origin()).host) problems.push(`WebSocket to ${socket.url()}`);
  });
  return problems;
}

export interface Fixtures {
  readonly server: AppServer;
  readonly problems: string[];
}

/** Journeys whose steps are each shown by another test too: with CAUDAL_ALL_SCENARIOS only. */
export const FULL_ONLY = { tag: '@full' };

/** A server and a page for each test; a test that expects problems empties the list itself. */
export const test = base.extend<Fixtures>({
  // Playwright wants the braces.
  // oxlint-disable-next-line no-empty-pattern
  server: async ({}, use) => {
    const server = await AppServer.start();
    await use(server);
    await server.stop();
  },
  problems: [
    async ({ page, server }, use) => {
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
          // oxlint-disable-next-line no-console
          console.error(`violates ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
        });
      });
      const problems = watch(page, () => server.origin);
      await use(problems);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens the window and waits until its design is drawn. */
export async function openWindow(page: Page, server: AppServer): Promise<void> {
  await page.goto(server.url);
  await expect(card(page, 'clicks')).toBeVisible();
}

export function card(page: Page, node: string): ReturnType<Page['locator']> {
  return page.locator(`[data-node="${node}"]`);
}

/** Runs the design on screen to its end. */
export async function runToEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await ended(page);
}

/** Waits until the run has ended well: its numbers are on the screen. */
export async function ended(page: Page): Promise<void> {
  await expect(page.locator('[data-run]')).toHaveAttribute('data-run', 'done', { timeout: 45_000 });
  await expect(page.getByText(/^One run, seed \d+/).first()).toBeVisible();
  await expect(card(page, 'clicks')).not.toHaveAttribute('data-state', 'idle');
}

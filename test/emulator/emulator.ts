/** One MiniStack server on loopback with its own port and folder: AWS as far as it can be had without AWS. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '#bin/build-state.mjs';
import { findMinistack } from '#tools/setup/ministack.mjs';

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;
const KEPT_LOG_CHARACTERS = 20_000;

/** What every SDK client of the tests is made with. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Emulator {
  readonly endpoint: string;
  readonly options: ClientOptions;
  /** Empties it: every resource of every account and Region. */
  reset(): Promise<void>;
  /** What it has printed lately. */
  log(): string;
  stop(): Promise<void>;
}

/** An access key of twelve digits is the account. */
export const TEST_ACCOUNT = '000000000000';
export const TEST_REGION = 'us-east-1';

/** Starts a server and waits until it answers. `enforcesPermissions`: roles may do only what their policies allow. */
export async function startEmulator({ enforcesPermissions = false } = {}): Promise<Emulator> {
  const program = findMinistack();
  if (program === undefined) throw new Error('the AWS emulator is not installed: npm run emulator');
  const folder = mkdtempSync(join(tmpdir(), 'caudal-emulator-'));
  const port = await freePort();
  const child = spawn(program, [], {
    cwd: folder,
    // Handlers inherit this environment: nothing of the user's account is in it.
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      TMPDIR: folder,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      NODE_PATH: join(ROOT, 'node_modules'),
      ...(enforcesPermissions ? { AUTH: 'true' } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-KEPT_LOG_CHARACTERS);
    });
  }
  const killAll = (): void => killGroup(child);
  process.once('exit', killAll);
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await end(child);
    process.removeListener('exit', killAll);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  try {
    await waitUntilReady(child, endpoint);
  } catch (error) {
    await stop();
    throw new Error(`the AWS emulator did not start: ${String(error)}\n${log}`, { cause: error });
  }
  return {
    endpoint,
    options: {
      region: TEST_REGION,
      endpoint,
      credentials: { accessKeyId: TEST_ACCOUNT, secretAccessKey: 'not-a-secret' },
    },
    reset: async () => {
      const reply = await fetch(`${endpoint}/_ministack/reset`, { method: 'POST' });
      if (!reply.ok) throw new Error(`the AWS emulator could not be reset: ${reply.status}`);
    },
    log: () => log,
    stop,
  };
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function waitUntilReady(child: ChildProcess, endpoint: string): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    try {
      const reply = await fetch(`${endpoint}/_ministack/health`);
      if (reply.ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(50);
  }
  throw new Error(`no answer within ${START_LIMIT_MS / 1000} s`);
}

/** Asks the server to end, with the functions that it runs; kills what is left. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
  }
  killGroup(child);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}

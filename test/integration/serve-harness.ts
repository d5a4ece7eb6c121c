import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { type ServeOptions, type Served, serve } from '#host/serve/serve.ts';
import { type HostClient, hostClient } from '#renderer/state/host-client.ts';
import type { SocketLike } from '#schema/rpc-port.ts';

/** A small design that runs in well under a second. */
export const smallDocument = {
  schemaVersion: 1,
  name: 'small',
  nodes: [
    { id: 'visitors', type: 'traffic-source', outputs: [{ id: 'requests' }] },
    { id: 'service', type: 'custom-service', config: { servers: 2, meanServiceTimeMs: 20 } },
  ],
  edges: [{ id: 'ask', source: 'visitors', output: 'requests', target: 'service', port: 'requests' }],
  workloads: [
    {
      id: 'load',
      node: 'visitors',
      arrivals: { kind: 'poisson', recordsPerSecond: 40 },
      recordSize: { kind: 'constant', bytes: 500 },
      partitionKey: { kind: 'uniform', keys: 100 },
    },
  ],
  run: { horizonSeconds: 60, preRollSeconds: 0, seed: 7, fidelity: 'exact' },
};

export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

/** A server on a folder of its own, with a window of two files. */
export class Harness {
  readonly folder: string;
  readonly served: Served;

  private constructor(folder: string, served: Served) {
    this.folder = folder;
    this.served = served;
  }

  /** The folder of the product's own state. */
  get state(): string {
    return join(this.folder, '.state');
  }

  static async start(options: ServeOptions = {}, document: unknown = smallDocument): Promise<Harness> {
    const folder = await mkdtemp(join(tmpdir(), 'caudal-serve-'));
    await writeFile(join(folder, 'small.caudal.json'), JSON.stringify(document));
    await mkdir(join(folder, 'window', 'assets'), { recursive: true });
    await writeFile(join(folder, 'window', 'index.html'), '<!doctype html><title>window</title>');
    await writeFile(join(folder, 'window', 'assets', 'main-abc123.js'), '// script\n'.repeat(100));
    const served = await serve({
      file: join(folder, 'small.caudal.json'),
      folder,
      port: 0,
      window: join(folder, 'window'),
      state: join(folder, '.state'),
      ...options,
    });
    return new Harness(folder, served);
  }

  /** Another server on the same folder and state: started anew, or a second program beside the first. */
  async another(options: ServeOptions = {}): Promise<Harness> {
    const { folder } = this;
    const served = await serve({ folder, port: 0, window: join(folder, 'window'), state: this.state, ...options });
    return new Harness(folder, served);
  }

  get token(): string {
    return new URL(this.served.url).searchParams.get('token') ?? '';
  }

  get cookie(): string {
    return `caudal-${this.served.port}=${this.token}`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.served.port}`;
  }

  /** A request whose path and headers are sent as they are given. */
  ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: this.served.port, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  /** The status with which a WebSocket is refused, or 101. */
  tryUpgrade(headers: Readonly<Record<string, string>>, path = '/rpc'): Promise<number> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${this.served.port}${path}`, { headers });
      socket.on('open', () => {
        socket.terminate();
        resolve(101);
      });
      socket.on('unexpected-response', (asked, response) => {
        asked.destroy();
        resolve(response.statusCode ?? 0);
      });
      socket.on('error', reject);
    });
  }

  /** A window: a real WebSocket and the window's own client. */
  async connect(): Promise<{ readonly client: HostClient; readonly socket: WebSocket }> {
    const headers = { Cookie: this.cookie, Origin: this.origin };
    const socket = new WebSocket(`ws://127.0.0.1:${this.served.port}/rpc`, { headers });
    const client = hostClient(socket as unknown as SocketLike, (error) => {
      throw error;
    });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return { client, socket };
  }

  async stop(): Promise<void> {
    await this.served.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

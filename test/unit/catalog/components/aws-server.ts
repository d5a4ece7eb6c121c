/** A server on loopback that answers calls of AWS's JSON protocols by hand, and the settings of a client that reaches it. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { ClientSettings } from '#catalog/models/deployment/client.ts';

export interface Call {
  /** Last part of `x-amz-target`, or the path. */
  readonly name: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: Record<string, never>;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class AwsServer {
  readonly calls: Call[] = [];
  private readonly server: Server;
  private port = 0;

  constructor(answer: (call: Call) => Answer) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const target = String(request.headers['x-amz-target'] ?? '');
        const name = target === '' ? String(request.url) : target.replace(/^.*\./, '');
        const call = { name, headers: request.headers, text, body: parsed(text) };
        this.calls.push(call);
        const { status = 200, body = {}, headers = {} } = answer(call);
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
  }

  async start(): Promise<ClientSettings> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = (this.server.address() as { port: number }).port;
    return {
      endpoint: this.url,
      region: 'us-east-1',
      credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }),
    };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function parsed(text: string): Record<string, never> {
  try {
    return JSON.parse(text) as Record<string, never>;
  } catch {
    return {};
  }
}

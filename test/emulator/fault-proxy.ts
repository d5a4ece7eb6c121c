/**
 * Stands between a client and the emulator and spoils answers as networks and services do. What it does to a request is decided by
 * the test, by the operation and by how often that was asked; it counts what it did.
 */
import { createServer, type IncomingMessage, request as send, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Spoiling =
  /** Refused before it reaches the service. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly message?: string }
  /** The connection is reset before the request reaches the service. */
  | { readonly kind: 'reset' }
  /** The service does what it is asked; its answer is lost. */
  | { readonly kind: 'lost-answer' }
  /** The service does what it is asked; its answer breaks off. */
  | { readonly kind: 'cut-answer' }
  /** The service does what it is asked, and its answer says something else: what AWS documents and the emulator never does. */
  | { readonly kind: 'rewritten'; readonly change: (answer: string) => string }
  /** The answer comes, but late. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** PutRecords: some records are refused, the others stored. By index. */
  | { readonly kind: 'partial'; readonly code: string; readonly isRefused: (index: number) => boolean };

export interface Asked {
  /** Last part of `X-Amz-Target`, or the action of a query. */
  readonly operation: string;
  /** How often this operation has been asked before. */
  readonly turn: number;
  readonly body: Buffer;
}

export type Plan = (asked: Asked) => Spoiling | undefined;

export class FaultProxy {
  readonly done = new Map<Spoiling['kind'], number>();
  private readonly turns = new Map<string, number>();
  private plan: Plan = () => undefined;
  private server: Server | undefined;
  private readonly target: URL;

  constructor(target: string) {
    this.target = new URL(target);
  }

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
  }

  get endpoint(): string {
    const address = this.server?.address() as AddressInfo | null | undefined;
    if (address === null || address === undefined) throw new Error('the proxy has not been started');
    return `http://127.0.0.1:${address.port}`;
  }

  /** What is done from now on; counts begin anew. */
  spoil(plan: Plan): void {
    this.plan = plan;
    this.turns.clear();
    this.done.clear();
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const operation = operationOf(request, body);
    const turn = this.turns.get(operation) ?? 0;
    this.turns.set(operation, turn + 1);
    const spoiling = this.plan({ operation, turn, body });
    if (spoiling !== undefined) this.done.set(spoiling.kind, (this.done.get(spoiling.kind) ?? 0) + 1);
    switch (spoiling?.kind) {
      case 'reset':
        response.socket?.resetAndDestroy();
        return;
      case 'refused':
        refuse(response, spoiling);
        return;
      case 'partial':
        await this.pass(request, response, withoutRecords(body, spoiling.isRefused), (answer) => ({
          ...answer,
          body: withRefusals(body, answer.body, spoiling),
        }));
        return;
      case 'lost-answer':
        await this.forward(request, body);
        response.socket?.resetAndDestroy();
        return;
      case 'cut-answer': {
        const answer = await this.forward(request, body);
        response.writeHead(answer.status, answer.headers);
        response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)));
        await sleep(20);
        response.socket?.resetAndDestroy();
        return;
      }
      case 'rewritten':
        await this.pass(request, response, body, (answer) => ({
          ...answer,
          body: Buffer.from(spoiling.change(answer.body.toString())),
        }));
        return;
      case 'slow':
        await sleep(spoiling.ms);
        await this.pass(request, response, body);
        return;
      case undefined:
        await this.pass(request, response, body);
    }
  }

  private async pass(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    change: (answer: Answer) => Answer = (answer) => answer,
  ): Promise<void> {
    const answer = change(await this.forward(request, body));
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
    response.end(answer.body);
  }

  private forward(request: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.target;
      const headers = { ...request.headers, host: this.target.host, 'content-length': body.length };
      const onward = send({ hostname, port, method: request.method, path: request.url, headers }, (reply) => {
        readAll(reply).then((bytes) => {
          const { 'transfer-encoding': _, ...kept } = reply.headers;
          resolve({ status: reply.statusCode ?? 502, headers: kept, body: bytes });
        }, reject);
      });
      onward.on('error', reject);
      onward.end(body);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function operationOf({ headers, method }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.lastIndexOf('.') + 1);
  return new URLSearchParams(body.toString()).get('Action') ?? method ?? '';
}

/** An error as the JSON and the query protocol write it: the client reads the one it knows. */
function refuse(
  response: ServerResponse,
  { status, code, message = code }: Extract<Spoiling, { kind: 'refused' }>,
): void {
  const body = JSON.stringify({ __type: code, message });
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'content-length': body.length });
  response.end(body);
}

interface PutRecords {
  readonly Records: readonly unknown[];
}

function withoutRecords(body: Buffer, isRefused: (index: number) => boolean): Buffer {
  const asked = JSON.parse(body.toString()) as PutRecords;
  return Buffer.from(JSON.stringify({ ...asked, Records: asked.Records.filter((_, index) => !isRefused(index)) }));
}

/** The answer to all records of the request, of which the service saw only some. */
function withRefusals(
  request: Buffer,
  answer: Buffer,
  { code, isRefused }: Extract<Spoiling, { kind: 'partial' }>,
): Buffer {
  const stored = [...(JSON.parse(answer.toString()) as PutRecords).Records];
  const { Records: asked } = JSON.parse(request.toString()) as PutRecords;
  const refusal = { ErrorCode: code, ErrorMessage: 'Rate exceeded for shard' };
  const Records = asked.map((_, index) => (isRefused(index) ? refusal : stored.shift()));
  const FailedRecordCount = asked.filter((_, index) => isRefused(index)).length;
  return Buffer.from(JSON.stringify({ FailedRecordCount, Records }));
}

/**
 * A server on loopback that answers as AWS would, with replies made by hand in the documented shape: for what no emulator answers
 * (prices, quotas) and for failures that none makes.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call, as the SDK sent it. */
export interface FakeCall {
  /** Operation, such as `GetCallerIdentity`; empty for calls of S3. */
  readonly action: string;
  /** Path of the request. */
  readonly path: string;
  readonly method: string;
  /** Parameters: of the form, or the JSON. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
}

export interface FakeReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FakeAws {
  readonly endpoint: string;
  readonly calls: readonly FakeCall[];
  stop(): Promise<void>;
}

/** `reply` may return undefined for a call that is never answered, and then the connection is cut. */
export async function startFakeAws(reply: (call: FakeCall) => FakeReply | undefined): Promise<FakeAws> {
  const calls: FakeCall[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const call = callOf(text, request.headers, request.url ?? '', request.method ?? '');
      calls.push(call);
      const answer = reply(call);
      if (answer === undefined) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status ?? 200, answer.headers ?? {});
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function callOf(text: string, headers: IncomingHttpHeaders, path: string, method: string): FakeCall {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const input = JSON.parse(text || '{}') as Record<string, unknown>;
    return { action: target.split('.').at(-1) ?? '', path, method, input, headers };
  }
  const input = Object.fromEntries(new URLSearchParams(text));
  return { action: input['Action'] ?? '', path, method, input, headers };
}

/** Reply of the services that answer XML to a form: STS, IAM, CloudFormation. */
export function queryReply(action: string, result: string): FakeReply {
  return {
    headers: { 'content-type': 'text/xml' },
    body: `<${action}Response><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`,
  };
}

/** A refusal by one of these services. */
export function queryError(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): FakeReply {
  return {
    status,
    headers: { 'content-type': 'text/xml', ...headers },
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  };
}

/** Reply of the services that answer JSON. */
export function jsonReply(value: unknown): FakeReply {
  return { headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(value) };
}

export function jsonError(status: number, type: string, message: string): FakeReply {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ __type: type, message }),
  };
}

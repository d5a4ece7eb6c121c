/** The protocol of Valkey and Redis, as far as it takes to send commands and read their replies in order. https://valkey.io/topics/protocol/ (read 2026-11-21) */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

type Reply = string | null | Error;

export interface RespConnection {
  isOpen(): boolean;
  /** Sends the commands in one go; an error reply is a value, a broken connection rejects. */
  send(commands: readonly (readonly string[])[]): Promise<Reply[]>;
  close(): void;
}

/** A cache that does not answer within this is taken for unreachable. */
const PATIENCE_MS = 5000;

/** Opens `redis://host:port` or, over TLS, `rediss://host:port`. */
export async function openConnection({ protocol, hostname, port }: URL): Promise<RespConnection> {
  const isTls = protocol === 'rediss:';
  const place = { host: hostname, port: Number(port) };
  const socket = isTls ? connectTls({ ...place, servername: hostname }) : connectPlain(place);
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no answer from ${hostname}:${port}`)));
    socket.once(isTls ? 'secureConnect' : 'connect', resolve);
    socket.once('error', reject);
  });
  // Between invocations a function is frozen: silence then is no fault. While replies are due, it is.
  socket.setTimeout(0);
  return converse(socket);
}

interface Waiting {
  take(reply: Reply): void;
  fail(error: Error): void;
}

function converse(socket: Socket): RespConnection {
  const waiting: Waiting[] = [];
  let held = '';
  let isOpen = true;
  const end = (error: Error): void => {
    isOpen = false;
    for (const one of waiting.splice(0)) one.fail(error);
  };
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    held += chunk;
    for (;;) {
      const read = readReply(held);
      if (read === undefined) return;
      held = held.slice(read.end);
      waiting.shift()?.take(read.reply);
    }
  });
  socket.on('error', end);
  socket.on('close', () => end(new Error('connection closed')));
  return {
    isOpen: () => isOpen,
    send: async (commands) => {
      const replies = commands.map(
        () => new Promise<Reply>((resolve, reject) => waiting.push({ take: resolve, fail: reject })),
      );
      socket.setTimeout(PATIENCE_MS);
      socket.write(commands.map(encode).join(''));
      try {
        return await Promise.all(replies);
      } finally {
        socket.setTimeout(0);
      }
    },
    close: () => socket.destroy(),
  };
}

function encode(parts: readonly string[]): string {
  return `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;
}

/** The first whole reply of a text, and where it ends. Bytes are read as characters of Latin-1. */
export function readReply(text: string): { reply: Reply; end: number } | undefined {
  const lineEnd = text.indexOf('\r\n');
  if (lineEnd < 0) return undefined;
  const line = text.slice(1, lineEnd);
  const after = lineEnd + 2;
  if (text[0] === '-') return { reply: new Error(line), end: after };
  if (text[0] !== '$') return { reply: line, end: after };
  const length = Number(line);
  if (length < 0) return { reply: null, end: after };
  if (text.length < after + length + 2) return undefined;
  return { reply: text.slice(after, after + length), end: after + length + 2 };
}

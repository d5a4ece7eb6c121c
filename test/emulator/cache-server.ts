/**
 * A cache for deployed code: the redis-server that came with the emulator, or one that is installed; where there is neither, a
 * stand-in that knows the commands that the product's client sends (GET, and SET with EX and NX). Says which.
 */
import { spawn, spawnSync } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRedisServer } from '#tools/setup/ministack.mjs';
import { freePort } from './emulator.ts';

export interface CacheServer {
  readonly kind: 'redis-server' | 'stand-in';
  readonly port: number;
  stop(): Promise<void>;
}

export async function startCache(): Promise<CacheServer> {
  const port = await freePort();
  const program = [findRedisServer(), 'redis-server'].find((path) => path !== undefined && isRunnable(path));
  const cache = program === undefined ? await startStandIn(port) : await startRedis(program, port);
  console.log(`    adapted for the emulator: ElastiCache: ${cache.kind} at port ${port}`);
  return cache;
}

const isRunnable = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

async function startRedis(program: string, port: number): Promise<CacheServer> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn(program, args, { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  for (let i = 0; i < 200 && !(await answers(port)); i += 1) await sleep(50);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    kind: 'redis-server',
    port,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function startStandIn(port: number): Promise<CacheServer> {
  const held = new Map<string, string>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      for (let read = readCommand(text); read !== undefined; read = readCommand(text)) {
        text = text.slice(read.length);
        socket.write(answer(held, read.words));
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    kind: 'stand-in',
    port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One command as the protocol of Redis writes it: an array of strings with their lengths. */
function readCommand(text: string): { readonly words: readonly string[]; readonly length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  let at = head[0].length;
  const words: string[] = [];
  for (let i = 0; i < Number(head[1]); i += 1) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (size === null) return undefined;
    const start = at + size[0].length;
    const end = start + Number(size[1]);
    if (text.length < end + 2) return undefined;
    words.push(text.slice(start, end));
    at = end + 2;
  }
  return { words, length: at };
}

function answer(held: Map<string, string>, [name = '', key = '', value = '', ...options]: readonly string[]): string {
  if (name.toUpperCase() === 'GET') {
    const found = held.get(key);
    return found === undefined ? '$-1\r\n' : `$${found.length}\r\n${found}\r\n`;
  }
  if (name.toUpperCase() !== 'SET') return `-ERR unknown command ${name}\r\n`;
  if (options.includes('NX') && held.has(key)) return '$-1\r\n';
  held.set(key, value);
  return '+OK\r\n';
}

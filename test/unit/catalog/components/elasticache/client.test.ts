import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAskedClient } from '#catalog/components/elasticache/client.ts';
import { readReply } from '#catalog/models/deployment/client/resp.ts';

type Answer = (command: readonly string[]) => string;

const servers: Server[] = [];

/** A server that speaks as much of the protocol as a client of ours needs. */
async function cacheServer(answer: Answer): Promise<string> {
  const server = createServer((socket: Socket) => {
    let held = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      held += String(chunk);
      const replies: string[] = [];
      for (;;) {
        const parts = /^\*(\d+)\r\n/.exec(held);
        if (parts === null) break;
        let rest = held.slice(parts[0].length);
        const command: string[] = [];
        for (let i = 0; i < Number(parts[1]); i += 1) {
          const [head = '', length = '0'] = /^\$(\d+)\r\n/.exec(rest) ?? [];
          command.push(rest.slice(head.length, head.length + Number(length)));
          rest = rest.slice(head.length + Number(length) + 2);
        }
        held = rest;
        replies.push(answer(command));
      }
      // Cut in two, as networks do.
      const text = replies.join('');
      socket.write(text.slice(0, 3), 'latin1', () => setTimeout(() => socket.write(text.slice(3), 'latin1'), 5));
    });
    socket.on('error', () => undefined);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

function memory(): { readonly answer: Answer; readonly commands: string[] } {
  const kept = new Set<string>();
  const commands: string[] = [];
  const answer: Answer = ([name, key = '', ...more]) => {
    commands.push([name, key, ...more].join(' '));
    if (name === 'GET') return kept.has(key) ? '$1\r\n1\r\n' : '$-1\r\n';
    if (more.includes('NX') && kept.has(key)) return '$-1\r\n';
    kept.add(key);
    return '+OK\r\n';
  };
  return { answer, commands };
}

const mark = { value: '1', timeToLiveSeconds: 60, onlyNew: true };

describe('the client of a cache', () => {
  const client = createAskedClient({});

  afterEach(() => {
    client.close();
    for (const server of servers.splice(0)) server.close();
  });

  it('marks keys that were not there, and says which', async () => {
    const { answer, commands } = memory();
    const address = `redis://${await cacheServer(answer)}`;
    expect(await client.put(address, ['a', 'b', 'a'], mark)).toEqual([true, true, false]);
    expect(await client.has(address, ['a', 'c'])).toEqual([true, false]);
    expect(commands).toEqual(['SET a 1 EX 60 NX', 'SET b 1 EX 60 NX', 'SET a 1 EX 60 NX', 'GET a', 'GET c']);
  });

  it('goes where the cache says that a key lives', async () => {
    const other = memory();
    const there = await cacheServer(other.answer);
    const here = memory();
    const moved: Answer = (command) => (command[1] === 'b' ? `-MOVED 1 ${there}\r\n` : here.answer(command));
    const address = `redis://${await cacheServer(moved)}`;
    expect(await client.put(address, ['a', 'b', 'c'], mark)).toEqual([true, true, true]);
    expect(other.commands).toEqual(['SET b 1 EX 60 NX']);
  });

  it('fails with what the cache answered', async () => {
    const address = `redis://${await cacheServer(() => '-OOM command not allowed when used memory > maxmemory\r\n')}`;
    await expect(client.put(address, ['a'], mark)).rejects.toThrow('OOM command not allowed');
  });

  it('fails when nothing listens, and tries again with the next call', async () => {
    const { answer } = memory();
    const place = await cacheServer(answer);
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    await expect(client.has(`redis://${place}`, ['a'])).rejects.toThrow(/ECONNREFUSED/);
    await expect(client.has(`redis://${place}`, ['a'])).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('a reply', () => {
  it('is read when it is whole', () => {
    expect(readReply('$5\r\nhel')).toBeUndefined();
    expect(readReply('$5\r\nhello\r\n+OK')).toEqual({ reply: 'hello', end: 11 });
    expect(readReply('+OK\r\n')).toEqual({ reply: 'OK', end: 5 });
    expect(readReply(':7\r\n')).toEqual({ reply: '7', end: 4 });
    expect(readReply('$-1\r\n')).toEqual({ reply: null, end: 5 });
  });
});

/** Asks a cache for Valkey or Redis OSS: GET and SET, sent in one go, over TLS. */
import { type RespConnection, openConnection } from '#catalog/models/deployment/client/resp.ts';
import type { AskedClient, AskedClientFactory } from '#catalog/models/deployment/client.ts';

/** Redirections of one command before it is given up: a shard may be moving. */
const MOST_MOVES = 5;

export const createAskedClient: AskedClientFactory = (): AskedClient => {
  const open = new Map<string, Promise<RespConnection>>();

  async function connection(address: string): Promise<RespConnection> {
    const known = await open.get(address)?.catch(() => undefined);
    if (known?.isOpen() === true) return known;
    const made = openConnection(new URL(address));
    open.set(address, made);
    return await made;
  }

  /** Replies in the order of the commands; those for another shard are repeated there. */
  async function ask(address: string, commands: readonly (readonly string[])[], moves = 0): Promise<(string | null)[]> {
    const replies = await (await connection(address)).send(commands);
    const elsewhere = new Map<string, number[]>();
    for (const [i, reply] of replies.entries()) {
      if (!(reply instanceof Error)) continue;
      const [kind, , to] = reply.message.split(' ');
      if (kind !== 'MOVED' || to === undefined || moves >= MOST_MOVES) throw reply;
      elsewhere.set(to, [...(elsewhere.get(to) ?? []), i]);
    }
    for (const [to, places] of elsewhere) {
      const moved = await ask(
        `${new URL(address).protocol}//${to}`,
        places.map((i) => commands[i]!),
        moves + 1,
      );
      for (const [k, i] of places.entries()) replies[i] = moved[k]!;
    }
    return replies as (string | null)[];
  }

  return {
    has: async (address, keys) => {
      const replies = await ask(
        address,
        keys.map((key) => ['GET', key]),
      );
      return replies.map((reply) => reply !== null);
    },
    put: async (address, keys, { value, timeToLiveSeconds, onlyNew }) => {
      const more = ['EX', String(timeToLiveSeconds), ...(onlyNew ? ['NX'] : [])];
      const replies = await ask(
        address,
        keys.map((key) => ['SET', key, value, ...more]),
      );
      return replies.map((reply) => reply === 'OK');
    },
    close: () => {
      for (const one of open.values()) void one.then((connected) => connected.close()).catch(() => undefined);
      open.clear();
    },
  };
};

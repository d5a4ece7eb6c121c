import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Gate, makeToken } from '#host/serve/gate.ts';

const token = '0123456789abcdef0123456789abcdef';
const gate = new Gate(4870, token);
const host = '127.0.0.1:4870';
const cookie = `caudal-4870=${token}`;

function asked(url: string, headers: IncomingMessage['headers']): IncomingMessage {
  return { url, headers } as IncomingMessage;
}

describe('the gate', () => {
  it('lets a window in that has the cookie, under both names of this computer', () => {
    for (const name of [host, 'localhost:4870']) {
      expect(gate.judgeRequest(asked('/', { host: name, cookie })).kind).toBe('pass');
      const headers = { host: name, cookie: `other=1; ${cookie}`, origin: `http://${name}` };
      expect(gate.judgeUpgrade(asked('/rpc', headers)).kind).toBe('pass');
    }
  });

  it('exchanges the token of the address for a cookie', () => {
    expect(gate.judgeRequest(asked(`/?token=${token}`, { host }))).toEqual({
      kind: 'exchange',
      cookie: `${cookie}; Path=/; HttpOnly; SameSite=Strict`,
    });
  });

  it('draws tokens of 128 bits that are never the same', () => {
    const tokens = new Set(Array.from({ length: 100 }, makeToken));
    expect(tokens.size).toBe(100);
    for (const drawn of tokens) expect(drawn).toMatch(/^[0-9a-f]{32}$/);
  });

  it('fails without a token, or with a wrong one', () => {
    for (const headers of [
      { host },
      { host, cookie: 'caudal-4870=' },
      { host, cookie: `caudal-4871=${token}` },
      { host, cookie: `caudal-4870=${token}0` },
    ]) {
      expect(gate.judgeRequest(asked('/', headers))).toMatchObject({ status: 401, reason: 'token' });
    }
    expect(gate.judgeRequest(asked('/?token=', { host }))).toMatchObject({ status: 401 });
  });

  it('fails for another host before it looks at the token', () => {
    for (const name of [undefined, 'evil.example:4870', '127.0.0.1:4871', '127.0.0.1', '[::1]:4870']) {
      const headers = { cookie, origin: `http://${host}`, ...(name === undefined ? {} : { host: name }) };
      expect(gate.judgeRequest(asked(`/?token=${token}`, headers))).toMatchObject({ status: 421 });
      expect(gate.judgeUpgrade(asked('/rpc', headers))).toMatchObject({ status: 421 });
    }
  });

  it('fails for a WebSocket of another origin', () => {
    for (const origin of [
      undefined,
      'null',
      'http://127.0.0.1:4871',
      `https://${host}`,
      `http://${host}.evil.example`,
    ]) {
      const headers = { host, cookie, ...(origin === undefined ? {} : { origin }) };
      expect(gate.judgeUpgrade(asked('/rpc', headers))).toMatchObject({ status: 403, reason: 'origin' });
    }
  });

  it('fails to be made with a token that could be guessed', () => {
    expect(() => new Gate(4870, 'secret')).toThrow('32 hexadecimal digits');
  });
});

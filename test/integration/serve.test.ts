import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { createConnection } from 'node:net';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostError } from '#renderer/state/host-client.ts';
import { InputError } from '#schema/errors.ts';
import type { RunEvent } from '#schema/rpc.ts';
import { Harness, smallDocument } from './serve-harness.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

describe('the served window', () => {
  it('gives a cookie for the token, and the page for the cookie', async () => {
    const first = await harness.ask(`/?token=${harness.token}`);
    expect(first.status).toBe(303);
    expect(first.headers['location']).toBe('/');
    expect(first.headers['set-cookie']).toEqual([`${harness.cookie}; Path=/; HttpOnly; SameSite=Strict`]);
    const page = await harness.ask('/', { Cookie: harness.cookie });
    expect(page.status).toBe(200);
    expect(page.body.toString()).toContain('<title>window</title>');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('draws another token at each start, of 128 bits', async () => {
    const other = await Harness.start();
    expect(other.token).toMatch(/^[0-9a-f]{32}$/);
    expect(other.token).not.toBe(harness.token);
    await other.stop();
  });

  it('sends its protective headers with every answer', async () => {
    const asked = ['/', '/missing.js', `/?token=${harness.token}`];
    for (const path of asked) {
      for (const cookie of [harness.cookie, '']) {
        const { headers } = await harness.ask(path, { Cookie: cookie });
        expect(headers['content-security-policy']).toContain("default-src 'none'");
        expect(headers['x-content-type-options']).toBe('nosniff');
        expect(headers['referrer-policy']).toBe('no-referrer');
        expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      }
    }
  });

  it('compresses for those who take it', async () => {
    const path = '/assets/main-abc123.js';
    const plain = await harness.ask(path, { Cookie: harness.cookie });
    const packed = await harness.ask(path, { Cookie: harness.cookie, 'Accept-Encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.body.length).toBeLessThan(plain.body.length);
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
  });

  it('is not bound to any other address of this computer', async () => {
    const outside = Object.values(networkInterfaces()).flatMap((found) =>
      (found ?? []).filter(({ internal }) => !internal),
    );
    for (const address of ['::1', ...outside.map((found) => found.address)]) {
      const outcome = await new Promise((resolve) => {
        const socket = createConnection({ host: address, port: harness.served.port });
        socket.on('connect', () => resolve(`${address} answered`));
        socket.on('error', () => resolve('refused'));
        socket.on('close', () => socket.destroy());
      });
      expect(outcome).toBe('refused');
    }
  });

  it('takes the next port when the one asked for is in use', async () => {
    const next = await Harness.start({ port: harness.served.port });
    expect(next.served.port).not.toBe(harness.served.port);
    await next.stop();
  });

  it('opens files in the folder of its document, where that lies elsewhere', async () => {
    const other = await harness.another({ folder: undefined, file: join(harness.folder, 'small.caudal.json') });
    const { client, socket } = await other.connect();
    expect((await client.app.info({})).folder).toBe(basename(harness.folder));
    expect(await client.document.current({})).toMatchObject({ path: 'small.caudal.json' });
    socket.terminate();
    await other.served.close();
  });

  it('goes on after a window was closed in the middle of a run, and ends that run', async () => {
    const { client, socket } = await harness.connect();
    const opened = await client.document.current({});
    if (opened.kind !== 'valid') throw new Error('the document has faults');
    const events = await client.run.start({ document: opened.id, horizonSeconds: 30 * 86_400 });
    const { value: started } = await events.next();
    if (started?.kind !== 'started') throw new Error('the run did not start');
    socket.terminate();
    const again = await harness.connect();
    await expect
      .poll(() => again.client.run.resume({ runId: started.runId }).catch(hostError), { timeout: 20_000 })
      .toMatchObject({
        faults: [{ code: 'run/not-running' }],
      });
    expect((await again.client.app.info({})).folder).not.toBe('');
    again.socket.terminate();
  });

  it('fails without a token, in plain words', async () => {
    for (const [path, cookie] of [
      ['/', ''],
      ['/assets/main-abc123.js', ''],
      ['/?token=0123456789abcdef0123456789abcdef', ''],
      ['/', `caudal-${harness.served.port}=0123456789abcdef0123456789abcdef`],
    ] as const) {
      const refused = await harness.ask(path, { Cookie: cookie });
      expect(refused.status).toBe(401);
      expect(refused.body.toString()).toContain('only the address it prints when it starts opens it');
    }
  });

  it('fails for a host name that was made to point here', async () => {
    for (const host of ['evil.example', `evil.example:${harness.served.port}`, '127.0.0.1', 'localhost']) {
      const refused = await harness.ask('/', { Cookie: harness.cookie, Host: host });
      expect(refused.status).toBe(421);
      const origin = harness.origin;
      expect(await harness.tryUpgrade({ Cookie: harness.cookie, Origin: origin, Host: host })).toBe(421);
    }
  });

  it('fails for a WebSocket of another origin, or of none', async () => {
    const { cookie, origin } = harness;
    expect(await harness.tryUpgrade({ Cookie: cookie, Origin: origin })).toBe(101);
    expect(await harness.tryUpgrade({ Cookie: cookie, Origin: 'https://evil.example' })).toBe(403);
    expect(await harness.tryUpgrade({ Cookie: cookie, Origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await harness.tryUpgrade({ Cookie: cookie, Origin: 'null' })).toBe(403);
    expect(await harness.tryUpgrade({ Cookie: cookie })).toBe(403);
    expect(await harness.tryUpgrade({ Origin: origin })).toBe(401);
    expect(await harness.tryUpgrade({ Cookie: cookie, Origin: origin }, '/other')).toBe(404);
  });

  it('fails for paths that lead out of its folder', async () => {
    await writeFile(join(harness.folder, 'secret.txt'), 'secret');
    await symlink(join(harness.folder, 'secret.txt'), join(harness.folder, 'window', 'link.txt'));
    const paths = [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/..%5csecret.txt',
      '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
      '//secret.txt',
      `/${join(harness.folder, 'secret.txt')}`,
      '/link.txt',
      '/secret.txt%00.js',
      '/%E0%A4%A',
    ];
    for (const path of paths) {
      const refused = await harness.ask(path, { Cookie: harness.cookie });
      expect([path, refused.status]).toEqual([path, 404]);
    }
  });

  it('fails for anything but reading', async () => {
    const refused = await harness.ask('/', { Cookie: harness.cookie }, 'POST');
    expect(refused.status).toBe(405);
  });

  it('fails to start when the window is not built', async () => {
    await expect(Harness.start({ window: join(tmpdir(), 'caudal-no-such-window') })).rejects.toThrow('npm run build');
  });
});

describe('the calls of a window', () => {
  it('bring series as Float64Array through a real WebSocket', async () => {
    const { client, socket } = await harness.connect();
    const opened = await client.document.current({});
    if (opened.kind !== 'valid') throw new Error('the document has faults');
    expect(opened.path).toBe('small.caudal.json');
    expect(opened.document.run.horizonSeconds).toBe(60);
    const events: RunEvent[] = [];
    for await (const event of await client.run.start({ document: opened.id, seed: 11 })) events.push(event);
    expect(events[0]).toMatchObject({ kind: 'started', seed: 11, horizonSeconds: 60 });
    const last = events.at(-1);
    if (last?.kind !== 'done') throw new Error('the run did not end');
    expect(last.cancelled).toBe(false);
    const series = last.report.nodes['visitors']?.series ?? [];
    expect(series.length).toBeGreaterThan(0);
    for (const { values } of series) expect(values).toBeInstanceOf(Float64Array);
    const created = series.find(({ metric }) => metric === 'RecordsCreated');
    expect(created?.values.length).toBeGreaterThan(1);
    expect(last.report.ledger.created).toBeGreaterThan(1000);
    socket.terminate();
  });

  it('pause, resume and cancel a run', async () => {
    const { client, socket } = await harness.connect();
    const opened = await client.document.current({});
    if (opened.kind !== 'valid') throw new Error('the document has faults');
    const events = await client.run.start({ document: opened.id, horizonSeconds: 30 * 86_400 });
    const { value: started } = await events.next();
    if (started?.kind !== 'started') throw new Error('the run did not start');
    const { runId } = started;
    await events.next();
    await client.run.pause({ runId });
    await client.run.resume({ runId });
    await events.next();
    await client.run.pause({ runId });
    await client.run.cancel({ runId });
    let last: RunEvent | undefined;
    for await (const event of events) last = event;
    expect(last).toMatchObject({ kind: 'done', cancelled: true });
    socket.terminate();
  });

  it('list documents and folders, and open another', async () => {
    await mkdir(join(harness.folder, 'designs'), { recursive: true });
    await writeFile(
      join(harness.folder, 'designs', 'broken.caudal.json'),
      JSON.stringify({ ...smallDocument, nodes: 3 }),
    );
    const { client, socket } = await harness.connect();
    const top = await client.files.list({});
    expect(top.entries.map(({ path, kind }) => [path, kind])).toEqual([
      ['designs', 'folder'],
      ['window', 'folder'],
      ['small.caudal.json', 'document'],
    ]);
    const broken = await client.document.open({ path: 'designs/broken.caudal.json' });
    expect(broken).toMatchObject({ kind: 'faulty', path: 'designs/broken.caudal.json' });
    const back = await client.document.open({ path: 'small.caudal.json' });
    expect(back).toMatchObject({ kind: 'valid' });
    const checked = await client.document.validate({ document: { ...smallDocument, nodes: [] } });
    expect(checked.faults.length).toBeGreaterThan(0);
    socket.terminate();
  });

  it('fails for what lies outside the start folder', async () => {
    const { client, socket } = await harness.connect();
    await symlink(tmpdir(), join(harness.folder, 'elsewhere'));
    for (const path of ['..', '../other.caudal.json', 'designs/../../x', '/etc', 'elsewhere']) {
      const error = await client.files.list({ path }).catch(hostError);
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({ faults: [{ code: 'file/outside-folder' }] });
    }
    socket.terminate();
  });

  it('fails when an input does not have the shape of the table', async () => {
    const { client, socket } = await harness.connect();
    await expect(client.document.open({ path: 7 } as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(client.run.start({ document: 'x', seed: -1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const unknown = await client.run.cancel({ runId: 'none' }).catch(hostError);
    expect(unknown).toMatchObject({ faults: [{ code: 'run/not-running' }] });
    socket.terminate();
  });

  it('fails alone when a frame cannot be read', async () => {
    const { socket } = await harness.connect();
    socket.send(new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0]));
    await once(socket, 'close');
    const again = await harness.connect();
    expect(await again.client.document.current({})).toMatchObject({ kind: 'valid' });
    again.socket.terminate();
  });
});

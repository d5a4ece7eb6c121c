import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MainPort, portOfMain } from '#electron/main/main-port.ts';
import { createHost, type Host } from '#host/host.ts';
import { StartFolder } from '#host/router/start-folder.ts';
import { type HostClient, portClient } from '#renderer/state/host-client.ts';
import type { RunEvent } from '#schema/rpc.ts';
import { smallDocument } from '#test/integration/serve-harness.ts';

let folder = '';
let host: Host;
let client: HostClient;
let pagePort: MessagePort;
const chosen: string[] = [];

/** A port of Node with the events of Electron's: what is sent is cloned alike. */
function asMainPort(port: MessagePort): MainPort {
  return {
    postMessage: (message) => port.postMessage(message),
    on: (event: 'message' | 'close', listener: (message: { data: unknown }) => void) =>
      port.on(event, (data: unknown) => listener({ data })),
    start: () => port.start(),
  } as MainPort;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-main-port-'));
  const file = join(folder, 'small.caudal.json');
  await writeFile(file, JSON.stringify(smallDocument));
  host = createHost({
    folder: await StartFolder.open(folder, false),
    file,
    state: join(folder, '.state'),
    dialogs: {
      async choose(purpose, suggested) {
        chosen.push(`${purpose} ${suggested}`);
        return join(tmpdir(), 'chosen.caudal.json');
      },
    },
    onBug: (error) => {
      throw error;
    },
  });
  const { port1, port2 } = new MessageChannel();
  pagePort = port2;
  host.upgrade(portOfMain(asMainPort(port1)));
  client = portClient(port2 as unknown as Parameters<typeof portClient>[0]);
  port2.start();
});

afterEach(async () => {
  pagePort.close();
  await host.close();
  await rm(folder, { recursive: true });
});

describe('the router over a message port', () => {
  it('brings series as Float64Array, and the run to its end', async () => {
    const opened = await client.document.current({});
    if (opened.kind !== 'valid') throw new Error('the document has faults');
    const events: RunEvent[] = [];
    for await (const event of await client.run.start({ document: opened.id })) events.push(event);
    const last = events.at(-1);
    if (last?.kind !== 'done') throw new Error('the run did not end');
    const series = last.report.nodes['visitors']?.series ?? [];
    expect(series.length).toBeGreaterThan(0);
    for (const { values } of series) expect(values).toBeInstanceOf(Float64Array);
  });

  it('ends a run when the page goes, and lets the next window write', async () => {
    const opened = await client.document.current({});
    if (opened.kind !== 'valid') throw new Error('the document has faults');
    const events = await client.run.start({ document: opened.id, horizonSeconds: 30 * 86_400 });
    expect((await events.next()).value).toMatchObject({ kind: 'started' });
    pagePort.close();
    const { port1, port2 } = new MessageChannel();
    pagePort = port2;
    host.upgrade(portOfMain(asMainPort(port1)));
    const next = portClient(port2 as unknown as Parameters<typeof portClient>[0]);
    port2.start();
    await expect
      .poll(async () => {
        const again = await next.document.takeOver({});
        return again.kind === 'none' ? await next.document.current({}) : again;
      })
      .toMatchObject({ kind: 'valid', access: { canWrite: true } });
  });

  it('shows the dialogs of the system, and saves where they say', async () => {
    expect((await client.app.info({})).hasFileDialogs).toBe(true);
    const { path } = await client.files.choose({ purpose: 'save', suggested: 'x.caudal.json' });
    expect(chosen.at(-1)).toBe('save x.caudal.json');
    const opened = await client.document.current({});
    if (opened.kind !== 'valid') throw new Error('the document has faults');
    const saved = await client.document.save({ id: opened.id, path, overwrite: true });
    expect(saved.path).toBe(join(tmpdir(), 'chosen.caudal.json'));
    await rm(saved.path);
  });

  it('shows a file that the system opens, and what its menu chooses', async () => {
    const { port1, port2 } = new MessageChannel();
    const seat = host.upgrade(portOfMain(asMainPort(port1)));
    const second = portClient(port2 as unknown as Parameters<typeof portClient>[0]);
    port2.start();
    await second.document.current({});
    const events = await second.document.watch({});
    const other = join(folder, 'other.caudal.json');
    await writeFile(other, JSON.stringify({ ...smallDocument, name: 'other' }));
    const first = events.next();
    await expect
      .poll(async () => {
        seat.tell({ kind: 'command', command: 'save' });
        return await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 50))]);
      })
      .toMatchObject({ value: { kind: 'command', command: 'save' } });
    await host.documents.openFrom(seat, other);
    for await (const event of events) {
      if (event.kind !== 'opened') continue;
      expect(event.opened).toMatchObject({ kind: 'valid', path: 'other.caudal.json', document: { name: 'other' } });
      break;
    }
    port2.close();
  });
});

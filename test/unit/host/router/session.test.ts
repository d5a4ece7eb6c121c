import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Session } from '#host/router/session.ts';
import { StartFolder } from '#host/router/start-folder.ts';

/** A folder with a document whose trace lies at `trace`, and a trace inside and outside the folder. */
async function sessionWith(trace: string): Promise<Session> {
  const root = await mkdtemp(join(tmpdir(), 'caudal-session-'));
  const folder = join(root, 'start');
  await mkdir(folder);
  const rows = 'second,count\n0,5\n1,7\n';
  await writeFile(join(folder, 'inside.csv'), rows);
  await writeFile(join(root, 'outside.csv'), rows);
  const file = join(folder, 'design.caudal.json');
  const document = {
    schemaVersion: 1,
    name: 'traced',
    nodes: [
      { id: 'source', type: 'traffic-source', outputs: [{ id: 'records', emit: {} }] },
      { id: 'service', type: 'custom-service' },
    ],
    edges: [{ id: 'edge', source: 'source', output: 'records', target: 'service', port: 'requests' }],
    workloads: [
      {
        id: 'load',
        node: 'source',
        arrivals: { kind: 'trace', csv: { path: trace } },
        recordSize: { kind: 'constant', bytes: 100 },
        partitionKey: { kind: 'uniform', keys: 10 },
      },
    ],
  };
  await writeFile(file, JSON.stringify(document));
  return new Session(await StartFolder.open(folder), file);
}

describe('a session', () => {
  it('opens a document with a trace from the start folder', async () => {
    const opened = await (await sessionWith('inside.csv')).current();
    expect(opened.kind).toBe('valid');
  });

  it.each(['../outside.csv', '/etc/hostname'])('fails to read a trace outside the start folder: %s', async (trace) => {
    const opened = await (await sessionWith(trace)).current();
    expect(opened).toMatchObject({ kind: 'faulty', faults: [{ path: 'workloads.load.arrivals.csv.path' }] });
    expect(JSON.stringify(opened)).toMatch(/outside|folder/);
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '#schema/result.ts';
import { caudal, queue } from './caudal.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-advise-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** 20 requests a second of 200 ms each need four servers; there is one. */
function overloaded(): Record<string, unknown> {
  const nodes = [
    { id: 'app', type: 'traffic-source', outputs: [{ id: 'requests' }] },
    { id: 'server', type: 'custom-service', config: { meanServiceTimeMs: 200 } },
  ];
  return queue({ nodes });
}

async function file(): Promise<string> {
  const path = join(folder, 'design.caudal.json');
  await writeFile(path, JSON.stringify(overloaded(), null, 2));
  return path;
}

describe('caudal explain', () => {
  it('names the limit that holds the design back and what would move it', async () => {
    const { code, out } = await caudal('explain', await file(), '--json');
    expect(code).toBe(0);
    const { bottlenecks } = JSON.parse(out) as Pick<RunReport, 'bottlenecks'>;
    expect(bottlenecks[0]).toMatchObject({ node: 'server', t0: 0, t1: 600 });
    expect(bottlenecks[0]?.text).toContain('nodes.server.config.servers');
  });
});

describe('caudal advise', () => {
  it('leaves the file alone unless told to apply', async () => {
    const path = await file();
    const before = await readFile(path, 'utf8');
    const { code, out } = await caudal('advise', path);
    expect(code).toBe(0);
    expect(out).toContain('nodes.server.config.servers: 1 -> ');
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('writes a document that runs better, to another file where one is named', async () => {
    const path = await file();
    const before = await readFile(path, 'utf8');
    const mended = join(folder, 'mended.caudal.json');
    const { code, out } = await caudal('advise', path, '--apply', '--output', mended, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ written: mended, skipped: [] });
    expect(await readFile(path, 'utf8')).toBe(before);
    const p50 = async (of: string): Promise<number> => {
      const report = JSON.parse((await caudal('run', of, '--json')).out) as RunReport;
      return report.paths[0]?.latencySeconds.p50 ?? Number.NaN;
    };
    const before50 = await p50(path);
    expect(await p50(mended)).toBeLessThan(before50 / 2);
  });

  it('fails with 3 when the result cannot be written', async () => {
    const nowhere = join(folder, 'no', 'folder', 'x.caudal.json');
    const { code, out, err } = await caudal('advise', await file(), '--apply', '--output', nowhere);
    expect(code).toBe(3);
    expect(out).toContain('nodes.server.config.servers: 1 -> ');
    expect(err).toContain('file/no-folder');
  });
});

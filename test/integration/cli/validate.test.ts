import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caudal, queue } from './caudal.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-validate-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(content: unknown): Promise<string> {
  const path = join(folder, 'design.caudal.json');
  await writeFile(path, JSON.stringify(content, null, 2));
  return path;
}

describe('caudal validate', () => {
  it('accepts a valid design', async () => {
    const path = await file(queue());
    expect(await caudal('validate', path)).toEqual({ code: 0, out: `${path} is valid: 2 nodes, 1 edge\n`, err: '' });
    const { out } = await caudal('validate', path, '--json');
    expect(JSON.parse(out)).toEqual({ valid: true, faults: [], warnings: [] });
  });

  it('accepts a load that says only when records arrive, and warns of what is assumed', async () => {
    const { recordSize: _, partitionKey: __, ...load } = (queue()['workloads'] as Record<string, unknown>[])[0] ?? {};
    const { code, out } = await caudal('validate', await file(queue({ workloads: [load] })), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      valid: true,
      warnings: [
        { code: 'document/assumed-load', path: 'workloads.visits.recordSize' },
        { code: 'document/assumed-load', path: 'workloads.visits.partitionKey' },
      ],
    });
  });

  it('fails with 2 and the faults as data', async () => {
    const { code, out } = await caudal('validate', await file(queue({ schemaVersion: 9 })), '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      faults: [
        { code: 'document/newer-version', path: 'schemaVersion', received: '9', position: { line: 2, column: 20 } },
      ],
    });
  });

  it('warns about a fault that has no effect, and still accepts the design', async () => {
    const faults = [{ id: 'late', kind: 'outage', node: 'server', startSeconds: 9000, durationSeconds: 1 }];
    const { code, err } = await caudal('validate', await file(queue({ faults })));
    expect(code).toBe(0);
    expect(err).toContain('faults.late.startSeconds');
  });
});

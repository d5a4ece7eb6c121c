import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caudal, queue } from './caudal.ts';

let folder = '';
let design = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-show-'));
  design = join(folder, 'queue.caudal.json');
  await writeFile(design, JSON.stringify(queue()));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('caudal run --save and caudal show', () => {
  it('print the same object, byte for byte', async () => {
    const file = join(folder, 'queue.caudal-run');
    const run = await caudal('run', design, '--save', file, '--json');
    expect(run).toMatchObject({ code: 0, err: '' });
    const shown = await caudal('show', file, '--json');
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toBe(run.out);
    const text = await caudal('show', file);
    expect(text.out).toMatch(/^Saved run of \d{4}-\d\d-\d\d, made by Caudal \S+, prices of \d{4}-\d\d-\d\d\n/);
    expect(text.out).toContain('queue: one run');
  });

  it.each(['real-time-80m', 'walking-skeleton'])('print the same object for the scenario %s', async (name) => {
    const file = join(folder, `${name}.caudal-run`);
    const run = await caudal(
      'run',
      `scenarios/${name}/scenario.caudal.json`,
      '--horizon',
      '2m',
      '--save',
      file,
      '--json',
    );
    expect(run.code, run.err).toBe(0);
    expect((await caudal('show', file, '--json')).out).toBe(run.out);
  });

  it('fails with 2 when a saved run is run, and says what it is for', async () => {
    const file = join(folder, 'again.caudal-run');
    expect((await caudal('run', design, '--save', file)).out).toContain(`Saved to ${file}`);
    const { code, err } = await caudal('run', file);
    expect(code).toBe(2);
    expect(err).toContain('run/is-a-run');
    expect(err).toContain('caudal show');
  });

  it('fails with 2 before anything is simulated when the file would replace something else', async () => {
    const { code, err, out } = await caudal('run', design, '--save', design);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('run/wrong-ending');
    const other = join(folder, 'notes.caudal-run');
    await writeFile(other, 'my notes');
    expect((await caudal('run', design, '--save', other)).err).toContain('file/exists');
    expect(await readFile(other, 'utf8')).toBe('my notes');
  });

  it('fails with 3 when the folder does not exist', async () => {
    const { code, err } = await caudal('run', design, '--save', join(folder, 'no', 'x.caudal-run'));
    expect(code).toBe(3);
    expect(err).toContain('file/no-folder');
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import { ShippedScenarios } from '#host/documents/shipped-scenarios.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-scenarios-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(id: string, document: unknown, page?: string): Promise<void> {
  await mkdir(join(folder, id), { recursive: true });
  await writeFile(join(folder, id, 'scenario.caudal.json'), JSON.stringify(document));
  if (page !== undefined) await writeFile(join(folder, id, 'README.md'), page);
}

const nodes = [{ type: 'b' }, { type: 'a' }, { type: 'b' }];

describe('ShippedScenarios', () => {
  it('lists those that come with this checkout: a title, a sentence and known components for each', async () => {
    const scenarios = await new ShippedScenarios().list();
    expect(scenarios.filter(({ kind }) => kind === 'architecture').map(({ id }) => id)).toContain('real-time-80m');
    expect(new Set(scenarios.filter(({ kind }) => kind === 'component').map(({ name }) => name))).toEqual(
      new Set(components.keys()),
    );
    for (const scenario of scenarios) {
      expect(scenario.title, scenario.id).not.toBe(scenario.name);
      expect(scenario.description, scenario.id).toMatch(/^[A-Z\d].*\.$/);
      for (const type of scenario.components) expect(components.has(type), type).toBe(true);
    }
  });

  it('names each by the heading of its page, or by its own name, whole ones before small ones', async () => {
    await write('components/small', { name: 'small', nodes: [] });
    await write('whole', { name: 'w', description: 'Shows all.', nodes }, '# The whole of it\n\nText.\n');
    expect(await new ShippedScenarios(folder).list()).toEqual([
      {
        id: 'whole',
        kind: 'architecture',
        title: 'The whole of it',
        name: 'w',
        description: 'Shows all.',
        components: ['b', 'a'],
      },
      { id: 'components/small', kind: 'component', title: 'small', name: 'small', description: '', components: [] },
    ]);
  });

  it('gives the text of one, without the place of its schema', async () => {
    await write('whole', { $schema: '../../schema/caudal.schema.json', name: 'w', nodes, run: { seed: 7 } });
    const text = await new ShippedScenarios(folder).textOf('whole');
    expect(JSON.parse(text)).toEqual({ name: 'w', nodes, run: { seed: 7 } });
  });

  it('leaves out what cannot be read, and is empty where none came along', async () => {
    await write('broken', { nodes: 7 });
    await mkdir(join(folder, 'empty'));
    expect(await new ShippedScenarios(folder).list()).toEqual([]);
    expect(await new ShippedScenarios(join(folder, 'none')).list()).toEqual([]);
  });

  it.each(['../secret', 'components', 'whole/..', 'nothing'])('fails for %s, which is not on the list', async (id) => {
    await write('whole', { name: 'w', nodes });
    await expect(new ShippedScenarios(folder).textOf(id)).rejects.toMatchObject({
      faults: [{ code: 'document/unknown-scenario' }],
    });
  });
});

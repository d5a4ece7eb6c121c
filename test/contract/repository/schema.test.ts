import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemaText } from '#tools/write-schema.mjs';
import { components } from '#catalog/specs.ts';
import { read } from './files.ts';

const scenarioFiles = readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.caudal.json'))
  .map((file) => `scenarios/${file.replaceAll('\\', '/')}`);

describe('schema/caudal.schema.json', () => {
  it('is what `npm run schema` writes', () => {
    expect(read('schema/caudal.schema.json') === schemaText()).toBe(true);
  });

  it('describes the settings of every component', () => {
    const { properties } = JSON.parse(read('schema/caudal.schema.json')) as {
      properties: { nodes: { items: { allOf: { if: { properties: { type: { const: string } } } }[] } } };
    };
    const described = properties.nodes.items.allOf.map((choice) => choice.if.properties.type.const);
    expect(described).toEqual([...components.keys()]);
  });
});

describe('a shipped scenario', () => {
  it.each(scenarioFiles)('names the schema that lies beside it in the tree: %s', (file) => {
    const named = (JSON.parse(read(file)) as { $schema?: string }).$schema;
    const up = '../'.repeat(file.split('/').length - 1);
    expect(named).toBe(`${up}schema/caudal.schema.json`);
  });
});

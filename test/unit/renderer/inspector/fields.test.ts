import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { components, connections } from '#catalog/specs.ts';
import { alternativeOf, fieldRows } from '#renderer/inspector/fields.ts';
import { field, type FieldMeta } from '#schema/field.ts';
import { workloadSchema } from '#schema/workload.ts';

const meta = (label: string, change: Partial<FieldMeta> = {}): FieldMeta => ({
  label,
  unit: '',
  help: '',
  kind: 'choice',
  affects: ['behavior'],
  ...change,
});

const schema = z.strictObject({
  mode: field(z.enum(['a', 'b']).default('a'), meta('Mode')),
  count: field(z.int().default(1), meta('Count', { unit: 'shards', when: { mode: 'a' } })),
  other: field(z.number().optional(), meta('Other', { when: { mode: ['b', 'c'] } })),
  isOn: field(z.boolean().default(false), meta('On')),
});

describe('the rows of settings', () => {
  it('show labels and values with their units', () => {
    const rows = fieldRows(schema, { mode: 'a', count: 1200, isOn: true });
    expect(rows.map((row) => [row.meta.label, row.value])).toEqual([
      ['Mode', 'a'],
      ['Count', '1,200 shards'],
      ['On', 'yes'],
    ]);
  });

  it('leave out what does not count with the other settings, and tell what is not set', () => {
    const rows = fieldRows(schema, { mode: 'b', isOn: false });
    expect(rows.map((row) => [row.meta.label, row.value, row.isUnset])).toEqual([
      ['Mode', 'b', false],
      ['Other', 'not set', true],
      ['On', 'no', false],
    ]);
  });

  it('can be drawn for every component and connection', () => {
    const schemas = [...components.values(), ...connections.values()].map(({ declaration }) => declaration.config);
    for (const own of schemas) expect(() => fieldRows(own, {})).not.toThrow();
    expect(schemas.flatMap((own) => fieldRows(own, {})).length).toBeGreaterThan(10);
  });

  it('find the alternative that a load is', () => {
    const constant = alternativeOf(workloadSchema.shape.arrivals, { kind: 'constant' });
    expect(fieldRows(constant ?? z.object({}), { recordsPerSecond: 50 })[0]).toMatchObject({ value: '50 records/s' });
    for (const kind of ['poisson', 'ramp', 'spike', 'steps', 'trace']) {
      expect(alternativeOf(workloadSchema.shape.arrivals, { kind })?.shape['kind']).toBeDefined();
    }
    expect(alternativeOf(workloadSchema.shape.arrivals, { kind: 'none' })).toBeUndefined();
  });
});

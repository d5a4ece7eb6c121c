import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { components, connections } from '#catalog/specs.ts';
import { formFields, withSetting } from '#renderer/inspector/form-fields.ts';
import { emitSchema } from '#schema/emit.ts';
import { faultSchema } from '#schema/faults.ts';
import { type FieldMeta, field, fieldMeta, whenHolds } from '#schema/field.ts';
import { objectiveSchema } from '#schema/objectives.ts';
import { profileSchema } from '#schema/workload.ts';

const meta = (label: string, change: Partial<FieldMeta> = {}): FieldMeta => ({
  label,
  unit: '',
  help: '',
  kind: 'choice',
  affects: ['behavior'],
  ...change,
});

const schema = z.strictObject({
  mode: field(z.enum(['fixedSize', 'ON_DEMAND']).default('fixedSize'), meta('Mode')),
  count: field(z.int().min(1).max(20_000).default(1), meta('Count', { when: { mode: 'fixedSize' } })),
  limit: field(z.number().positive().optional(), meta('Limit', { when: { mode: 'ON_DEMAND' } })),
  isOn: field(z.boolean().default(false), meta('On')),
  points: z.array(z.strictObject({ atSeconds: z.number() })).default([]),
});

describe('the fields of a form', () => {
  it('are those that count with the other settings, each with its control', () => {
    const fields = formFields(schema, { mode: 'fixedSize', count: 1 });
    expect(fields.map(({ name, control }) => [name, control.kind])).toEqual([
      ['mode', 'choice'],
      ['count', 'number'],
      ['isOn', 'toggle'],
      ['points', 'rows'],
    ]);
    expect(formFields(schema, { mode: 'ON_DEMAND' }).map(({ name }) => name)).toContain('limit');
  });

  it('know range, default and whether they may be left out', () => {
    const [, count] = formFields(schema, { mode: 'fixedSize' });
    expect(count).toMatchObject({ range: '1 to 20,000', byDefault: 1, isOptional: true });
    const [, limit] = formFields(schema, { mode: 'ON_DEMAND' });
    expect(limit).toMatchObject({ range: 'above 0', byDefault: undefined, isOptional: true });
    const [rate] = formFields(profileSchema, { kind: 'constant', recordsPerSecond: 5 });
    expect(rate).toMatchObject({ name: 'recordsPerSecond', isOptional: false });
  });

  it('keep the words of AWS and write out our own', () => {
    const [mode] = formFields(schema, {});
    expect(mode?.control).toEqual({
      kind: 'choice',
      choices: [
        { value: 'fixedSize', label: 'Fixed size' },
        { value: 'ON_DEMAND', label: 'ON_DEMAND' },
      ],
    });
    const latency = { kind: 'latency', id: 'a', label: '', node: 'n', quantile: 0.999, maxSeconds: 1 };
    const quantile = formFields(objectiveSchema, latency).find(({ name }) => name === 'quantile');
    expect(quantile?.control).toMatchObject({ choices: [{ label: 'p50' }, {}, {}, { value: 0.999, label: 'p99.9' }] });
  });

  it('are named by their names where they have no metadata', () => {
    const points = formFields(schema, {}).find(({ name }) => name === 'points');
    if (points?.control.kind !== 'rows') throw new Error('a list of objects is a table');
    expect(formFields(points.control.row, {})[0]?.meta).toMatchObject({ label: 'At', unit: 's' });
  });

  it('can be drawn for every component and connection: no setting is left without a control', () => {
    const schemas = [...components.values(), ...connections.values()].map(({ declaration }) => declaration.config);
    for (const own of schemas) {
      const values = own.parse({});
      const counted = Object.entries(own.shape).filter(([, child]) =>
        whenHolds(fieldMeta(child as z.ZodType)?.when, values),
      );
      expect(formFields(own, values).map(({ name }) => name)).toEqual(counted.map(([name]) => name));
      for (const { control, byDefault, meta: found } of formFields(own, values)) {
        expect(found.label).not.toBe('');
        if (control.kind === 'choice') expect(control.choices.length).toBeGreaterThan(1);
        if (control.kind === 'toggle') expect(typeof byDefault).toBe('boolean');
      }
    }
    expect(formFields(emitSchema, emitSchema.parse({})).length).toBeGreaterThan(10);
    expect(formFields(faultSchema, { kind: 'errorRate' }).map(({ name }) => name)).toContain('ratio');
  });
});

describe('a setting that is changed', () => {
  it('takes what no longer counts back to its default', () => {
    const before = { mode: 'fixedSize', count: 8, isOn: true };
    expect(withSetting(schema, before, 'mode', 'ON_DEMAND')).toEqual({ mode: 'ON_DEMAND', count: 1, isOn: true });
    expect(withSetting(schema, { mode: 'ON_DEMAND', limit: 3 }, 'mode', 'fixedSize')).toEqual({ mode: 'fixedSize' });
  });

  it('goes back to its default when it is unset', () => {
    expect(withSetting(schema, { count: 8 }, 'count', undefined)).toEqual({ count: 1 });
    expect(withSetting(schema, { mode: 'ON_DEMAND', limit: 3 }, 'limit', undefined)).toEqual({ mode: 'ON_DEMAND' });
  });

  it('is no change where it is that already', () => {
    const before = { mode: 'fixedSize', count: 8, points: [{ atSeconds: 0 }] };
    expect(withSetting(schema, before, 'count', 8)).toBe(before);
    expect(withSetting(schema, before, 'points', [{ atSeconds: 0 }])).toBe(before);
  });
});

/** What a schema says about the fields of a value: the inspector draws any component from this, and knows none. */
import { z } from 'zod';
import { countText } from '#drawing/quantities.ts';
import { type FieldMeta, fieldMeta, whenHolds } from '#schema/field.ts';

export interface FieldRow {
  readonly name: string;
  readonly meta: FieldMeta;
  readonly value: string;
  /** True when nothing is set and nothing is assumed. */
  readonly isUnset: boolean;
}

/** Fields that count with these values, in the order in which they are declared. */
export function fieldRows(schema: z.ZodObject, values: Readonly<Record<string, unknown>>): FieldRow[] {
  return Object.entries(schema.shape).flatMap(([name, own]) => {
    const meta = fieldMeta(own as z.ZodType);
    if (meta === undefined || !whenHolds(meta.when, values)) return [];
    const value = values[name];
    return [{ name, meta, value: shown(value, meta.unit), isUnset: value === undefined || value === null }];
  });
}

/** The alternative of a union that a value is, by its `kind`. */
export function alternativeOf(schema: z.ZodType, value: { readonly kind: string }): z.ZodObject | undefined {
  const options = schema instanceof z.ZodDiscriminatedUnion || schema instanceof z.ZodUnion ? schema.options : [schema];
  return (options as readonly z.ZodType[]).map(objectOf).find((option) => {
    const kind: unknown = option?.shape['kind'];
    return kind instanceof z.ZodLiteral && kind.values.has(value.kind);
  });
}

/** A schema with refinements or a pipe around it is still that object. */
function objectOf(schema: z.ZodType): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPipe) return objectOf(schema.in as z.ZodType);
  return undefined;
}

function shown(value: unknown, unit: string): string {
  if (value === undefined || value === null) return 'not set';
  if (typeof value === 'number') return [countText(value), unit].filter(Boolean).join(' ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : `${value.length} in a list`;
  return JSON.stringify(value);
}

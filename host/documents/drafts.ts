/** Documents with faults that can still be worked on: the faults are in values, not in the form. */
import { connectionFor } from '#analysis/catalog.ts';
import { isRecord } from '#analysis/paths.ts';
import { type SchemaNode, schemaNode, shapeOf, unwrapped } from '#analysis/schema-walk.ts';
import * as catalog from '#catalog/specs.ts';
import { type CaudalDocument, documentSchema } from '#schema/document.ts';
import type { Fault } from '#schema/errors.ts';

/** Faults after which a document cannot be drawn, or not without leaving something of it out. */
const FORM_FAULTS: ReadonlySet<string> = new Set([
  'document/duplicate-id',
  'document/missing-field',
  'document/newer-version',
  'document/not-an-object',
  'document/number-too-large',
  'document/too-large',
  'document/too-many-faults',
  'document/unknown-component',
  'document/unknown-field',
  'document/unknown-node',
  'document/unknown-output',
  'document/unknown-port',
  'document/unknown-value',
  'document/unknown-version',
  'document/wrong-type',
]);

/** True where a window can show the document, with its faults beside it. */
export function isDrawable(faults: readonly Fault[]): boolean {
  return faults.every(({ code }) => !FORM_FAULTS.has(code));
}

/** A drawable document with the defaults that a valid one would have been given. */
export function withDefaults(document: Readonly<Record<string, unknown>>): CaudalDocument {
  const whole = filled(document, schemaNode(documentSchema)) as CaudalDocument;
  const types = new Map(whole.nodes.map(({ id, type }) => [id, type]));
  const configOf = (config: Readonly<Record<string, unknown>>, schema: object | undefined): Record<string, unknown> =>
    (schema === undefined ? config : filled(config, schemaNode(schema))) as Record<string, unknown>;
  return {
    ...whole,
    nodes: whole.nodes.map((node) => ({
      ...node,
      config: configOf(node.config, catalog.components.get(node.type)?.declaration.config),
    })),
    edges: whole.edges.map((edge) => {
      const [from, to] = [types.get(edge.source) ?? '', types.get(edge.target) ?? ''];
      return {
        ...edge,
        config: configOf(edge.config, connectionFor(catalog, from, to, edge.port)?.declaration.config),
      };
    }),
  };
}

/** A field that is absent takes what its schema makes of nothing; what is there stays, right or wrong. */
function filled(value: unknown, schema: SchemaNode): unknown {
  const inner = unwrapped(schema);
  const { element } = inner.def;
  if (Array.isArray(value)) return element === undefined ? value : value.map((item) => filled(item, element));
  const shape = isRecord(value) ? shapeOf(inner, value) : undefined;
  if (shape === undefined || !isRecord(value)) return value;
  const entries = Object.entries(shape).flatMap(([name, field]) => {
    const held = value[name] === undefined ? defaultOf(field) : filled(value[name], field);
    return held === undefined ? [] : [[name, held] as const];
  });
  return { ...value, ...Object.fromEntries(entries) };
}

interface Parsable {
  safeParse(input: unknown): { readonly success: boolean; readonly data?: unknown };
}

function defaultOf(field: SchemaNode): unknown {
  const parsed = (field as unknown as Parsable).safeParse(undefined);
  return parsed.success ? parsed.data : undefined;
}

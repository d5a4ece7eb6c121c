/** A document as text: keys in the order of the schema, one item a line, so that versions of a file differ line by line. */
import { documentSchema } from '#schema/document.ts';
import type { Catalog } from './catalog.ts';
import { connectionFor } from './catalog.ts';
import { isRecord } from './paths.ts';
import { type SchemaNode, schemaNode, shapeOf, unwrapped } from './schema-walk.ts';

/** Writes anything that has the form of a document, well formed or not. Fields the schema does not know come last, sorted. */
export function documentText(document: Readonly<Record<string, unknown>>, catalog: Catalog): string {
  const whole = ordered(document, schemaNode(documentSchema)) as Record<string, unknown>;
  const lines = Object.entries(whole).map(([name, value]) => {
    if (name === 'nodes' && Array.isArray(value))
      return listText(
        name,
        value.map((node) => withConfig(node, nodeSchemaOf(node, catalog))),
      );
    if (name === 'edges' && Array.isArray(value)) {
      return listText(
        name,
        value.map((edge) => withConfig(edge, edgeSchemaOf(edge, whole['nodes'], catalog))),
      );
    }
    return Array.isArray(value) ? listText(name, value) : `  ${JSON.stringify(name)}: ${spaced(value)}`;
  });
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
}

function listText(name: string, items: readonly unknown[]): string {
  if (items.length === 0) return `  ${JSON.stringify(name)}: []`;
  return `  ${JSON.stringify(name)}: [\n${items.map((item) => `    ${spaced(item)}`).join(',\n')}\n  ]`;
}

/** One line, with a space after each colon and comma. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => spaced(item)).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  if (entries.length === 0) return '{}';
  return `{ ${entries.map(([name, held]) => `${JSON.stringify(name)}: ${spaced(held)}`).join(', ')} }`;
}

function ordered(value: unknown, schema: SchemaNode | undefined): unknown {
  const inner = schema && unwrapped(schema);
  if (Array.isArray(value)) return value.map((item) => ordered(item, inner?.def.element));
  if (!isRecord(value)) return value;
  const shape = (inner && shapeOf(inner, value)) ?? {};
  const known = Object.keys(shape).filter((name) => Object.hasOwn(value, name) && value[name] !== undefined);
  const others = Object.keys(value).filter((name) => !Object.hasOwn(shape, name) && value[name] !== undefined);
  return Object.fromEntries([
    ...known.map((name) => [name, ordered(value[name], shape[name])]),
    ...others.sort().map((name) => [name, ordered(value[name], undefined)]),
  ]);
}

function withConfig(item: unknown, schema: SchemaNode | undefined): unknown {
  if (!isRecord(item) || schema === undefined || !isRecord(item['config'])) return item;
  return { ...item, config: ordered(item['config'], schema) };
}

function nodeSchemaOf(node: unknown, catalog: Catalog): SchemaNode | undefined {
  const type = isRecord(node) ? node['type'] : undefined;
  const spec = typeof type === 'string' ? catalog.components.get(type) : undefined;
  return spec && schemaNode(spec.declaration.config);
}

function edgeSchemaOf(edge: unknown, nodes: unknown, catalog: Catalog): SchemaNode | undefined {
  if (!isRecord(edge) || !Array.isArray(nodes)) return undefined;
  const typeOf = (id: unknown): string => {
    const node = nodes.find((candidate) => isRecord(candidate) && candidate['id'] === id) as
      | { type?: unknown }
      | undefined;
    return String(node?.type);
  };
  const spec = connectionFor(catalog, typeOf(edge['source']), typeOf(edge['target']), String(edge['port']));
  return spec && schemaNode(spec.declaration.config);
}

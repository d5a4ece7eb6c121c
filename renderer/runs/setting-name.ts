/** What forms call a setting that a path names: `nodes.enrich.config.timeoutSeconds` is the timeout of enrich. */
import { connectionOfEdge, nodesById } from '#analysis/catalog.ts';
import { followPath, isRecord, type Pointer, valueAt } from '#analysis/paths.ts';
import { metaOf, schemaAt, schemaNode } from '#analysis/schema-walk.ts';
import * as catalog from '#catalog/specs.ts';
import { type CaudalDocument, documentSchema } from '#schema/document.ts';
import type { FieldMeta } from '#schema/field.ts';

export interface SettingName {
  /** The node, link or load that has it; undefined for one of the whole design, or of a price list. */
  readonly owner: string | undefined;
  /** As its field is titled. */
  readonly label: string;
  readonly unit: string;
}

/** Lists whose items have settings, in paths. */
const OWNERS = new Set(['nodes', 'edges', 'workloads']);
/** Segments of a path that say where a setting stands, not which it is. */
const FRAMES = new Set(['config', 'emit', 'outputs']);

export function settingName(document: CaudalDocument, path: string): SettingName {
  const { pointer, rest } = followPath(document, path);
  // A field that is not set stands in no document, but its schema knows it.
  const meta = metaAt(document, [...pointer, ...rest]);
  const [list = '', id = ''] = path.split('.');
  const isOwned = OWNERS.has(list);
  const names = path.split('.').slice(isOwned ? 2 : 0);
  const label = meta?.label ?? spelled(names.filter((name) => !FRAMES.has(name)).join(' ') || path);
  return { owner: isOwned ? ownerOf(document, list, id) : undefined, label, unit: meta?.unit ?? '' };
}

/** A load is called by the node it drives. */
function ownerOf({ workloads }: CaudalDocument, list: string, id: string): string {
  return list === 'workloads' ? (workloads.find((own) => own.id === id)?.node ?? id) : id;
}

function metaAt(document: CaudalDocument, pointer: Pointer): FieldMeta | undefined {
  const [list, index, part, ...inside] = pointer;
  if (part === 'config' && typeof index === 'number' && (list === 'nodes' || list === 'edges')) {
    const schema = configSchema(document, list, index);
    const held = valueAt(document, [list, index, part]);
    const own = schema && schemaAt(schemaNode(schema), inside, isRecord(held) ? held : {});
    return own && metaOf(own);
  }
  const own = schemaAt(schemaNode(documentSchema), pointer, document);
  return own && metaOf(own);
}

function configSchema(document: CaudalDocument, list: 'nodes' | 'edges', index: number): object | undefined {
  if (list === 'nodes') return catalog.components.get(document.nodes[index]?.type ?? '')?.declaration.config;
  const edge = document.edges[index];
  return edge && connectionOfEdge(catalog, nodesById(document), edge)?.declaration.config;
}

/** `visibilityTimeout` -> `visibility timeout`. */
function spelled(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

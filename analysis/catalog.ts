/** The lists of components and connections as the functions of this folder take them: `catalog/specs.ts` is one. */
import type { ComponentSpec, ConnectionSpec, Port } from '#schema/component.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';

export interface Catalog {
  readonly components: ReadonlyMap<string, ComponentSpec>;
  /** By `<source type>--<target type>`. */
  readonly connections: ReadonlyMap<string, ConnectionSpec>;
}

export function connectionKey(sourceType: string, targetType: string): string {
  return `${sourceType}--${targetType}`;
}

/** The connection that has settings for a link between two types into this port; most links have none. */
export function connectionFor(
  catalog: Catalog,
  sourceType: string,
  targetType: string,
  port: string,
): ConnectionSpec | undefined {
  const spec = catalog.connections.get(connectionKey(sourceType, targetType));
  return spec?.declaration.port === port ? spec : undefined;
}

/** What the link between two ends is called in a document that has been validated. */
export function connectionOfEdge(
  catalog: Catalog,
  nodes: ReadonlyMap<string, DocumentNode>,
  edge: DocumentEdge,
): ConnectionSpec | undefined {
  const source = nodes.get(edge.source);
  const target = nodes.get(edge.target);
  if (source === undefined || target === undefined) return undefined;
  return connectionFor(catalog, source.type, target.type, edge.port);
}

export function nodesById(document: Pick<CaudalDocument, 'nodes'>): ReadonlyMap<string, DocumentNode> {
  return new Map(document.nodes.map((node) => [node.id, node]));
}

/** Where an edge leaves its source: an output the user named, or a port that emits by itself. */
export type Departure =
  | { readonly kind: 'output'; readonly port: Port; readonly output: DocumentNode['outputs'][number] }
  | { readonly kind: 'port'; readonly port: Port };

/** The ports on which the user may name outputs. */
export function emittingPorts(ports: readonly Port[]): readonly Port[] {
  return ports.filter((port) => port.direction === 'out' && port.emits === true);
}

/** The port an output belongs to; it may be left out where only one emits, or only one emits records. */
export function portOfOutput(ports: readonly Port[], output: DocumentNode['outputs'][number]): Port | undefined {
  const emitting = emittingPorts(ports);
  if (output.port === undefined) {
    const sending = emitting.filter(({ kind }) => kind === 'data');
    const candidates = sending.length === 1 ? sending : emitting;
    return candidates.length === 1 ? candidates[0] : undefined;
  }
  return emitting.find((port) => port.id === output.port);
}

/** Resolves the name in `edge.output`. */
export function departureOf(
  ports: readonly Port[],
  node: Pick<DocumentNode, 'outputs'>,
  name: string,
): Departure | undefined {
  const output = node.outputs.find((candidate) => candidate.id === name);
  if (output !== undefined) {
    const port = portOfOutput(ports, output);
    return port === undefined ? undefined : { kind: 'output', port, output };
  }
  const port = ports.find((candidate) => candidate.id === name && candidate.direction === 'out');
  return port === undefined || port.emits === true ? undefined : { kind: 'port', port };
}

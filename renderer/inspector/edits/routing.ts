/** Where a link leaves and where it arrives: the ways it could go between its two nodes, and those that it cannot, with why. */
import { type Catalog, connectionFor, departureOf } from '#analysis/catalog.ts';
import { linkRefusal } from '#analysis/links.ts';
import type { Port } from '#schema/component.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';

export interface Way {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Why the link cannot go there. */
  readonly refusal: string | undefined;
}

/** Outputs and ports of the source by which the link could leave. */
export function departures(catalog: Catalog, document: CaudalDocument, edge: DocumentEdge): readonly Way[] {
  const node = document.nodes.find(({ id }) => id === edge.source);
  const ports = portsOf(catalog, node);
  if (node === undefined) return [];
  const names = [
    ...node.outputs.map(({ id }) => id),
    ...ports.filter((port) => port.direction === 'out' && port.emits !== true).map(({ id }) => id),
  ];
  return names.map((id) => {
    const departure = departureOf(ports, node, id);
    const others = document.edges.filter(
      (other) => other.id !== edge.id && other.source === node.id && other.output === id,
    ).length;
    return {
      id,
      label: departure?.kind === 'output' ? `Output ${id}` : (departure?.port.label ?? id),
      description: shared(departure?.port, others),
      refusal: refusalOf(catalog, document, { ...edge, output: id }),
    };
  });
}

/** Ports of the target at which the link could arrive. */
export function arrivals(catalog: Catalog, document: CaudalDocument, edge: DocumentEdge): readonly Way[] {
  const ports = portsOf(
    catalog,
    document.nodes.find(({ id }) => id === edge.target),
  );
  return ports
    .filter(({ direction }) => direction === 'in')
    .map(({ id, label, entity, kind }) => ({
      id,
      label,
      description: kind === 'data' ? `takes ${entity}s` : `takes ${entity}s (${kind})`,
      refusal: refusalOf(catalog, document, { ...edge, port: id }),
    }));
}

/** The link by another way: its kind and the settings of its connection follow from the port. */
export function reroute(
  catalog: Catalog,
  document: CaudalDocument,
  id: string,
  change: Partial<Pick<DocumentEdge, 'output' | 'port'>>,
): CaudalDocument {
  const edge = document.edges.find((candidate) => candidate.id === id);
  if (edge === undefined) return document;
  const next = { ...edge, ...change };
  if (next.output === edge.output && next.port === edge.port) return document;
  const rerouted = next.port === edge.port ? next : withPort(catalog, document, next);
  return { ...document, edges: document.edges.map((other) => (other === edge ? rerouted : other)) };
}

function withPort(catalog: Catalog, document: CaudalDocument, edge: DocumentEdge): DocumentEdge {
  const typeOf = (node: string): string => document.nodes.find(({ id }) => id === node)?.type ?? '';
  const target = document.nodes.find(({ id }) => id === edge.target);
  const kind = portsOf(catalog, target).find(({ id }) => id === edge.port)?.kind ?? edge.kind;
  const connection = connectionFor(catalog, typeOf(edge.source), typeOf(edge.target), edge.port);
  const defaults = connection?.declaration.config.safeParse({});
  return { ...edge, kind, config: defaults?.success === true ? defaults.data : {} };
}

function portsOf(catalog: Catalog, node: DocumentNode | undefined): readonly Port[] {
  return catalog.components.get(node?.type ?? '')?.declaration.ports ?? [];
}

function shared(port: Port | undefined, others: number): string {
  if (others === 0) return port?.emits === true ? 'no other link' : '';
  const links = others === 1 ? 'another link' : `${others} other links`;
  return port?.emits === true ? `${links} takes copies of its records` : `${links} leave here too`;
}

function refusalOf(catalog: Catalog, document: CaudalDocument, edge: DocumentEdge): string | undefined {
  const { source, output, target, port, id } = edge;
  return linkRefusal(catalog, document, source, output, target, port, id)?.message;
}

/** What a line of a bill is for, as a person reads it. */
import { connectionOfEdge, nodesById } from '#analysis/catalog.ts';
import * as catalog from '#catalog/specs.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { CostLine } from '#schema/result.ts';

export function chargeLabel(
  { node: owner, dimension }: Pick<CostLine, 'node' | 'dimension'>,
  document: CaudalDocument,
): string {
  const nodes = nodesById(document);
  const edge = document.edges.find(({ id }) => id === owner);
  const spec =
    edge === undefined ? catalog.components.get(nodes.get(owner)?.type ?? '') : connectionOfEdge(catalog, nodes, edge);
  const label = spec?.usage.find(({ id }) => id === dimension)?.label ?? dimensionWords(dimension);
  return label.startsWith('vCPU') ? label : label.charAt(0).toUpperCase() + label.slice(1);
}

/** `dataNodes` as a person reads it: data nodes. */
function dimensionWords(dimension: string): string {
  if (dimension === 'vcpu') return 'vCPU';
  return dimension.replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
}

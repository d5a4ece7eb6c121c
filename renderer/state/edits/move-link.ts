/** Moves one end of a link to another port: the link keeps its id, and of its settings what fits where it leads now. */
import { type Catalog, connectionFor } from '#analysis/catalog.ts';
import { faultsOf, validateDocument } from '#analysis/validate.ts';
import type { CaudalDocument, DocumentEdge } from '#schema/document.ts';
import { withNewOutput } from './add-link.ts';
import type { LinkOption, LinkStart, MovedStart } from './link-offer.ts';

/** The end of a link that stays where it is while the other is dragged. */
export type FixedEnd = 'source' | 'target';

/** What is asked while an end is dragged: where the link begins, and the design as it is without the link. */
export interface MovedLink extends MovedStart {
  readonly start: LinkStart;
  readonly document: CaudalDocument;
}

/** `sourcePort`: where the output of the edge leaves its node. Undefined where there is no such edge. */
export function movedLink(
  document: CaudalDocument,
  id: string,
  fixed: FixedEnd,
  sourcePort: string,
): MovedLink | undefined {
  const edge = document.edges.find((candidate) => candidate.id === id);
  if (edge === undefined) return undefined;
  const isSource = fixed === 'source';
  return {
    start: isSource ? { node: edge.source, port: sourcePort } : { node: edge.target, port: edge.port },
    document: { ...document, edges: document.edges.filter((candidate) => candidate !== edge) },
    output: isSource ? edge.output : undefined,
  };
}

/** The same document where the link leads there already. */
export function moveLink(catalog: Catalog, document: CaudalDocument, id: string, option: LinkOption): CaudalDocument {
  const before = document.edges.find((candidate) => candidate.id === id);
  if (before === undefined || leadsThere(before, option)) return document;
  const { source, output, target, targetPort } = option;
  const typeOf = (node: string): string => document.nodes.find((candidate) => candidate.id === node)?.type ?? '';
  const declared = (edge: Pick<DocumentEdge, 'source' | 'target' | 'port'>): ReturnType<typeof connectionFor> =>
    connectionFor(catalog, typeOf(edge.source), typeOf(edge.target), edge.port);
  const connection = declared({ source, target, port: targetPort.id });
  const isSameKind = connection === declared(before);
  const defaults = connection?.declaration.config.safeParse({});
  const known = defaults?.success === true ? (defaults.data as Readonly<Record<string, unknown>>) : {};
  const kept = Object.entries(before.config).filter(([name]) => Object.hasOwn(known, name));
  const moved = (config: DocumentEdge['config']): CaudalDocument => {
    const edge = { id, source, output, target, port: targetPort.id, kind: targetPort.kind, config };
    const nodes = withNewOutput(document.nodes, option);
    return { ...document, nodes, edges: document.edges.map((candidate) => (candidate === before ? edge : candidate)) };
  };
  if (isSameKind) return moved(before.config);
  const tried = moved({ ...known, ...Object.fromEntries(kept) });
  const misfits = misfitsOf(catalog, tried, id);
  return misfits.size === 0
    ? tried
    : moved({ ...known, ...Object.fromEntries(kept.filter(([name]) => !misfits.has(name))) });
}

/** Settings of the link that are wrong where it leads now. */
function misfitsOf(catalog: Catalog, document: CaudalDocument, id: string): ReadonlySet<string> {
  const start = `edges.${id}.config.`;
  const paths = faultsOf(validateDocument(document, catalog)).map(({ path }) => path);
  return new Set(paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length)));
}

function leadsThere(edge: DocumentEdge, { source, output, isNewOutput, target, targetPort }: LinkOption): boolean {
  return (
    edge.source === source &&
    !isNewOutput &&
    edge.output === output &&
    edge.target === target &&
    edge.port === targetPort.id
  );
}

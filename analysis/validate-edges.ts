/** Checks edges: both ends, direction, protocol, numbers of links, and the settings of a connection. */
import type { Port } from '#schema/component.ts';
import type { DocumentEdge, DocumentNode } from '#schema/document.ts';
import { type Catalog, connectionFor } from './catalog.ts';
import type { FaultList } from './document-fault.ts';
import { GrowingPlan, judgeLink, type LinkRefusal, portLinks } from './links.ts';
import type { Pointer } from './paths.ts';
import { checkConfig, type Configs, reportFindings } from './validate-nodes.ts';
import type { DocumentView, DraftEdge, Placed } from './validate-view.ts';

export function checkEdges(view: DocumentView, catalog: Catalog, nodeConfigs: Configs, faults: FaultList): Configs {
  const configs = new Map<string, Record<string, unknown>>();
  const plan = new GrowingPlan(view.wellFormed.nodes);
  const refused: LinkRefusal[] = [];
  const unsure = new Set<string>();
  for (const placed of view.edges) {
    const refusal = checkLink(view, catalog, placed, plan, faults);
    if (refusal !== undefined) {
      refused.push(refusal);
      unsure.add(placed.value.source).add(placed.value.target);
    }
    plan.add(placed.value);
    const config = checkEdgeConfig(view, catalog, placed, nodeConfigs, faults);
    if (config !== undefined) configs.set(placed.value.id, config);
  }
  for (const draft of view.draftEdges) checkDraftConfig(view, catalog, draft, faults);
  // A link that goes astray is missing somewhere else; that node is not to blame.
  const isAstray = refused.some(({ code }) => code === 'document/unknown-node');
  if (view.hasAllEdges && view.hasAllNodes && !isAstray) checkFewest(view, catalog, plan, unsure, faults);
  return configs;
}

/** The settings of an edge that has other faults: they are told at once with them. */
function checkDraftConfig(
  view: DocumentView,
  catalog: Catalog,
  { value: { source, target, port, config }, pointer }: Placed<DraftEdge>,
  faults: FaultList,
): void {
  const spec = connectionFor(catalog, view.nodeOf(source)?.type ?? '', view.nodeOf(target)?.type ?? '', port);
  if (spec !== undefined) checkConfig(spec.declaration.config, config, [...pointer, 'config'], faults);
}

/** Each link is judged against those before it, so that of two that are one too many the second is named. */
function checkLink(
  view: DocumentView,
  catalog: Catalog,
  { value: edge, pointer }: Placed<DocumentEdge>,
  plan: GrowingPlan,
  faults: FaultList,
): LinkRefusal | undefined {
  const isMalformed = (id: string): boolean => view.knownNode(id) && view.nodeOf(id) === undefined;
  if (!view.hasNodes || isMalformed(edge.source) || isMalformed(edge.target)) return undefined;
  const refusal = judgeLink(catalog, plan, edge);
  if (refusal !== undefined) {
    const { code, at, message, remedy, allowed } = refusal;
    const end = message.endsWith('?') ? '' : '.';
    // An unknown component is told where it stands.
    if (code !== 'document/unknown-component') {
      faults.refuse(code, [...pointer, at], `${message}${end} ${remedy.replace(/\.$/, '')}`, allowed);
    }
    return refusal;
  }
  const kind = portOf(catalog, view.nodeOf(edge.target), edge.port)?.kind;
  if (kind !== undefined && kind !== edge.kind) {
    faults.add('document/wrong-kind', [...pointer, 'kind'], 'is not the kind of this link', {
      received: edge.kind,
      allowed: kind,
    });
  }
  return undefined;
}

function checkEdgeConfig(
  view: DocumentView,
  catalog: Catalog,
  { value: edge, pointer }: Placed<DocumentEdge>,
  nodeConfigs: Configs,
  faults: FaultList,
): Record<string, unknown> | undefined {
  const source = view.nodeOf(edge.source);
  const target = view.nodeOf(edge.target);
  if (source === undefined || target === undefined) return undefined;
  if (!catalog.components.has(source.type) || !catalog.components.has(target.type)) return undefined;
  const spec = connectionFor(catalog, source.type, target.type, edge.port);
  const at: Pointer = [...pointer, 'config'];
  if (spec === undefined) {
    for (const name of Object.keys(edge.config)) {
      const message = 'is not a setting: a link of these two has none; settings belong to the nodes';
      faults.refuse('document/unknown-field', [...at, name], message, 'no fields');
    }
    return undefined;
  }
  const config = checkConfig(spec.declaration.config, edge.config, at, faults);
  const sourceConfig = nodeConfigs.get(source.id);
  const targetConfig = nodeConfigs.get(target.id);
  if (config === undefined || sourceConfig === undefined || targetConfig === undefined) return config;
  const findings = spec.declaration.check?.({ config, source: sourceConfig, target: targetConfig }) ?? [];
  reportFindings(findings, `${source.type}--${target.type}`, spec.messages, pointer, faults);
  return config;
}

function checkFewest(
  view: DocumentView,
  catalog: Catalog,
  plan: GrowingPlan,
  unsure: ReadonlySet<string>,
  faults: FaultList,
): void {
  for (const { value: node, pointer } of view.nodes) {
    if (unsure.has(node.id)) continue;
    const spec = catalog.components.get(node.type);
    for (const port of spec?.declaration.ports ?? []) {
      if (spec === undefined || port.min === 0) continue;
      const links =
        port.direction === 'out'
          ? portLinks(plan.leaving(node.id), { node, spec }, port)
          : plan.arriving(node.id).filter((edge) => edge.port === port.id).length;
      if (links >= port.min) continue;
      const need = port.min === 1 ? 'a link' : `${port.min} links`;
      const direction = port.direction === 'out' ? 'from' : 'to';
      const message = `${spec.declaration.title} needs ${need} ${direction} ${port.label} (port ${port.id}); draw it or remove the node`;
      faults.add('document/too-few-links', pointer, message, {
        received: links === 1 ? '1 link' : `${links} links`,
        allowed: `at least ${port.min}`,
      });
    }
  }
}

function portOf(catalog: Catalog, node: DocumentNode | undefined, id: string): Port | undefined {
  const spec = node && catalog.components.get(node.type);
  return spec?.declaration.ports.find((port) => port.id === id);
}

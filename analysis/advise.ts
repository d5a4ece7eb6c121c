/** Asks every component and connection what it advises, and makes its patches and sentences fit for a reader. */
import type {
  AdviceInput,
  AdviceObjective,
  ComponentSpec,
  ConnectionSpec,
  Finding,
  PatchStep,
} from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { AdviceResult, ObjectiveResult, RawResult } from '#schema/result.ts';
import { type Catalog, connectionOfEdge, nodesById } from './catalog.ts';
import { judgeObjectives } from './objectives.ts';
import { sentence } from './sentences.ts';

const SEVERITY_ORDER = { critical: 0, warning: 1, info: 2 } as const;

/** All findings of a run, the most severe first, then in the document's order. */
export function adviseRun(document: CaudalDocument, result: RawResult, catalog: Catalog): AdviceResult[] {
  const findings = [...adviceOfNodes(document, result, catalog), ...adviceOfEdges(document, result, catalog)];
  return findings.sort((a, b) => SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity]);
}

function adviceOfNodes(document: CaudalDocument, result: RawResult, catalog: Catalog): AdviceResult[] {
  return document.nodes.flatMap((node) => {
    const spec = catalog.components.get(node.type);
    if (!spec?.advice) return [];
    const objectives = objectivesFrom(document, result, node.id);
    const input: AdviceInput<Readonly<Record<string, unknown>>> = {
      ...inputOf(result, node.id, node.id, node.config),
      objectives,
    };
    const place = (path: string): string => `nodes.${node.id}.${path}`;
    return spec.advice(input as AdviceInput<never>).map((finding) => rendered(finding, node.id, spec, place));
  });
}

/** Objectives at a node and at the nodes that its records may reach. */
function objectivesFrom(document: CaudalDocument, result: RawResult, id: string): AdviceObjective[] {
  if (document.objectives.length === 0) return [];
  const reached = new Set([id]);
  for (const at of reached) {
    for (const { source, target } of document.edges) if (source === at) reached.add(target);
  }
  // The cost is no business of a node.
  const judged = judgeObjectives(document.objectives, result, { perMonth: 0 });
  return document.objectives.flatMap((objective, i) => {
    const { kind } = objective;
    if ((kind !== 'latency' && kind !== 'metric') || !reached.has(objective.node)) return [];
    const { target, measured } = judged[i] as ObjectiveResult;
    const metric = kind === 'metric' ? { metric: objective.metric } : {};
    return [{ id: objective.id, kind, node: objective.node, ...metric, target, measured }];
  });
}

/** A connection keeps its metrics at its target node, its limits and log under its own id. */
function adviceOfEdges(document: CaudalDocument, result: RawResult, catalog: Catalog): AdviceResult[] {
  const nodes = nodesById(document);
  return document.edges.flatMap((edge) => {
    const spec = connectionOfEdge(catalog, nodes, edge);
    if (!spec?.advice) return [];
    const input = {
      ...inputOf(result, edge.id, edge.target, edge.config),
      source: nodes.get(edge.source)?.config ?? {},
      target: nodes.get(edge.target)?.config ?? {},
    };
    const place = (path: string): string => {
      if (path.startsWith('source.')) return `nodes.${edge.source}.${path.slice('source.'.length)}`;
      if (path.startsWith('target.')) return `nodes.${edge.target}.${path.slice('target.'.length)}`;
      return `edges.${edge.id}.${path}`;
    };
    return spec.advice(input as AdviceInput<never>).map((finding) => rendered(finding, edge.id, spec, place));
  });
}

/** A node sees its own limits and those of the account, which it may share. */
function inputOf(
  result: RawResult,
  id: string,
  metricsNode: string,
  config: Readonly<Record<string, unknown>>,
): AdviceInput<Readonly<Record<string, unknown>>> {
  return {
    id,
    config,
    horizonSeconds: result.horizonSeconds,
    limits: result.limits.filter((limit) => limit.node === id || limit.node === null),
    metrics: result.nodes[metricsNode]?.metrics ?? {},
    log: result.log.filter((entry) => entry.node === id),
  };
}

function rendered(
  finding: Finding,
  id: string,
  spec: ComponentSpec | ConnectionSpec,
  place: (path: string) => string,
): AdviceResult {
  const { code, severity, params, evidence } = finding;
  const patch: PatchStep[] = finding.patch.map((step) => ({ ...step, path: place(step.path) }));
  return { code, severity, node: id, text: sentence(spec.messages, code, params), params, evidence, patch };
}

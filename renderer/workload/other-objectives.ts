/** Objectives: new ones with a target to begin with, and those of another kind. */
import { whenHolds } from '#schema/field.ts';
import type { ComponentSpec, MetricDeclaration } from '#schema/component.ts';
import type { CaudalDocument, DocumentNode } from '#schema/document.ts';
import type { Objective } from '#schema/objectives.ts';
import { freeId } from '#renderer/state/edits/free-id.ts';

export type ObjectiveKind = Objective['kind'];

export const objectiveWords: Readonly<Record<ObjectiveKind, string>> = {
  latency: 'Latency at a node',
  loss: 'Records lost',
  duplicates: 'Duplicates',
  metric: 'A metric of a node',
  monthlyCost: 'Monthly cost',
};

export const objectiveKinds = Object.keys(objectiveWords) as readonly ObjectiveKind[];

const IDS: Readonly<Record<ObjectiveKind, string>> = {
  latency: 'latency',
  loss: 'no-loss',
  duplicates: 'duplicates',
  metric: 'metric',
  monthlyCost: 'budget',
};

/** With a node where one is needed: the given one, or the last, where records arrive. */
export function addObjective(
  document: CaudalDocument,
  kind: ObjectiveKind,
  node: string | undefined,
  metric: string,
): CaudalDocument {
  const taken = new Set(document.objectives.map(({ id }) => id));
  const at = node ?? document.nodes.at(-1)?.id ?? '';
  const objective = objectiveOfKind(kind, { id: freeId(IDS[kind], taken), label: '' }, at, metric);
  return { ...document, objectives: [...document.objectives, objective] };
}

/** An objective of the kind with a first target. */
export function objectiveOfKind(
  kind: ObjectiveKind,
  { id, label }: Pick<Objective, 'id' | 'label'>,
  node: string,
  metric: string,
): Objective {
  switch (kind) {
    case 'latency':
      return { id, label, kind, node, quantile: 0.99, maxSeconds: 5 };
    case 'loss':
      return { id, label, kind, maxRatio: 0 };
    case 'duplicates':
      return { id, label, kind, maxRatio: 0.01 };
    case 'metric':
      return { id, label, kind, node, metric, max: 0 };
    case 'monthlyCost':
      return { id, label, kind, maxUsd: 1000 };
  }
}

export function nodeOf(objective: Objective): string | undefined {
  return 'node' in objective ? objective.node : undefined;
}

/** Metrics that a node has as it is set. */
export function metricsOf(
  spec: ComponentSpec | undefined,
  node: DocumentNode | undefined,
): readonly MetricDeclaration[] {
  if (spec === undefined || node === undefined) return [];
  return spec.metrics.filter((metric) => whenHolds(metric.when, node.config));
}

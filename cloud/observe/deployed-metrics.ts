/** Which CloudWatch metrics the nodes of a deployed document have: from what components declare and the stack's own names. */
import { components } from '#catalog/specs.ts';
import type { MetricDeclaration, MetricDimension } from '#schema/component.ts';
import type { StackResourceView } from '#schema/deployment-state.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { whenHolds } from '#schema/field.ts';
import type { MeasuredMetric } from './metric-data.ts';

/** Metrics of every deployed node. `stackId`: its ARN holds the account; `declared`: those of a type, all when left out. */
export function deployedMetrics(
  document: CaudalDocument,
  resources: readonly StackResourceView[],
  stackId: string,
  declared: (type: string) => readonly MetricDeclaration[] = metricsOf,
): MeasuredMetric[] {
  return document.nodes.flatMap(({ id, type, config }) => {
    const own = resources.filter(({ owner, physicalId }) => owner === id && physicalId !== '');
    return declared(type).flatMap((declaration) => {
      if (declaration.dimensions === undefined || !whenHolds(declaration.when, config)) return [];
      const dimensions = declaration.dimensions.map((one) => [one.name, valueOf(one, own, stackId)] as const);
      if (dimensions.some(([, value]) => value === undefined)) return [];
      return [{ node: id, declaration, dimensions: Object.fromEntries(dimensions) as Record<string, string> }];
    });
  });
}

/** What a type of component declares. */
export function metricsOf(type: string): readonly MetricDeclaration[] {
  return components.get(type)?.metrics ?? [];
}

function valueOf(
  { from, suffix = '' }: MetricDimension,
  resources: readonly StackResourceView[],
  stackId: string,
): string | undefined {
  if (from === 'account') return stackId.split(':')[4];
  const physicalId = resources.find(({ type }) => type === from)?.physicalId;
  return physicalId === undefined ? undefined : physicalId.replace(/^.*[/:]/, '') + suffix;
}

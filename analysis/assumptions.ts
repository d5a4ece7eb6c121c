/** Every value a run used that AWS does not document: settings marked as measured or guessed, prices without a source. */
import type { RateTable } from '#catalog/pricing/rates.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { type FieldMeta, whenHolds } from '#schema/field.ts';
import type { Assumption, CostResult } from '#schema/result.ts';
import { workloadSchema } from '#schema/workload.ts';
import { type Catalog, connectionOfEdge, nodesById } from './catalog.ts';
import { type Pointer, pathText } from './paths.ts';
import { eachField, type SchemaNode, schemaNode } from './schema-walk.ts';

/** In the document's order: nodes, edges, workloads, then prices. Fields that are not in use are not listed. */
export function assumptionsOf(
  document: CaudalDocument,
  catalog: Catalog,
  cost: CostResult,
  rates: RateTable,
): Assumption[] {
  const found: Assumption[] = [];
  const collect = (schema: SchemaNode, value: unknown, at: Pointer): void => {
    eachField(schema, value, (pointer, meta, held, siblings) => {
      if (!isAssumed(meta) || held === undefined || !whenHolds(meta.when, siblings)) return;
      const path = pathText(document, [...at, ...pointer]);
      found.push({ path, value: held, kind: meta.kind as 'measured' | 'guess', source: sourceText(meta) });
    });
  };
  document.nodes.forEach(({ type, config }, index) => {
    const spec = catalog.components.get(type);
    if (spec) collect(schemaNode(spec.declaration.config), config, ['nodes', index, 'config']);
  });
  const nodes = nodesById(document);
  document.edges.forEach((edge, index) => {
    const spec = connectionOfEdge(catalog, nodes, edge);
    if (spec) collect(schemaNode(spec.declaration.config), edge.config, ['edges', index, 'config']);
  });
  document.workloads.forEach((workload, index) => {
    collect(schemaNode(workloadSchema), workload, ['workloads', index]);
  });
  return [...found, ...assumedPrices(cost, rates)];
}

function isAssumed(meta: FieldMeta): boolean {
  return meta.kind === 'guess' || meta.kind === 'measured';
}

function sourceText({ source, help }: FieldMeta): string {
  if (source === undefined) return help;
  return `${source.url} (${source.read})${source.note ? `: ${source.note}` : ''}`;
}

/** Prices of confidence D: no source was found. */
function assumedPrices(cost: CostResult, rates: RateTable): Assumption[] {
  const ids = new Set(cost.lines.filter((line) => line.confidence === 'D').map((line) => line.rateId));
  return [...ids].flatMap((id) =>
    rates
      .get(id)
      .filter((row) => row.confidence === 'D')
      .map((row) => ({
        path: `rates.${id}${row.tierFrom > 0 ? `.from-${row.tierFrom}` : ''}`,
        value: row.usdPerUnit,
        kind: 'guess' as const,
        source: row.source,
      })),
  );
}

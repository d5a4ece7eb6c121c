/**
 * What the template says about the document that it was made of, so that a later session knows where records go in, and whether
 * the document is still the one that is deployed.
 */
import { createHash } from 'node:crypto';
import { connectionOfEdge, nodesById } from '#analysis/catalog.ts';
import { stableJson } from '#analysis/stable-json.ts';
import * as catalog from '#catalog/specs.ts';
import type { ConfigSchema } from '#schema/component.ts';
import { type DeployedParts, deployedPartsSchema, handlerEmitFields } from '#schema/deployment.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { fieldMeta } from '#schema/field.ts';

/** Key of the template's metadata. */
export const DEPLOYED_KEY = 'caudal:deployed';

/** What a template says; undefined of one that an older Caudal made. */
export function deployedPartsOf({
  Metadata = {},
}: {
  readonly Metadata?: Readonly<Record<string, unknown>>;
}): DeployedParts | undefined {
  return deployedPartsSchema.safeParse(Metadata[DEPLOYED_KEY]).data;
}

type Field = Parameters<typeof fieldMeta>[0];

const DIGEST_CHARACTERS = 8;

/** Digests of all nodes and edges of a document: of what the deployed resources are made of, not of what is only simulated. */
export function digestsOf(document: CaudalDocument): Record<string, string> {
  const nodes = nodesById(document);
  const digests: Record<string, string> = {};
  for (const { id, type, config, outputs } of document.nodes) {
    const schema = catalog.components.get(type)?.declaration.config;
    const emits = outputs.map(({ id: output, emit }) => [output, handlerEmitFields.map((name) => emit[name])]);
    digests[id] = digestOf([type, deployedConfig(schema, config), emits]);
  }
  for (const edge of document.edges) {
    const schema = connectionOfEdge(catalog, nodes, edge)?.declaration.config;
    const { source, output, target, port, config } = edge;
    digests[edge.id] = digestOf([source, output, target, port, deployedConfig(schema, config)]);
  }
  return digests;
}

/** Ids of deployed nodes and edges that the document does not have, or has with other settings. */
export function changedParts(document: CaudalDocument, { digests }: DeployedParts): string[] {
  const present = digestsOf(document);
  return Object.keys(digests).filter((id) => present[id] !== digests[id]);
}

function deployedConfig(
  schema: ConfigSchema | undefined,
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const fields = Object.entries(schema?.shape ?? {});
  return Object.fromEntries(
    fields.flatMap(([name, field]) => {
      const isDeployed = fieldMeta(field as Field)?.affects.includes('stack') ?? false;
      return isDeployed && config[name] !== undefined ? [[name, config[name]]] : [];
    }),
  );
}

function digestOf(parts: unknown): string {
  return createHash('sha256').update(stableJson(parts)).digest('hex').slice(0, DIGEST_CHARACTERS);
}

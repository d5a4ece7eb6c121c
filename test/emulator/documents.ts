/** Documents of scenarios and the templates that would be shipped of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateDocument } from '#analysis/validate.ts';
import { ROOT } from '#bin/build-state.mjs';
import { components, connections } from '#catalog/specs.ts';
import { synthesize } from '#cloud/deploy/synth.ts';
import type { SynthResult } from '#schema/deployment.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { Resource, Template } from './adapt-template.ts';

export const EXPIRES_AT = '2026-12-01T00:00:00Z';

export function readScenario(name: string): CaudalDocument {
  const raw: unknown = JSON.parse(readFileSync(join(ROOT, 'scenarios', name, 'scenario.caudal.json'), 'utf8'));
  const validated = validateDocument(raw, { components, connections });
  if (!('document' in validated)) throw new Error(JSON.stringify(validated));
  return validated.document;
}

export async function synthesized(document: CaudalDocument, stackName: string): Promise<SynthResult> {
  return synthesize({ document, stackName, version: '0.0.0-test', expiresAt: EXPIRES_AT });
}

/** A copy with other properties of one resource. */
export function withProperties(
  template: Template,
  logicalId: string,
  properties: Readonly<Record<string, unknown>>,
): Template {
  const resource = template.Resources?.[logicalId];
  if (resource === undefined) throw new Error(`no resource ${logicalId}`);
  return withResource(template, logicalId, { ...resource, Properties: { ...resource.Properties, ...properties } });
}

/** A copy with one resource more, or another one. */
export function withResource(template: Template, logicalId: string, resource: Resource): Template {
  return { ...template, Resources: { ...template.Resources, [logicalId]: resource } };
}

/** Logical id of the resource of a type that a node has. */
export function resourceOf({ resources, template }: SynthResult, node: string, type: string): string {
  const found = resources[node]?.find((id) => (template as Template).Resources?.[id]?.Type === type);
  if (found === undefined) throw new Error(`${node} has no ${type}`);
  return found;
}

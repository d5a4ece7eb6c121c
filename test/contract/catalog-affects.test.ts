/**
 * A setting that claims to change what happens, or what it costs, does: with another value the small scenario runs
 * differently, or is billed differently. Limits are left out of the comparison, as they repeat the settings.
 */
import { describe, expect, it } from 'vitest';
import { stableJson } from '#analysis/stable-json.ts';
import { schemaNode, unwrapped } from '#analysis/schema-walk.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import { components, connections } from '#catalog/specs.ts';
import type { ComponentSpec, ConnectionSpec, RatesView } from '#schema/component.ts';
import { type Affected, fieldMeta, whenHolds } from '#schema/field.ts';
import { exceptions, stages } from '#test/contract/field-changes.ts';
import { connectionScenario, edgeOf, nodeOf, run, smallScenario, tryScenario } from '#test/contract/small-scenarios.ts';
import { valuesNear } from '#test/property/random-document.ts';

const HORIZON_SECONDS = 30;

const rates = rateTable('us-east-1');
const view: RatesView = { price: (dimension, rateId, quantity) => priceOf(rates, rateId, quantity, dimension) };

interface Owner {
  readonly name: string;
  readonly spec: ComponentSpec | ConnectionSpec;
  readonly scenario: string;
  readonly isEdge: boolean;
}

const owners: Owner[] = [
  ...[...components].map(([name, spec]) => ({ name, spec, scenario: name, isEdge: false })),
  ...[...connections].map(([name, spec]) => {
    const { from, to, port } = spec.declaration;
    return { name, spec, scenario: connectionScenario(from, to, port), isEdge: true };
  }),
];

function placeIn(
  { name, spec: { declaration } }: Owner,
  scenario: string,
): { id: string; config: Record<string, unknown> } {
  const document = smallScenario(scenario);
  if ('ports' in declaration) return nodeOf(document, name);
  return edgeOf(document, declaration.from, declaration.to, declaration.port)!;
}

/** What a facet makes of a run. */
function shown(
  owner: Owner,
  affected: Affected,
  scenario: string,
  settings: readonly string[],
  horizonSeconds: number,
): string {
  const result = run(scenario, settings, horizonSeconds);
  if (affected === 'behavior') {
    const { ledger, nodes, edges, paths, usage, log } = result;
    return stableJson({ ledger, nodes, edges, paths, usage, log });
  }
  const { id } = placeIn(owner, scenario);
  const document = smallScenario(scenario, settings);
  const place = [...document.nodes, ...document.edges].find((candidate) => candidate.id === id)!;
  const total = { quantities: result.usage[id] ?? {}, horizonHours: horizonSeconds / 3600 };
  return stableJson(owner.spec.price?.(total, place.config as never, view) ?? 'no price');
}

/** Settings that make `when` hold. */
function conditions(owner: Owner, prefix: string, field: string): string[] {
  const { config: schema } = owner.spec.declaration;
  const config = schema.parse({}) as Record<string, unknown>;
  const settings: string[] = [];
  const require = (name: string): void => {
    const meta = fieldMeta(schema.shape[name] as never);
    for (const [other, wanted] of Object.entries(meta?.when ?? {})) {
      require(other);
      if (whenHolds({ [other]: wanted }, config)) continue;
      config[other] = Array.isArray(wanted) ? wanted[0] : wanted;
      settings.push(`${prefix}.${other}=${JSON.stringify(config[other])}`);
    }
  };
  require(field);
  return settings;
}

function changes(owner: Owner, field: string, affected: Affected): { tried: string[]; changed: boolean } {
  const stage = stages[`${owner.name}.${field}`] ?? {};
  const scenario = stage.scenario ?? owner.scenario;
  const horizonSeconds = stage.horizonSeconds ?? HORIZON_SECONDS;
  const { id } = placeIn(owner, scenario);
  const prefix = `${owner.isEdge ? 'edges' : 'nodes'}.${id}.config`;
  const own = (stage.settings ?? []).map((setting) => setting.replace(/^PLACE\b/, prefix));
  const settings = [...own, ...conditions(owner, prefix, field)];
  const schema = owner.spec.declaration.config.shape[field] as object;
  const base = tryScenario(scenario, settings);
  if (typeof base === 'string') throw new Error(`the stage of ${owner.name}.${field} is refused: ${base}`);
  const { config } = [...base.nodes, ...base.edges].find((candidate) => candidate.id === id)!;
  const values = stage.values ?? valuesNear(unwrapped(schemaNode(schema)), config[field]);
  const before = shown(owner, affected, scenario, settings, horizonSeconds);
  const tried: string[] = [];
  for (const value of values) {
    const changed = [...settings, `${prefix}.${field}=${JSON.stringify(value)}`];
    if (typeof tryScenario(scenario, changed) === 'string') continue;
    tried.push(JSON.stringify(value));
    if (shown(owner, affected, scenario, changed, horizonSeconds) !== before) return { tried, changed: true };
  }
  return { tried, changed: false };
}

const claims = owners.flatMap((owner) =>
  Object.entries(owner.spec.declaration.config.shape).flatMap(([field, schema]) =>
    (fieldMeta(schema as never)?.affects ?? [])
      .filter((affected) => affected !== 'stack')
      .map((affected) => ({ owner, field, affected, name: `${owner.name}.${field}` })),
  ),
);

describe('a changed setting', () => {
  it.each(claims.filter(({ name }) => exceptions[name] === undefined))(
    '$name changes the $affected',
    ({ owner, field, affected }) => {
      const { tried, changed } = changes(owner, field, affected);
      expect(changed, `tried ${tried.join(', ') || 'nothing: no other value was valid'}`).toBe(true);
    },
  );

  it('has an entry in the tables only where there is such a field, and a reason for each exception', () => {
    const names = claims.map(({ name }) => name);
    for (const name of [...Object.keys(stages), ...Object.keys(exceptions)]) expect(names).toContain(name);
    for (const [name, reason] of Object.entries(exceptions)) expect(reason, name).toMatch(/\S+ \S+ \S+/);
  });
});

/** Every component and connection at work: its small scenario runs, and what it counts is declared, priced and put into words. */
import { describe, expect, it } from 'vitest';
import { adviseRun } from '#analysis/advise.ts';
import { runMessages } from '#analysis/messages.en.ts';
import { applyAssignments } from '#analysis/set-path.ts';
import { schemaNode, unwrapped } from '#analysis/schema-walk.ts';
import { validateDocument } from '#analysis/validate.ts';
import { priceOf } from '#catalog/pricing/arithmetic.ts';
import { rateTable } from '#catalog/pricing/rates.ts';
import { components, connections } from '#catalog/specs.ts';
import { collect, runModel } from '#engine/worker/run.ts';
import { buildModel, type Model } from '#engine/worker/model.ts';
import type { ComponentSpec, ConfigSchema, ConnectionSpec, Messages, RatesView } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { fieldMeta, whenHolds } from '#schema/field.ts';
import type { PriceLine } from '#schema/pricing.ts';
import type { RawResult } from '#schema/result.ts';
import { catalog, connectionScenario, edgeOf, nodeOf, run, smallScenario } from '#test/contract/small-scenarios.ts';

const rates = rateTable('us-east-1');
const view: RatesView = { price: (dimension, rateId, quantity) => priceOf(rates, rateId, quantity, dimension) };

/** The sentences of whoever a code belongs to: a connection logs under its target node. */
function messagesOf(code: string): Messages {
  const owner = code.slice(0, code.indexOf('/'));
  return (components.get(owner) ?? connections.get(owner))?.messages ?? runMessages;
}

type Spec = ComponentSpec | ConnectionSpec;
type Config = Readonly<Record<string, unknown>>;

function priced(spec: Spec, quantities: Record<string, number>, config: Config): readonly PriceLine[] {
  return spec.price?.({ quantities, horizonHours: 730 }, config as never, view) ?? [];
}

/** The default settings, and every combination of its choices of a few values. */
function variants(schema: ConfigSchema): Config[] {
  const byDefault = schema.parse({}) as Config;
  let found: Config[] = [byDefault];
  for (const [name, child] of Object.entries(schema.shape)) {
    const { type, entries } = unwrapped(schemaNode(child as object)).def;
    const values = type === 'boolean' ? [true, false] : type === 'enum' ? Object.values(entries ?? {}) : [];
    const meta = fieldMeta(child as never);
    if (values.length < 2 || values.length > 4 || meta?.affects.includes('price') !== true) continue;
    found = found.flatMap((config) => values.map((value) => ({ ...config, [name]: value })));
  }
  return found;
}

function simulate(document: CaudalDocument, seconds: number): { model: Model; result: RawResult } {
  const model = buildModel(document, { seed: 1, horizonSeconds: seconds, preRollSeconds: 0, fidelity: 'exact' });
  const { cancelled } = runModel(model);
  return { model, result: collect(model, cancelled) };
}

const owners: { name: string; spec: Spec; scenario: string }[] = [
  ...[...components].map(([name, spec]) => ({ name, spec, scenario: name })),
  ...[...connections].map(([name, spec]) => ({
    name,
    spec,
    scenario: connectionScenario(spec.declaration.from, spec.declaration.to, spec.declaration.port),
  })),
];

/** The node or edge of a scenario that an owner stands for. */
function placeOf({ spec, name }: (typeof owners)[number], document: CaudalDocument): { id: string; config: Config } {
  const { declaration } = spec;
  if ('ports' in declaration) return nodeOf(document, name);
  const edge = edgeOf(document, declaration.from, declaration.to, declaration.port);
  if (edge === undefined) throw new Error(`${name} is not in the scenario`);
  return edge;
}

describe.each(owners)('$name', (owner) => {
  const { name, spec, scenario } = owner;
  const { declaration } = spec;

  it('runs 60 simulated seconds of its small scenario, and records come through', () => {
    const { ledger, horizonSeconds } = run(scenario);
    expect(horizonSeconds).toBe(60);
    expect(ledger.created).toBeGreaterThan(0);
    expect(ledger.delivered).toBeGreaterThan(0);
  });

  it('counts only usage that it declares', () => {
    const { id } = placeOf(owner, smallScenario(scenario));
    const declared = spec.usage.map((usage) => usage.id);
    for (const counted of Object.keys(run(scenario).usage[id] ?? {})) expect(declared).toContain(counted);
  });

  it('counts some of its usage, prices each at a known rate, and prices nothing when nothing was used', () => {
    if (spec.usage.length === 0) {
      expect(declaration.absent.usage ?? '').not.toBe('');
      return;
    }
    const { id } = placeOf(owner, smallScenario(scenario));
    if ('ports' in declaration) {
      expect(Object.values(run(scenario).usage[id] ?? {}).some((quantity) => quantity > 0)).toBe(true);
    }
    for (const usage of spec.usage) {
      const lines = variants(declaration.config).flatMap((config) => {
        const without = priced(spec, {}, config).reduce((sum, { usd }) => sum + usd, 0);
        const own = priced(spec, { [usage.id]: 1e9 }, config);
        for (const { rateId } of own) expect(rates.has(rateId), rateId).toBe(true);
        return own.reduce((sum, { usd }) => sum + usd, 0) > without ? own : [];
      });
      expect(lines.length, `${usage.id} costs nothing under any setting`).toBeGreaterThan(0);
    }
    const nothing = priced(
      spec,
      Object.fromEntries(spec.usage.map((usage) => [usage.id, 0])),
      variants(declaration.config)[0]!,
    );
    for (const { usd, rateId } of nothing) expect(usd, rateId).toBe(0);
  });

  it('has a series for each metric it declares, of the declared kind, and declares each it keeps', () => {
    if (!('ports' in declaration)) return;
    const document = smallScenario(scenario);
    const { id, config } = placeOf(owner, document);
    const { model, result } = simulate(document, 60);
    const kept = model.recorder.metrics[document.nodes.findIndex((node) => node.id === id)]!;
    const declared = spec.metrics.map((metric) => metric.name);
    for (const metric of kept.keys()) expect(declared, `${metric} is kept and not declared`).toContain(metric);
    for (const metric of spec.metrics) {
      const series = result.nodes[id]?.series.find((candidate) => candidate.metric === metric.name);
      if (series === undefined && !whenHolds(metric.when, config)) continue;
      expect(series, `${metric.name} has no series`).toBeDefined();
      expect(series?.values.length, metric.name).toBeGreaterThan(0);
      expect(kept.get(metric.name)?.kind, metric.name).toBe(metric.series);
      const columns = [series?.values.length, series?.maxima?.length ?? series?.values.length];
      expect(columns[0], `${metric.name}: maxima`).toBe(columns[1]);
      expect((series?.values.length ?? 0) * (series?.stepSeconds ?? 0), `${metric.name} covers the run`).toBe(60);
    }
  });

  it('says everything in words: its log under every fault, and its advice', () => {
    const document = smallScenario(scenario);
    const { id } = placeOf(owner, document);
    const node =
      'ports' in declaration ? id : edgeOf(document, declaration.from, declaration.to, declaration.port)!.target;
    const faults = [
      { kind: 'outage' },
      { kind: 'errorRate', ratio: 0.7 },
      { kind: 'latencyFactor', factor: 100 },
      { kind: 'throttling', capacityRatio: 0.1 },
      { kind: 'duplicates', ratio: 0.3 },
    ];
    for (const fault of [undefined, ...faults]) {
      const broken = fault && { ...fault, id: 'test', node, startSeconds: 5, durationSeconds: 20 };
      const validated = validateDocument({ ...document, faults: broken ? [broken] : [] }, catalog);
      if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
      const { result } = simulate(validated.document, 45);
      for (const entry of result.log.filter((candidate) => candidate.node === id)) {
        const messages = messagesOf(entry.code);
        expect(Object.keys(messages), `${entry.code} is logged`).toContain(entry.code);
        expect(messages[entry.code]?.(entry.params), entry.code).toMatch(/^(?!.*(undefined|NaN)).{10,}/);
      }
      for (const code of result.fidelity.warnings) expect(Object.keys(runMessages), code).toContain(code);
      for (const advice of adviseRun(validated.document, result, catalog).filter((given) => given.node === id)) {
        expect(Object.keys(spec.messages), advice.code).toContain(advice.code);
        expect(advice.text, advice.code).toMatch(/^(?!.*(undefined|NaN)).{10,}/);
        const steps = advice.patch.map(({ path, to }) => ({ path, value: to }));
        const patched = applyAssignments(validated.document, steps);
        expect(patched.faults, advice.code).toEqual([]);
        const again = validateDocument(patched.root, catalog);
        expect('faults' in again ? again.faults : [], `${advice.code} advises what is refused`).toEqual([]);
      }
    }
  });

  it('names its limits once, each with words, unit and source', () => {
    const result = run(scenario);
    const { id } = placeOf(owner, smallScenario(scenario));
    const own = result.limits.filter((limit) => limit.node === id);
    expect(new Set(own.map((limit) => limit.id)).size).toBe(own.length);
    for (const limit of own) {
      expect(
        [limit.name, limit.unit, limit.source].every((text) => text.trim() !== ''),
        `${name}: ${limit.id}`,
      ).toBe(true);
      expect(limit.capacity, limit.id).toBeGreaterThan(0);
    }
  });
});

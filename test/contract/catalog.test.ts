/** What every component and connection declares about itself, found through the lists. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { behaviors, connectionBehaviors } from '#catalog/behaviors.ts';
import { components, connections } from '#catalog/specs.ts';
import type { ComponentSpec, ConfigSchema, ConnectionSpec } from '#schema/component.ts';
import { type FieldMeta, fieldMeta } from '#schema/field.ts';
import { protocols } from '#schema/protocols.ts';
import { read, scenarioUrl, smallScenario } from '#test/contract/small-scenarios.ts';

const catalogRoot = new URL('../../catalog/', import.meta.url);

interface Owner {
  readonly name: string;
  readonly folder: string;
  readonly spec: ComponentSpec | ConnectionSpec;
}

const componentOwners: Owner[] = [...components].map(([name, spec]) => ({ name, folder: `components/${name}`, spec }));
const connectionOwners: Owner[] = [...connections].map(([name, spec]) => ({
  name,
  folder: `connections/${name}`,
  spec,
}));
const owners = [...componentOwners, ...connectionOwners];

function fieldsOf(schema: ConfigSchema): [string, FieldMeta | undefined][] {
  return Object.entries(schema.shape).map(([name, child]) => [name, fieldMeta(child as never)]);
}

/** Files of a facet: `price.ts`, or all of `price/`. */
function facetText(folder: string, facet: string): string {
  const directory = new URL(`${folder}/${facet}/`, catalogRoot);
  const own = read(`catalog/${folder}/${facet}.ts`);
  if (!existsSync(directory)) return own;
  return (
    own +
    readdirSync(directory)
      .map((file) => read(`catalog/${folder}/${facet}/${file}`))
      .join('\n')
  );
}

describe('the lists', () => {
  it('hold every folder of components and of connections', () => {
    expect([...components.keys()].sort()).toEqual(readdirSync(new URL('components/', catalogRoot)).sort());
    const folders = new URL('connections/', catalogRoot);
    expect([...connections.keys()].sort()).toEqual(existsSync(folders) ? readdirSync(folders).sort() : []);
  });

  it('name a behaviour for every spec and a spec for every behaviour', () => {
    expect([...behaviors.keys()].sort()).toEqual([...components.keys()].sort());
    // The settings of some links are read by their source.
    const acting = [...connections].filter(([, { declaration }]) => declaration.readBy === undefined);
    expect([...connectionBehaviors.keys()].sort()).toEqual(acting.map(([name]) => name).sort());
  });

  it('join connections to components that exist, at a port that takes what the source gives', () => {
    for (const [name, { declaration }] of connections) {
      const [from, to] = [components.get(declaration.from), components.get(declaration.to)];
      expect(name).toBe(`${declaration.from}--${declaration.to}`);
      const entering = to?.declaration.ports.find(({ id, direction }) => id === declaration.port && direction === 'in');
      expect(entering, `${name}: port ${declaration.port}`).toBeDefined();
      const shared = from?.declaration.ports.some(
        ({ direction, protocols: spoken }) =>
          direction === 'out' && spoken.some((protocol) => entering?.protocols.includes(protocol)),
      );
      expect(shared, `${name}: a shared protocol`).toBe(true);
    }
  });
});

describe.each(owners)('$name', ({ name, folder, spec }) => {
  const { declaration } = spec;
  const fields = fieldsOf(declaration.config);

  it('has valid defaults, and breaks none of its own rules with them', () => {
    const parsed = declaration.config.safeParse({});
    expect(parsed.success, JSON.stringify(parsed.error?.issues)).toBe(true);
    if (!('ports' in declaration)) return;
    // Where ports exclude each other, there is a link that is all right.
    const all = declaration.ports.map(({ id }) => id);
    const findings = [all, ...all.map((id) => [id])].map(
      (linkedPorts) => declaration.check?.({ config: parsed.data as never, linkedPorts }) ?? [],
    );
    expect(findings).toContainEqual([]);
    for (const { quota, path } of declaration.claims?.(parsed.data as never) ?? []) {
      expect(declaration.quotas, `${path}: a claim of ${quota}`).toContain(quota);
      expect(Object.keys(declaration.config.shape)).toContain(path.replace(/^config\./, ''));
    }
  });

  it('says of every field what it is, in which unit, how far it can be trusted and what it changes', () => {
    for (const [field, meta] of fields) {
      expect(meta, `${field} has no metadata`).toBeDefined();
      if (meta === undefined) continue;
      expect(meta.label.trim(), `${field}: label`).not.toBe('');
      expect(meta.help.trim(), `${field}: help`).toMatch(/^[A-Z0-9].{10,}[.)]$|^[a-z].{10,}\.$/s);
      expect(typeof meta.unit, `${field}: unit`).toBe('string');
      expect(['documented', 'measured', 'guess', 'choice'], `${field}: kind`).toContain(meta.kind);
      expect(meta.affects.length, `${field}: affects`).toBeGreaterThan(0);
      if (meta.kind === 'documented' || meta.kind === 'measured') expect(meta.source, `${field}: source`).toBeDefined();
      if (meta.source !== undefined) {
        expect(meta.source.url, `${field}: source`).toMatch(/^https:\/\/\S+$/);
        expect(meta.source.read, `${field}: date`).toMatch(/^20\d\d-\d\d-\d\d$/);
      }
      if (meta.kind === 'guess' && meta.source === undefined) {
        expect(`${meta.help} ${facetText(folder, 'config')}`, `${field}: a guess is called an assumption`).toMatch(
          /assumption|AWS does not say/i,
        );
      }
    }
  });

  it('names in `when` only its own fields and values they can take', () => {
    const names = new Set(fields.map(([field]) => field));
    for (const [field, meta] of fields) {
      for (const [other, wanted] of Object.entries(meta?.when ?? {})) {
        expect(names.has(other), `${field}: ${other}`).toBe(true);
        for (const value of Array.isArray(wanted) ? wanted : [wanted]) {
          const parsed = (declaration.config.shape[other] as z.ZodType).safeParse(value);
          expect(parsed.success, `${field}: ${other} may be ${String(value)}`).toBe(true);
        }
      }
    }
  });

  it('counts numbers in a unit that is named', () => {
    const withUnit = fields.filter(([field]) => /(Seconds|Ms|Minutes|Hours|Bytes|MB|KiB|PerSecond)$/.test(field));
    expect(withUnit.filter(([, meta]) => meta?.unit === '').map(([field]) => field)).toEqual([]);
  });

  it('gives each absent facet a reason and has every other', () => {
    const present = {
      usage: spec.usage.length > 0,
      price: spec.price !== undefined,
      metrics: spec.metrics.length > 0,
      advice: spec.advice !== undefined,
      stack: ['stack.ts', 'stack/stack.ts'].some((file) => existsSync(new URL(`${folder}/${file}`, catalogRoot))),
      client: existsSync(new URL(`${folder}/client.ts`, catalogRoot)),
    };
    for (const [facet, exists] of Object.entries(present)) {
      const reason = declaration.absent[facet as keyof typeof declaration.absent];
      if (exists) expect(reason, `${facet} exists and is called absent`).toBeUndefined();
      else expect(reason ?? '', `${facet} is absent without a reason`).toMatch(/\S{2,}.{8,}/);
    }
  });

  it('has usage and metrics under names of their own', () => {
    const usages = spec.usage.map(({ id }) => id);
    expect(new Set(usages).size).toBe(usages.length);
    for (const { label, unit, scalesWith } of spec.usage) {
      expect([label.trim() !== '', unit.trim() !== '']).toEqual([true, true]);
      expect(['time', 'load', 'stored', 'perCycle']).toContain(scalesWith);
    }
    const metrics = spec.metrics.map((metric) => metric.name);
    expect(new Set(metrics).size).toBe(metrics.length);
    for (const metric of spec.metrics) {
      expect(metric.source.url, metric.name).toMatch(/^https:\/\//);
      expect(metric.source.read, metric.name).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(metric.namespace, metric.name).toMatch(metric.derived === true ? /^Caudal$/ : /^[A-Z]/);
    }
  });

  it('has a sentence for every code that its log, its checks and its advice name, and no other', () => {
    const text = ['behavior', 'config', 'advice'].map((facet) => facetText(folder, facet)).join('\n');
    // log('warning', 'x/y', ...) and { code: 'x/y' }; codes put together from their last part are found by that part.
    const named = [...text.matchAll(/(?:log\(\s*[^,()]+,\s*|\bcode:\s*)'([a-z0-9-]+\/[a-z0-9-]+)'/g)];
    const known = Object.keys(spec.messages);
    for (const [, code] of named) expect(known, `no sentence for ${code}`).toContain(code);
    for (const code of known) {
      const last = code.slice(code.indexOf('/') + 1);
      expect(code.startsWith(`${name}/`), `${code} belongs to another`).toBe(true);
      const isSaid = [`'${code}'`, `'${last}'`, `\`${code}\``].some((quoted) => text.includes(quoted));
      expect(isSaid, `${code} has a sentence and nothing says it`).toBe(true);
    }
  });

  it('makes sentences without holes', () => {
    const params = new Proxy({}, { get: () => 7, has: () => true });
    for (const [code, make] of Object.entries(spec.messages)) {
      const sentence = make(params as never);
      expect(sentence.trim().length, code).toBeGreaterThan(10);
      expect(sentence, code).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it('explains itself: scope, what is left out, sources, how it was checked', () => {
    const readme = read(`catalog/${folder}/README.md`);
    for (const section of ['Scope', 'Left out', 'Sources', 'Checked against']) {
      const body = new RegExp(`^## ${section}\\n+([^#][\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(readme)?.[1] ?? '';
      expect(body.trim().length, `README: ${section}`).toBeGreaterThan(10);
    }
  });
});

describe.each(componentOwners)('component $name', ({ name, folder, spec }) => {
  const { declaration } = spec as ComponentSpec;

  it('is named as its folder, with a title, a category and a summary', () => {
    expect(declaration.type).toBe(name);
    expect(declaration.title.trim()).not.toBe('');
    expect(declaration.category.trim()).not.toBe('');
    expect(declaration.summary).toMatch(/^[A-Z].{15,}\.$/);
    expect(declaration.calibrated.trim()).not.toBe('');
    expect(declaration.drawio).toMatch(/^shape=/);
  });

  it('has ports that speak known protocols of their own kind', () => {
    expect(declaration.ports.length).toBeGreaterThan(0);
    expect(new Set(declaration.ports.map(({ id }) => id)).size).toBe(declaration.ports.length);
    for (const port of declaration.ports) {
      expect(port.id).toMatch(/^[a-z0-9-]{1,64}$/);
      expect([port.label.trim() !== '', port.entity.trim() !== '']).toEqual([true, true]);
      expect(port.protocols.length, port.id).toBeGreaterThan(0);
      for (const id of port.protocols) expect(protocols[id]?.kind, `${port.id}: ${id}`).toBe(port.kind);
      expect(port.min >= 0 && port.min <= port.max, `${port.id}: ${port.min} to ${port.max}`).toBe(true);
      if (port.direction === 'in') expect(port.emits ?? port.load ?? port.onFailure, port.id).toBeUndefined();
      if (port.direction === 'out') expect(port.deadLetter, port.id).toBeUndefined();
    }
  });

  it('fills its face from a series that it has', () => {
    const { kind, fill } = declaration.face;
    if (kind === 'none') expect(fill).toBeUndefined();
    else if (fill !== undefined) {
      const series = spec.metrics.map((metric) => metric.name);
      expect([
        ...series,
        ...[...facetText(folder, 'behavior').matchAll(/id: [`']([a-z-]+)/g)].map((m) => m[1]),
      ]).toContain(fill);
    }
  });

  it('has an icon that is an SVG without scripts or links', () => {
    const icon = read(`catalog/${folder}/icon.svg`);
    expect(icon).toMatch(/^<svg[^>]* viewBox="/);
    expect(icon).not.toMatch(/<script|href=|<image|<foreignObject/);
  });

  it('has a small scenario that is valid and shows it at work, with a few words about it', () => {
    expect(existsSync(scenarioUrl(name))).toBe(true);
    const document = smallScenario(name);
    expect(document.nodes.some(({ type }) => type === name)).toBe(true);
    expect(document.workloads.length).toBeGreaterThan(0);
    expect(document.description.length).toBeGreaterThan(20);
    expect(read(`scenarios/components/${name}/README.md`).length).toBeGreaterThan(100);
  });
});

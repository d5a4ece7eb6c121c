/**
 * Draws small documents from whatever components the catalogue lists: ports and protocols decide what is linked, the schemas of
 * the settings decide their values. No component is named here, so a new one is tested as soon as it is listed.
 */
import fc, { type GeneratorValue } from 'fast-check';
import type { Catalog } from '#analysis/catalog.ts';
import { linkRefusal } from '#analysis/links.ts';
import { type SchemaNode, schemaNode, unwrapped } from '#analysis/schema-walk.ts';
import { validateDocument } from '#analysis/validate.ts';
import { components, connections } from '#catalog/specs.ts';
import type { ComponentSpec, ConfigSchema, Port } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';

export { components };
export const catalog: Catalog = { components, connections };

/** A document as a user would write it, before defaults. */
export interface WrittenDocument {
  schemaVersion: 1;
  name: string;
  account: Record<string, unknown>;
  nodes: {
    id: string;
    type: string;
    config: Record<string, unknown>;
    outputs: { id: string; port?: string; emit: object }[];
  }[];
  edges: {
    id: string;
    source: string;
    output: string;
    target: string;
    port: string;
    kind: string;
    config: Record<string, unknown>;
  }[];
  workloads: Record<string, unknown>[];
  faults: Record<string, unknown>[];
  run: Record<string, unknown>;
}

const all = [...components.values()];
const loadable = all.filter(({ declaration }) => declaration.ports.some(({ load }) => load === true));

function portsOf(spec: ComponentSpec, direction: Port['direction']): readonly Port[] {
  return spec.declaration.ports.filter((port) => port.direction === direction);
}

function agree(from: Port, to: Port): boolean {
  return from.kind === to.kind && from.protocols.some((protocol) => to.protocols.includes(protocol));
}

/** One of a list; only its place is drawn, so that a counterexample is readable. */
function pick<T>(g: GeneratorValue, list: readonly T[]): T {
  return list[g(fc.nat, list.length - 1)]!;
}

/** Checks something about a document; a failure shows the document. */
export function showing(written: object, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`${(error as Error).message}\nin ${JSON.stringify(written)}`, { cause: error });
  }
}

/** Draws a valid document with its defaults filled in, and what was written. */
export function drawDocument(g: GeneratorValue, nodes = 6): { written: WrittenDocument; document: CaudalDocument } {
  const written: WrittenDocument = {
    schemaVersion: 1,
    name: 'random',
    account: {},
    nodes: [],
    edges: [],
    workloads: [],
    faults: [],
    run: {
      horizonSeconds: g(fc.integer, { min: 5, max: 90 }),
      preRollSeconds: g(fc.constantFrom, 0, 0, 7),
      seed: g(fc.integer, { min: 0, max: 2 ** 32 - 1 }),
      fidelity: 'exact',
      seriesResolutionSeconds: 1,
    },
  };
  addNode(g, written, pick(g, loadable));
  const size = g(fc.integer, { min: 1, max: nodes });
  while (written.nodes.length < size && growByOne(g, written));
  for (let i = 0; i < 3; i += 1) linkAnyTwo(g, written);
  closeOpenEnds(g, written);
  drawWorkloads(g, written);
  drawFaults(g, written);
  const document = settle(written);
  fc.pre(document !== undefined);
  return { written, document };
}

/** Drops drawn settings until the document is valid: some exclude each other, some count only with others. */
function settle(written: WrittenDocument): CaudalDocument | undefined {
  for (let round = 0; round < 4; round += 1) {
    const validated = validateDocument(written, catalog);
    if ('document' in validated) return validated.document;
    for (const { path } of validated.faults) {
      const [list, id, part, name] = path.split('.');
      if (list === 'faults') written.faults = written.faults.filter((fault) => fault['id'] !== id);
      if (part !== 'config' && part !== 'outputs') continue;
      const owner =
        list === 'nodes' ? written.nodes.find((node) => node.id === id) : written.edges.find((edge) => edge.id === id);
      if (owner === undefined) continue;
      if (part === 'outputs' && 'outputs' in owner) for (const output of owner.outputs) output.emit = {};
      else if (round < 2 && name !== undefined) delete owner.config[name];
      else owner.config = {};
    }
  }
  return undefined;
}

function addNode(g: GeneratorValue, written: WrittenDocument, spec: ComponentSpec): void {
  const { type, config } = spec.declaration;
  written.nodes.push({ id: `n${written.nodes.length}`, type, config: drawConfig(g, config), outputs: [] });
}

/** Adds a node that something already drawn can feed. */
function growByOne(g: GeneratorValue, written: WrittenDocument): boolean {
  const choices = written.nodes.flatMap((node) => {
    const source = components.get(node.type);
    return source === undefined
      ? []
      : portsOf(source, 'out').flatMap((from) =>
          all.flatMap((spec) =>
            portsOf(spec, 'in')
              .filter((to) => agree(from, to))
              .map((to) => ({ source: node.id, from, spec, to })),
          ),
        );
  });
  if (choices.length === 0) return false;
  // Mostly where the chain has come to, else anywhere: deep pipelines and wide ones.
  const last = choices.findLast(() => true)?.source;
  const latest = choices.filter((choice) => choice.source === last);
  const { source, from, spec, to } = pick(g, g(fc.constantFrom, true, true, false) ? latest : choices);
  addNode(g, written, spec);
  link(g, written, source, from, `n${written.nodes.length - 1}`, to);
  return true;
}

/** Links an earlier node to a later one, if two ports agree. */
function linkAnyTwo(g: GeneratorValue, written: WrittenDocument): void {
  const later = g(fc.integer, { min: 0, max: written.nodes.length - 1 });
  const earlier = g(fc.integer, { min: 0, max: Math.max(0, later - 1) });
  const [source, target] = [written.nodes[earlier]!, written.nodes[later]!];
  if (source === target) return;
  const pairs = portsOf(components.get(source.type)!, 'out').flatMap((from) =>
    portsOf(components.get(target.type)!, 'in')
      .filter((to) => agree(from, to))
      .map((to) => ({ from, to })),
  );
  if (pairs.length === 0) return;
  const { from, to } = pick(g, pairs);
  link(g, written, source.id, from, target.id, to);
}

/** Gives ports that need a link one. */
function closeOpenEnds(g: GeneratorValue, written: WrittenDocument): void {
  const drawn = written.nodes.slice();
  for (const node of drawn) {
    for (const from of portsOf(components.get(node.type)!, 'out')) {
      const links = written.edges.filter(({ source, output }) => source === node.id && isOf(node, output, from));
      if (links.length >= from.min) continue;
      const takers = all.filter((spec) => portsOf(spec, 'in').some((to) => agree(from, to)));
      if (takers.length === 0) continue;
      const spec = pick(g, takers);
      addNode(g, written, spec);
      const to = portsOf(spec, 'in').find((port) => agree(from, port))!;
      link(g, written, node.id, from, `n${written.nodes.length - 1}`, to);
    }
  }
}

function isOf(node: WrittenDocument['nodes'][number], output: string, port: Port): boolean {
  return port.emits === true
    ? node.outputs.some(({ id, port: of }) => id === output && of === port.id)
    : output === port.id;
}

function link(g: GeneratorValue, written: WrittenDocument, source: string, from: Port, target: string, to: Port): void {
  const node = written.nodes.find(({ id }) => id === source)!;
  let output = from.id;
  if (from.emits === true) {
    const own = node.outputs.filter(({ port }) => port === from.id);
    if (own.length > 0 && g(fc.boolean)) output = pick(g, own).id;
    else {
      output = `o${node.outputs.length}`;
      node.outputs.push({ id: output, port: from.id, emit: drawEmit(g, from.kind) });
    }
  }
  const document = { nodes: written.nodes, edges: written.edges } as never;
  if (linkRefusal(catalog, document, source, output, target, to.id) !== undefined) return;
  const type = written.nodes.find(({ id }) => id === target)?.type ?? '';
  const connection = connections.get(`${node.type}--${type}`);
  const config = connection?.declaration.port === to.id ? drawConfig(g, connection.declaration.config) : {};
  const { kind } = to;
  written.edges.push({ id: `e${written.edges.length}`, source, output, target, port: to.id, kind, config });
}

function drawEmit(g: GeneratorValue, kind: Port['kind']): object {
  const attempts = {
    ...(g(fc.boolean) ? { callLatencyMs: fc.constantFrom(0, 15) } : {}),
    maxAttempts: fc.constantFrom(1, 2, 5),
    retryBaseMs: fc.constantFrom(0, 40),
    onExhausted: fc.constantFrom('fail', 'drop'),
  };
  if (kind !== 'data') {
    const order = fc.constantFrom('sequential', 'parallel', 'pipelined');
    return g(fc.record, { callsPer: fc.constantFrom('record', 'record', 'invocation'), order, ...attempts });
  }
  return g(fc.record, {
    per: fc.constantFrom('record', 'record', 'batch'),
    selectivity: fc.constantFrom(1, 1, 0, 0.4, 2, 1.7),
    ...(g(fc.boolean) ? { weight: fc.constantFrom(1, 2.5) } : {}),
    client: fc.constantFrom('sdk', 'sdk', 'sdk', 'kpl'),
    sizeFactor: fc.constantFrom(1, 0.01, 30),
    recordsPerMessage: fc.constantFrom(1, 1, 3),
    key: fc.constantFrom('keep', 'new'),
    batchSize: fc.constantFrom(1, 4, 10),
    lingerMs: fc.constantFrom(0, 20, 1500),
    order: fc.constantFrom('sequential', 'parallel'),
    ...attempts,
  });
}

/** Some settings off their default, near it where they are numbers. */
export function drawConfig(g: GeneratorValue, schema: ConfigSchema): Record<string, unknown> {
  const defaults = schema.safeParse({});
  const byDefault: Record<string, unknown> = defaults.success ? defaults.data : {};
  const config: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    if (!g(fc.constantFrom, true, false, false)) continue;
    const values = valuesNear(unwrapped(schemaNode(field as object)), byDefault[name]);
    if (values.length > 0) config[name] = g(fc.constantFrom, ...values);
  }
  return config;
}

/** A few legal values around a default. */
export function valuesNear(schema: SchemaNode, byDefault: unknown): unknown[] {
  const { type, entries, checks } = schema.def;
  if (type === 'enum' && entries) return Object.values(entries);
  if (type === 'boolean') return [true, false];
  if (type !== 'number' && type !== 'int') return [];
  let [min, max] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let isWhole = schema.isInt === true;
  for (const { _zod } of checks ?? []) {
    const { check, value, inclusive } = _zod.def;
    if (check === 'greater_than') min = Math.max(min, Number(value) + (inclusive === true ? 0 : 1e-6));
    if (check === 'less_than') max = Math.min(max, Number(value) - (inclusive === true ? 0 : 1e-6));
    if (check === 'number_format') isWhole = true;
  }
  const middle = typeof byDefault === 'number' ? byDefault : Math.max(min, 1);
  const wanted = [middle, middle / 2, middle * 2, middle + 1, Math.min(max, Math.max(min, 3)), min];
  const found = wanted
    .map((value) => Math.min(max, Math.max(min, isWhole ? Math.round(value) : value)))
    .filter((value) => Number.isFinite(value) && Math.abs(value) <= Math.max(10_000, 2 * Math.abs(middle)));
  return [...new Set(found)];
}

function drawWorkloads(g: GeneratorValue, written: WrittenDocument): void {
  const carriers = written.nodes.filter(({ type }) => components.get(type)!.declaration.ports.some(({ load }) => load));
  for (const [index, { id }] of carriers.entries()) {
    const rate = g(fc.constantFrom, 0.5, 3, 20, 60);
    const arrivals: object = g(
      fc.constantFrom,
      { kind: 'poisson', recordsPerSecond: rate },
      { kind: 'constant', recordsPerSecond: rate, spacing: 'paced' },
      { kind: 'ramp', fromRecordsPerSecond: 0, toRecordsPerSecond: 2 * rate, startSeconds: 2, durationSeconds: 20 },
      { kind: 'trace', binSeconds: 10, counts: [7, 0, Math.round(10 * rate), 3], repeat: true },
    );
    const recordSize: object = g(
      fc.constantFrom,
      { kind: 'constant', bytes: 900 },
      { kind: 'uniform', minBytes: 1, maxBytes: 5000 },
      { kind: 'lognormal', meanBytes: 40_000, cv: 2, maxBytes: 200_000 },
    );
    const partitionKey: object = g(
      fc.constantFrom,
      { kind: 'uniform', keys: 3 },
      { kind: 'zipf', keys: 500, exponent: 1.1 },
    );
    const producers = g(fc.constantFrom, 1, 3);
    written.workloads.push({ id: `w${index}`, node: id, arrivals, recordSize, partitionKey, producers });
  }
}

const shapes = [
  { kind: 'outage' },
  { kind: 'errorRate', ratio: 0.4, per: 'invocation' },
  { kind: 'errorRate', ratio: 0.2, per: 'record' },
  { kind: 'errorRate', ratio: 1, per: 'invocation' },
  { kind: 'latencyFactor', factor: 20 },
  { kind: 'latencyFactor', factor: 0.1 },
  { kind: 'throttling', capacityRatio: 0 },
  { kind: 'throttling', capacityRatio: 0.3 },
  { kind: 'duplicates', ratio: 0.5 },
  { kind: 'trafficSpike', factor: 4 },
  { kind: 'hotKey', shareRatio: 0.8 },
  { kind: 'poisonRecord', count: 3 },
] as const;

/** Kinds of fault that change the load; they work on whole seconds. */
export const loadFaults: readonly string[] = ['trafficSpike', 'hotKey', 'poisonRecord'];

/** A fault on some node that begins at `startSeconds`. */
export function drawFault(
  g: GeneratorValue,
  written: WrittenDocument,
  id: string,
  startSeconds: number,
): Record<string, unknown> {
  const shape = g(fc.constantFrom, ...shapes);
  const nodes = loadFaults.includes(shape.kind)
    ? written.workloads.map(({ node }) => node)
    : written.nodes.map(({ id: node }) => node);
  return { ...shape, id, node: pick(g, nodes), startSeconds, durationSeconds: g(fc.constantFrom, 0.4, 5, 30.5) };
}

function drawFaults(g: GeneratorValue, written: WrittenDocument): void {
  const count = g(fc.integer, { min: 0, max: 3 });
  for (let i = 0; i < count; i += 1) {
    written.faults.push(drawFault(g, written, `f${i}`, g(fc.constantFrom, -3, 0, 2.5, 10, 31)));
  }
}

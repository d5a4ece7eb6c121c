/** Checks nodes: ids, types, every setting, AWS's creation-time rules, outputs. */
import type { CheckFinding, ComponentSpec, Messages, Port } from '#schema/component.ts';
import type { DocumentNode } from '#schema/document.ts';
import { type Emit, emitSchema } from '#schema/emit.ts';
import { whenHolds } from '#schema/field.ts';
import { type Catalog, departureOf, emittingPorts, portOfOutput } from './catalog.ts';
import type { FaultList } from './document-fault.ts';
import { GrowingPlan, type LinkPlan } from './links.ts';
import { didYouMean } from './nearest.ts';
import { isRecord, type Pointer, valueAt } from './paths.ts';
import { metaOf, schemaNode } from './schema-walk.ts';
import { sentence } from './sentences.ts';
import type { DocumentView, IdentifiedList, Placed } from './validate-view.ts';
import { parseAt } from './zod-faults.ts';

export type Config = Readonly<Record<string, unknown>>;

/** Settings with defaults, by id of node or edge, of those whose settings are right. */
export type Configs = ReadonlyMap<string, Record<string, unknown>>;

export function checkNodes(view: DocumentView, catalog: Catalog, faults: FaultList): Configs {
  checkIds(view, faults);
  const configs = new Map<string, Record<string, unknown>>();
  const plan = new GrowingPlan(view.wellFormed.nodes, view.wellFormed.edges);
  for (const { value: node, pointer } of view.nodes) {
    const spec = catalog.components.get(node.type);
    if (spec === undefined) {
      reportUnknownType(node.type, pointer, catalog, faults);
      continue;
    }
    const config = checkConfig(spec.declaration.config, node.config, [...pointer, 'config'], faults);
    checkOutputs(node, spec, pointer, faults);
    if (config === undefined) continue;
    configs.set(node.id, config);
    const linkedPorts = linkedPortsOf(plan, node, spec);
    const findings = spec.declaration.check?.({ config, linkedPorts }) ?? [];
    reportFindings(findings, spec.declaration.type, spec.messages, pointer, faults);
  }
  for (const { value, pointer } of view.draftNodes) {
    const spec = catalog.components.get(value.type);
    if (spec === undefined) reportUnknownType(value.type, pointer, catalog, faults);
    else checkConfig(spec.declaration.config, value.config, [...pointer, 'config'], faults);
  }
  return configs;
}

/** Parses settings and refuses those whose `when` does not hold, unless they say what holds anyway. */
export function checkConfig(
  schema: ComponentSpec['declaration']['config'],
  given: Config,
  pointer: Pointer,
  faults: FaultList,
): Record<string, unknown> | undefined {
  const config = parseAt(faults, schema, given, pointer) as Record<string, unknown> | undefined;
  if (config === undefined) return undefined;
  const defaults = schema.safeParse({});
  const byDefault: Config = defaults.success ? defaults.data : {};
  for (const name of Object.keys(given)) {
    const child = schema.shape[name];
    const meta = child && metaOf(schemaNode(child as object));
    if (!meta || whenHolds(meta.when, config) || sameJson(config[name], byDefault[name])) continue;
    const conditions = Object.entries(meta.when ?? {});
    const needed = conditions.map(([field, wanted]) => `${field} is ${listed(wanted)}`).join(' and ');
    const actual = conditions.map(([field]) => `${field} is ${listed(config[field])}`).join(' and ');
    const message = `counts only where ${needed}, and here ${actual}; remove it or change the other setting`;
    faults.refuse('document/field-not-in-use', [...pointer, name], message);
  }
  return config;
}

export function reportFindings(
  findings: readonly CheckFinding[],
  owner: string,
  messages: Messages,
  at: Pointer,
  faults: FaultList,
): void {
  for (const finding of findings) {
    const code = finding.code.includes('/') ? finding.code : `${owner}/${finding.code}`;
    const steps = finding.path === '' ? [] : finding.path.split('.');
    const pointer = [...at, ...steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step))];
    const received = finding.received ?? valueAt(faults.root, pointer);
    faults.add(
      code,
      pointer,
      sentence(messages, finding.code, finding.params),
      received === undefined ? {} : { received },
    );
  }
}

function checkIds(view: DocumentView, faults: FaultList): void {
  for (const list of Object.keys(view.ids) as IdentifiedList[]) reportRepeated(view.ids[list], list, faults);
  const nodeIds = new Set(view.ids.nodes.map((id) => id.value));
  for (const { value, pointer } of view.ids.edges) {
    if (!nodeIds.has(value)) continue;
    faults.refuse(
      'document/duplicate-id',
      [...pointer, 'id'],
      'is the id of a node already; give the edge another one',
    );
  }
}

function reportRepeated(ids: readonly Placed<string>[], list: string, faults: FaultList): void {
  const seen = new Set<string>();
  for (const { value, pointer } of ids) {
    if (seen.has(value)) {
      faults.refuse('document/duplicate-id', [...pointer, 'id'], `is used twice in ${list}; give each its own`);
    }
    seen.add(value);
  }
}

function reportUnknownType(type: string, pointer: Pointer, catalog: Catalog, faults: FaultList): void {
  const types = [...catalog.components.keys()];
  const message = `is not a component known to Caudal${didYouMean(type, types)}`;
  faults.add('document/unknown-component', [...pointer, 'type'], message, {
    received: type,
    allowed: types.join(', '),
  });
}

function checkOutputs(node: DocumentNode, spec: ComponentSpec, pointer: Pointer, faults: FaultList): void {
  const { ports, title } = spec.declaration;
  const emitting = emittingPorts(ports).map((port) => port.id);
  const seen = new Set<string>();
  node.outputs.forEach((output, index) => {
    const at = [...pointer, 'outputs', index];
    if (seen.has(output.id))
      faults.refuse('document/duplicate-id', [...at, 'id'], 'is used twice in the outputs of this node');
    seen.add(output.id);
    if (ports.some((port) => port.id === output.id && !emitting.includes(port.id))) {
      faults.refuse('document/duplicate-id', [...at, 'id'], `is the id of a port of ${title}; choose another name`);
    }
    const port = portOfOutput(ports, output);
    if (port !== undefined) {
      checkEmit(output.emit, port, [...at, 'emit'], faults);
      return;
    }
    if (emitting.length === 0) {
      faults.refuse('document/unknown-output', at, `${title} has no port that takes outputs named by you; remove it`);
    } else if (output.port === undefined) {
      faults.add('document/missing-field', [...at, 'port'], `is missing: ${title} has several`, {
        allowed: emitting.join(', '),
      });
    } else {
      const message = `is not a port that takes outputs${didYouMean(output.port, emitting)}`;
      faults.refuse('document/unknown-port', [...at, 'port'], message, emitting.join(', '));
    }
  });
}

/** Refuses settings of an output that its port has no use for. */
function checkEmit(emit: Emit, port: Port, at: Pointer, faults: FaultList): void {
  const byDefault = emitSchema.parse({});
  for (const [name, child] of Object.entries(emitSchema.shape)) {
    const meta = metaOf(schemaNode(child));
    const value = emit[name as keyof Emit];
    if (!meta?.ports || meta.ports.includes(port.kind) || value === byDefault[name as keyof Emit]) continue;
    const message = `has no use at ${port.label}: it counts for links of kind ${meta.ports.join(', ')} only; remove it`;
    faults.refuse('document/field-not-in-use', [...at, name], message);
  }
  if (emit.order === 'pipelined' && port.kind === 'data') {
    const message = `has no use at ${port.label}: records are sent in calls of several; set batchSize and order parallel`;
    faults.refuse('document/field-not-in-use', [...at, 'order'], message, 'sequential, parallel');
  }
}

function linkedPortsOf(plan: LinkPlan, node: DocumentNode, spec: ComponentSpec): readonly string[] {
  const linked = new Set(plan.arriving(node.id).map((edge) => edge.port));
  for (const edge of plan.leaving(node.id)) {
    const port = departureOf(spec.declaration.ports, node, edge.output)?.port.id;
    if (port !== undefined) linked.add(port);
  }
  return [...linked];
}

function listed(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(' or ') : String(value);
}

function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameJson(a[key], b[key]));
}

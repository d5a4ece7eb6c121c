/**
 * Validates a document against the schema and the catalogue and reports every fault at once. What AWS would refuse to
 * create is refused here. A document that passes comes back with all defaults filled in.
 */
import { regions } from '#catalog/pricing/regions.ts';
import { accountSchema, type CaudalDocument, documentLimits, documentSchema, schemaVersion } from '#schema/document.ts';
import type { Fault } from '#schema/errors.ts';
import { isTimeZone } from './calendar.ts';
import type { Catalog } from './catalog.ts';
import { runawayCycles } from './cycles.ts';
import { type DocumentFault, FaultList } from './document-fault.ts';
import { isKeptExactly, largestNumber } from './numbers.ts';
import { isRecord, type Pointer } from './paths.ts';
import { checkEdges } from './validate-edges.ts';
import { checkLoad } from './validate-load.ts';
import { checkNodes } from './validate-nodes.ts';
import { checkQuotas } from './validate-quotas.ts';
import { type DocumentView, viewOf } from './validate-view.ts';
import { parseAt } from './zod-faults.ts';

export type Validated =
  | { readonly document: CaudalDocument; readonly warnings: readonly DocumentFault[] }
  | { readonly faults: readonly DocumentFault[] };

/** Checks `input`, anything at all. Never throws for bad input. */
export function validateDocument(input: unknown, catalog: Catalog): Validated {
  const faults = new FaultList(input);
  if (!isRecord(input)) {
    faults.add('document/not-an-object', [], 'a document must be an object', { received: input, allowed: 'an object' });
    return { faults: faults.items };
  }
  if (!hasKnownVersion(input, faults) || !isSmallEnough(input, faults)) return { faults: faults.items };
  checkNumbers(input, [], faults);
  const parsed = parseAt(faults, documentSchema, input, []);
  const view = viewOf(input);
  const nodeConfigs = checkNodes(view, catalog, faults);
  const edgeConfigs = checkEdges(view, catalog, nodeConfigs, faults);
  const warnings = new FaultList(input);
  checkLoad(view, catalog, nodeConfigs, faults, warnings);
  checkAccount(input['account'], faults);
  checkQuotas(view, catalog, nodeConfigs, faults);
  checkGroups(view, faults);
  for (const cycle of runawayCycles(catalog, legalPart(view, faults))) reportCycle(view, cycle, faults);
  if (!faults.isEmpty || parsed === undefined) return { faults: faults.items };
  const document: CaudalDocument = {
    ...parsed,
    nodes: parsed.nodes.map((node) => ({ ...node, config: nodeConfigs.get(node.id) ?? node.config })),
    edges: parsed.edges.map((edge) => ({ ...edge, config: edgeConfigs.get(edge.id) ?? edge.config })),
  };
  return { document, warnings: warnings.items };
}

/** The faults of a validation, or none. */
export function faultsOf(validated: Validated): readonly Fault[] {
  return 'faults' in validated ? validated.faults : [];
}

function hasKnownVersion(input: Readonly<Record<string, unknown>>, faults: FaultList): boolean {
  const received = input['schemaVersion'];
  if (received === schemaVersion) return true;
  const allowed = String(schemaVersion);
  const at: Pointer = ['schemaVersion'];
  if (received === undefined) {
    faults.add('document/missing-field', at, 'is missing: it says which format the document has', { allowed });
  } else if (Number.isInteger(received) && Number(received) > schemaVersion) {
    faults.add('document/newer-version', at, 'was written by a newer version of Caudal; update Caudal to open it', {
      received,
      allowed,
    });
  } else {
    faults.add('document/unknown-version', at, 'is not a version of the document format', { received, allowed });
  }
  return false;
}

/** Of a document that is too large only this is said: thousands of further faults would hide it. */
function isSmallEnough(input: Readonly<Record<string, unknown>>, faults: FaultList): boolean {
  for (const name of ['nodes', 'edges'] as const) {
    const list = input[name];
    if (!Array.isArray(list) || list.length <= documentLimits[name]) continue;
    faults.add('document/too-large', [name], `has too many items; split the design into several documents`, {
      received: `${list.length} ${name}`,
      allowed: `at most ${documentLimits[name]} ${name}`,
    });
  }
  return faults.isEmpty;
}

function checkNumbers(value: unknown, pointer: Pointer, faults: FaultList): void {
  if (typeof value === 'number') {
    if (isKeptExactly(value)) return;
    const message = 'is not a finite number that can be kept exactly';
    faults.add('document/number-too-large', pointer, message, {
      received: value,
      allowed: `from -${largestNumber} to ${largestNumber}`,
    });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (typeof item !== 'number' || !isKeptExactly(item)) checkNumbers(item, [...pointer, index], faults);
    }
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (typeof item !== 'string') checkNumbers(item, [...pointer, key], faults);
    }
  }
}

/** Field by field: one of a wrong form does not hide what is wrong with the others. */
function checkAccount(account: unknown, faults: FaultList): void {
  if (!isRecord(account)) return;
  const { region, startsAt, timeZone } = account;
  if (isWellFormed('region', region) && !regions.includes(region)) {
    const message = 'is no Region of AWS that is known here';
    faults.add('document/unknown-region', ['account', 'region'], message, {
      received: region,
      allowed: regions.join(', '),
    });
  }
  if (isWellFormed('startsAt', startsAt) && startsAt.endsWith('Z')) {
    const allowed = 'a local date and time such as 2026-01-05T00:00:00; the zone is account.timeZone';
    faults.refuse('document/wrong-format', ['account', 'startsAt'], 'is local time and has no zone letter', allowed);
  }
  if (isWellFormed('timeZone', timeZone) && !isTimeZone(timeZone)) {
    const message = 'is not a time zone';
    faults.add('document/unknown-time-zone', ['account', 'timeZone'], message, {
      received: timeZone,
      allowed: 'a name such as UTC or Europe/Madrid',
    });
  }
}

function isWellFormed(name: 'region' | 'startsAt' | 'timeZone', value: unknown): value is string {
  return typeof value === 'string' && accountSchema.shape[name].safeParse(value).success;
}

function checkGroups(view: DocumentView, faults: FaultList): void {
  for (const { value, pointer } of view.groups) {
    value.nodes.forEach((id, index) => {
      if (view.knownNode(id)) return;
      faults.refuse('document/unknown-node', [...pointer, 'nodes', index], 'names a node that does not exist');
    });
  }
}

/** Nothing flows along a link that is no legal one: a cycle through it is not worth telling beside that. */
function legalPart(view: DocumentView, faults: FaultList): DocumentView['wellFormed'] {
  const illegal = new Set(
    faults.items.flatMap(({ code, pointer: [list, index] }) =>
      list === 'edges' && code.startsWith('document/') ? [index] : [],
    ),
  );
  const edges = view.edges.filter(({ pointer: [, index] }) => !illegal.has(index)).map(({ value }) => value);
  return { nodes: view.wellFormed.nodes, edges };
}

function reportCycle(view: DocumentView, cycle: ReturnType<typeof runawayCycles>[number], faults: FaultList): void {
  const around = [...cycle.nodes, cycle.nodes[0]].join(' -> ');
  const gain = Number.isFinite(cycle.gain) ? ` (gain ${cycle.gain.toFixed(3)})` : '';
  const index = view.edges.find((edge) => edge.value.id === cycle.edge)?.pointer ?? ['edges'];
  const message = `closes the cycle ${around}, in which each record makes one or more others for ever${gain}; lower the selectivity or the routing weight of an output in it`;
  faults.add('document/runaway-cycle', index, message, { allowed: 'an expected gain below 1' });
}

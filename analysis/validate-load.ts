/** Checks what is laid on a design: workloads, timed faults, objectives. */
import { compileProfile } from '#engine/workload/profile.ts';
import type { FaultKind } from '#schema/faults.ts';
import { whenHolds } from '#schema/field.ts';
import type { assumedLoad, Workload } from '#schema/workload.ts';
import { calendarOf } from './calendar.ts';
import type { Catalog } from './catalog.ts';
import type { FaultList } from './document-fault.ts';
import { didYouMean } from './nearest.ts';
import { type Pointer, valueAt } from './paths.ts';
import type { Configs } from './validate-nodes.ts';
import type { DocumentView } from './validate-view.ts';

/** Faults that change the load of a node and say nothing where there is none. */
const NEED_A_WORKLOAD: readonly FaultKind[] = ['trafficSpike', 'hotKey'];

export function checkLoad(
  view: DocumentView,
  catalog: Catalog,
  nodeConfigs: Configs,
  faults: FaultList,
  warnings: FaultList,
): void {
  if (checkWorkloads(view, catalog, faults)) checkIdleSources(view, catalog, faults);
  warnOfAssumed(view, warnings);
  checkSilence(view, faults);
  checkFaults(view, faults, warnings);
  checkObjectives(view, catalog, nodeConfigs, faults);
  for (const { value, pointer } of view.draftMentions) knownNode(view, value, pointer, faults);
}

function hasLoadPort(view: DocumentView, catalog: Catalog, id: string): boolean | undefined {
  const node = view.nodeOf(id);
  const ports = node && catalog.components.get(node.type)?.declaration.ports;
  return ports?.some((port) => port.load === true);
}

/** True when every workload is attached to a node that can have one. */
function checkWorkloads(view: DocumentView, catalog: Catalog, faults: FaultList): boolean {
  let arePlaced = true;
  for (const { value: workload, pointer } of view.workloads) {
    const at = [...pointer, 'node'];
    const isKnown = knownNode(view, workload.node, at, faults);
    if (isKnown && hasLoadPort(view, catalog, workload.node) !== false) continue;
    arePlaced = false;
    if (!isKnown) continue;
    const able = view.nodes.filter(({ value }) => hasLoadPort(view, catalog, value.id)).map(({ value }) => value.id);
    const message = 'names a node that creates no records of its own; attach the workload to a source';
    faults.refuse(
      'document/no-load-port',
      at,
      message,
      able.length === 0 ? 'a node with a load port' : able.join(', '),
    );
  }
  return arePlaced;
}

const ASSUMED = {
  recordSize: 'is not given: 1,024 bytes are assumed, and the cost and the limits reached depend on it',
  partitionKey:
    'is not given: 10,000 keys are assumed, each equally often; a hot key would fill one shard before the others',
} as const satisfies Record<keyof typeof assumedLoad, string>;

/** A default that decides the answer is told. */
function warnOfAssumed(view: DocumentView, warnings: FaultList): void {
  for (const { pointer } of view.workloads) {
    for (const [name, words] of Object.entries(ASSUMED)) {
      const at = [...pointer, name];
      if (valueAt(warnings.root, at) === undefined) warnings.add('document/assumed-load', at, words);
    }
  }
}

/** A node that can only be fed by a workload, and has none, would be silent. */
function checkIdleSources(view: DocumentView, catalog: Catalog, faults: FaultList): void {
  if (!view.hasAllWorkloads) return;
  const loaded = new Set(view.workloads.map(({ value }) => value.node));
  const fed = new Set(view.edges.map(({ value }) => value.target));
  for (const { value: node, pointer } of view.nodes) {
    if (loaded.has(node.id) || fed.has(node.id) || !hasLoadPort(view, catalog, node.id)) continue;
    const message = `nothing ever arrives here: add a workload with node "${node.id}"`;
    faults.add('document/no-workload', pointer, message, { allowed: 'a workload' });
  }
}

/** A run in which no record is ever created says nothing; that is a slip in a rate or a time. */
function checkSilence(view: DocumentView, faults: FaultList): void {
  const { account, run } = view;
  if (!view.hasAllWorkloads || account === undefined || run === undefined || view.workloads.length === 0) return;
  const calendar = calendarOf(account);
  const records = (workload: Workload): number => {
    if (workload.arrivals.kind === 'trace' && workload.arrivals.counts === undefined) return Number.POSITIVE_INFINITY;
    return compileProfile(workload.arrivals, calendar).integral(-run.preRollSeconds, run.horizonSeconds);
  };
  if (view.workloads.some(({ value }) => records(value) > 0)) return;
  for (const { pointer } of view.workloads) {
    const message = `creates no record within the run (${run.horizonSeconds} s); raise the rate or the horizon`;
    faults.add('document/empty-workload', [...pointer, 'arrivals'], message, {
      allowed: 'a rate above 0 at some time of the run',
    });
  }
}

function checkFaults(view: DocumentView, faults: FaultList, warnings: FaultList): void {
  const loaded = new Set(view.workloads.map(({ value }) => value.node));
  for (const { value: fault, pointer } of view.faults) {
    if (knownNode(view, fault.node, [...pointer, 'node'], faults) && view.hasAllWorkloads) {
      if (NEED_A_WORKLOAD.includes(fault.kind) && !loaded.has(fault.node)) {
        const message = `a fault of kind ${fault.kind} changes the workload of its node, and this node has none`;
        faults.refuse(
          'document/fault-without-effect',
          [...pointer, 'node'],
          message,
          [...loaded].join(', ') || 'a node with a workload',
        );
      }
    }
    if (view.run === undefined) continue;
    const { horizonSeconds, preRollSeconds } = view.run;
    if (fault.startSeconds < horizonSeconds && fault.startSeconds + fault.durationSeconds > -preRollSeconds) continue;
    const message = 'lies outside the run and has no effect';
    warnings.refuse(
      'document/fault-outside-run',
      [...pointer, 'startSeconds'],
      message,
      `from -${preRollSeconds} to ${horizonSeconds}`,
    );
  }
}

function checkObjectives(view: DocumentView, catalog: Catalog, nodeConfigs: Configs, faults: FaultList): void {
  for (const { value: objective, pointer } of view.objectives) {
    if (!('node' in objective) || objective.node === undefined) continue;
    if (!knownNode(view, objective.node, [...pointer, 'node'], faults) || objective.kind !== 'metric') continue;
    const node = view.nodeOf(objective.node);
    const spec = node && catalog.components.get(node.type);
    const config = nodeConfigs.get(objective.node);
    if (spec === undefined || config === undefined) continue;
    const names = spec.metrics.filter((metric) => whenHolds(metric.when, config)).map((metric) => metric.name);
    if (names.includes(objective.metric)) continue;
    const message = `is not a metric of ${spec.declaration.title} as it is set${didYouMean(objective.metric, names)}`;
    faults.refuse('document/unknown-metric', [...pointer, 'metric'], message, names.join(', ') || 'none');
  }
}

/** Where the nodes could not be read at all, any id is taken for known: the fault is told once. */
function knownNode(view: DocumentView, id: string, at: Pointer, faults: FaultList): boolean {
  if (view.knownNode(id) || !view.hasNodes) return true;
  const ids = view.ids.nodes.map((node) => node.value);
  const message = `names a node that does not exist${didYouMean(id, ids)}`;
  faults.refuse('document/unknown-node', at, message, ids.length <= 20 ? ids.join(', ') || 'none' : undefined);
  return false;
}

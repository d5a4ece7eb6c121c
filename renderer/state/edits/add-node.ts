/** A new node: as the catalogue has it by default, with a load where it can have one, so that it is of use at once. */
import type { Catalog } from '#analysis/catalog.ts';
import type { Place } from '#drawing/layered-layout.ts';
import type { CaudalDocument, DocumentNode } from '#schema/document.ts';
import { assumedLoad, type Workload, workloadSchema } from '#schema/workload.ts';
import { freeId, takenIds } from './free-id.ts';

export interface Added {
  readonly document: CaudalDocument;
  /** Of the new node. */
  readonly id: string;
}

/** Undefined where the catalogue has no such type. */
export function addNode(catalog: Catalog, document: CaudalDocument, type: string, position: Place): Added | undefined {
  const spec = catalog.components.get(type);
  if (spec === undefined) return undefined;
  const id = freeId(type, takenIds(document));
  const defaults = spec.declaration.config.safeParse({});
  const node: DocumentNode = {
    id,
    type,
    label: '',
    position: { x: position.x, y: position.y },
    config: defaults.success ? defaults.data : {},
    outputs: [],
  };
  const nodes = [...document.nodes, node];
  const hasLoad = spec.declaration.ports.some((port) => port.load === true);
  // A node that others can feed needs no load of its own.
  const isSource = hasLoad && !spec.declaration.ports.some((port) => port.direction === 'in');
  const workloads = isSource ? [...document.workloads, defaultWorkload(document, id)] : document.workloads;
  return { document: { ...document, nodes, workloads }, id };
}

/** A moderate load to begin with; every number of it is the user's to change. */
export function defaultWorkload({ workloads }: Pick<CaudalDocument, 'workloads'>, node: string): Workload {
  return workloadSchema.parse({
    id: freeId(`${node}-load`, new Set(workloads.map(({ id }) => id))),
    node,
    arrivals: { kind: 'constant', recordsPerSecond: 100 },
    ...assumedLoad,
  });
}

/**
 * What can be checked of a document that may be partly malformed: every item that is well formed by itself, with its place.
 * So one bad field does not hide the faults of the rest.
 */
import {
  type Account,
  type CaudalDocument,
  type DocumentEdge,
  type DocumentNode,
  documentSchema,
  edgeSchema,
  idSchema,
  nodeSchema,
  type RunSettings,
} from '#schema/document.ts';
import { faultSchema, type FaultSpec } from '#schema/faults.ts';
import { type Objective, objectiveSchema } from '#schema/objectives.ts';
import { type Workload, workloadSchema } from '#schema/workload.ts';
import { isRecord, type Pointer } from './paths.ts';

/** A well-formed item and where it stands. */
export interface Placed<T> {
  readonly value: T;
  readonly pointer: Pointer;
}

/** What can be read of a node that has faults of its own: enough to check its settings. */
export interface DraftNode {
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What can be read of an edge that has faults of its own. */
export interface DraftEdge {
  readonly source: string;
  readonly target: string;
  readonly port: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface DocumentView {
  readonly nodes: readonly Placed<DocumentNode>[];
  readonly edges: readonly Placed<DocumentEdge>[];
  readonly workloads: readonly Placed<Workload>[];
  readonly faults: readonly Placed<FaultSpec>[];
  readonly objectives: readonly Placed<Objective>[];
  readonly groups: readonly Placed<CaudalDocument['groups'][number]>[];
  readonly account: Account | undefined;
  readonly run: RunSettings | undefined;
  readonly draftNodes: readonly Placed<DraftNode>[];
  readonly draftEdges: readonly Placed<DraftEdge>[];
  /** Nodes that items with faults of their own name, and where. */
  readonly draftMentions: readonly Placed<string>[];
  /** Ids of the quotas that are given a value, whatever it is. */
  readonly quotaIds: readonly string[];
  /** Every id found in a list, malformed items included. */
  readonly ids: Readonly<Record<IdentifiedList, readonly Placed<string>[]>>;
  readonly wellFormed: Pick<CaudalDocument, 'nodes' | 'edges'>;
  /** True for the id of any node, also of one that is malformed. */
  knownNode(id: string): boolean;
  nodeOf(id: string): DocumentNode | undefined;
  /** True when there is a list of nodes, whatever it holds. */
  readonly hasNodes: boolean;
  /** True when every node could be read, so that what is missing is really missing. */
  readonly hasAllNodes: boolean;
  /** True when every edge could be read. */
  readonly hasAllEdges: boolean;
  /** True when every workload could be read. */
  readonly hasAllWorkloads: boolean;
}

const IDENTIFIED = ['nodes', 'edges', 'workloads', 'faults', 'objectives', 'groups', 'notes'] as const;
export type IdentifiedList = (typeof IDENTIFIED)[number];

interface Parser<T> {
  safeParse(input: unknown): { success: true; data: T } | { success: false };
}

/** Fields that name a node, by the list they stand in. */
const MENTIONS = {
  edges: ['source', 'target'],
  workloads: ['node'],
  faults: ['node'],
  objectives: ['node'],
} as const;

export function viewOf(input: Readonly<Record<string, unknown>>): DocumentView {
  const nodes = placed(input, 'nodes', nodeSchema);
  const edges = placed(input, 'edges', edgeSchema);
  const workloads = placed(input, 'workloads', workloadSchema);
  const ids = Object.fromEntries(
    IDENTIFIED.map((list) => [list, idsOf(input, list)]),
  ) as unknown as DocumentView['ids'];
  const nodeIds = new Set(ids.nodes.map((id) => id.value));
  const faults = placed(input, 'faults', faultSchema);
  const objectives = placed(input, 'objectives', objectiveSchema);
  const byId = new Map(nodes.map((node) => [node.value.id, node.value]));
  const { shape } = documentSchema;
  return {
    nodes,
    edges,
    workloads,
    faults,
    objectives,
    groups: placed(input, 'groups', { safeParse: (group: unknown) => parseGroup(group) }),
    account: dataOf(shape.account, input['account']),
    run: dataOf(shape.run, input['run']),
    draftNodes: drafts(input, 'nodes', nodes).flatMap(({ value: { type, config }, pointer }) =>
      typeof type === 'string' && isRecord(config) ? [{ value: { type, config }, pointer }] : [],
    ),
    draftEdges: drafts(input, 'edges', edges).flatMap(({ value: { source, target, port, config }, pointer }) =>
      typeof source === 'string' && typeof target === 'string' && typeof port === 'string' && isRecord(config)
        ? [{ value: { source, target, port, config }, pointer }]
        : [],
    ),
    draftMentions: mentionsOf(input, { edges, workloads, faults, objectives }),
    quotaIds: quotaIdsOf(input['account']),
    ids,
    wellFormed: { nodes: nodes.map((node) => node.value), edges: edges.map((edge) => edge.value) },
    knownNode: (id) => nodeIds.has(id),
    nodeOf: (id) => byId.get(id),
    hasNodes: Array.isArray(input['nodes']),
    hasAllNodes: nodes.length === countOf(input['nodes'], Number.NaN),
    hasAllEdges: edges.length === countOf(input['edges'], 0),
    hasAllWorkloads: workloads.length === countOf(input['workloads'], 0),
  };
}

function parseGroup(group: unknown): { success: true; data: CaudalDocument['groups'][number] } | { success: false } {
  const parsed = documentSchema.shape.groups.safeParse([group]);
  const data = parsed.success ? parsed.data[0] : undefined;
  return data === undefined ? { success: false } : { success: true, data };
}

function dataOf<T>(schema: Parser<T>, value: unknown): T | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

function placed<T>(input: Readonly<Record<string, unknown>>, list: string, schema: Parser<T>): Placed<T>[] {
  const items = input[list];
  if (!Array.isArray(items)) return [];
  return items.flatMap((item, index) => {
    const value = dataOf(schema, item);
    return value === undefined ? [] : [{ value, pointer: [list, index] }];
  });
}

function idsOf(input: Readonly<Record<string, unknown>>, list: string): Placed<string>[] {
  const items = input[list];
  if (!Array.isArray(items)) return [];
  return items.flatMap((item, index) => {
    const id = isRecord(item) ? item['id'] : undefined;
    return typeof id === 'string' ? [{ value: id, pointer: [list, index] }] : [];
  });
}

/** Items that could not be read, as far as they are objects; without a config there is an empty one. */
function drafts(
  input: Readonly<Record<string, unknown>>,
  list: string,
  read: readonly Placed<unknown>[],
): Placed<Readonly<Record<string, unknown>>>[] {
  const items = input[list];
  if (!Array.isArray(items)) return [];
  const done = new Set(read.map(({ pointer }) => pointer[1]));
  return items.flatMap((item, index) =>
    !done.has(index) && isRecord(item) ? [{ value: { config: {}, ...item }, pointer: [list, index] }] : [],
  );
}

/** What items with faults of their own say about nodes: of those without, the checks of their list tell it. */
function mentionsOf(
  input: Readonly<Record<string, unknown>>,
  read: Readonly<Record<keyof typeof MENTIONS, readonly Placed<unknown>[]>>,
): Placed<string>[] {
  return Object.entries(read).flatMap(([list, items]) =>
    drafts(input, list, items).flatMap(({ value, pointer }) =>
      MENTIONS[list as keyof typeof MENTIONS].flatMap((field) => {
        // What is no id has its own fault.
        const id = idSchema.safeParse(value[field]);
        return id.success ? [{ value: id.data, pointer: [...pointer, field] }] : [];
      }),
    ),
  );
}

function quotaIdsOf(account: unknown): readonly string[] {
  const quotas = isRecord(account) ? account['quotas'] : undefined;
  return isRecord(quotas) ? Object.keys(quotas) : [];
}

/** Items of a list; `absent` where there is none, and no number where something else stands in its place. */
function countOf(list: unknown, absent: number): number {
  if (list === undefined) return absent;
  return Array.isArray(list) ? list.length : Number.NaN;
}

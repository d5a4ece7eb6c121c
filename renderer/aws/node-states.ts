/** Where each node and link of the design stands in its deployment: from the steps of CloudFormation, the plan, and what is there. */
import type { DeploymentPlan } from '#schema/deployment-plan.ts';
import type { StackOutcome, StackResourceView, StackStep } from '#schema/deployment-state.ts';

/**
 * - `waiting`: will be touched, and has not been yet
 * - `undoing`, `undone`: a failure elsewhere, or here, made AWS take it back
 * - `kept`: left in the account on purpose
 * - `absent`: in the design, not in the stack; `driven`: the load is sent from here instead
 */
export type DeployState =
  | 'waiting'
  | 'creating'
  | 'updating'
  | 'deleting'
  | 'undoing'
  | 'done'
  | 'failed'
  | 'undone'
  | 'deleted'
  | 'kept'
  | 'drifted'
  | 'absent'
  | 'driven';

export interface PartState {
  readonly state: DeployState;
  /** Its resources, each by its own state. */
  readonly resources: readonly { readonly id: string; readonly type: string; readonly state: DeployState }[];
  /** What went wrong and what to do, where something did. */
  readonly words?: string | undefined;
}

export interface StateInput {
  readonly plan: DeploymentPlan | undefined;
  readonly steps: readonly StackStep[];
  readonly outcome: StackOutcome | null | undefined;
  /** What is there, as the newest look has it. */
  readonly resources: readonly StackResourceView[];
  /** Logical ids that are otherwise than the template says. */
  readonly drifted: ReadonlySet<string>;
  /** Something is being done to the stack. */
  readonly isBusy: boolean;
}

interface Resource {
  readonly id: string;
  readonly type: string;
  readonly owner: string;
  state: DeployState;
}

/** By the id of the node or link; parts that the stack knows nothing of are left out. */
export function partStates(input: StateInput): ReadonlyMap<string, PartState> {
  const resources = new Map<string, Resource>();
  addPresent(resources, input);
  addPlanned(resources, input);
  addSteps(resources, input.steps);
  const parts = new Map<string, PartState>();
  for (const one of resources.values()) {
    const known = parts.get(one.owner)?.resources ?? [];
    const all = [...known, { id: one.id, type: one.type, state: one.state }];
    parts.set(one.owner, { state: worst(all.map(({ state }) => state)), resources: all });
  }
  for (const { id, isDriven } of input.plan?.leftOut ?? []) {
    if (!parts.has(id)) parts.set(id, { state: isDriven ? 'driven' : 'absent', resources: [] });
  }
  for (const { owner, text, remedy } of input.outcome?.failures ?? []) {
    const part = owner === undefined ? undefined : parts.get(owner);
    if (owner === undefined || part?.words !== undefined) continue;
    parts.set(owner, { resources: [], ...part, state: 'failed', words: `${text}: ${remedy}` });
  }
  return parts;
}

function addPresent(resources: Map<string, Resource>, { resources: present, drifted }: StateInput): void {
  for (const { logicalId, type, owner, status } of present) {
    if (owner === undefined || status === 'DELETE_COMPLETE') continue;
    const state = drifted.has(logicalId) ? 'drifted' : stateOf(status, false);
    resources.set(logicalId, { id: logicalId, type, owner, state });
  }
}

/** While it is being deployed, what the plan names waits for its turn. */
function addPlanned(resources: Map<string, Resource>, { plan, isBusy, steps }: StateInput): void {
  if (!isBusy || plan === undefined || steps.length === 0) return;
  for (const { id, type, owner } of plan.changes)
    if (owner !== null) resources.set(id, { id, type, owner, state: 'waiting' });
}

function addSteps(resources: Map<string, Resource>, steps: readonly StackStep[]): void {
  let isUndoing = false;
  for (const { isStack, logicalId, type, owner, status } of steps) {
    if (isStack && status.includes('ROLLBACK_IN_PROGRESS')) isUndoing = true;
    if (isStack || owner === undefined) continue;
    const before = resources.get(logicalId);
    // What failed stays so, although AWS then takes it back.
    if (before?.state === 'failed' && isUndoing) continue;
    resources.set(logicalId, { id: logicalId, type, owner, state: stateOf(status, isUndoing) });
  }
}

/** A status of CloudFormation, of one resource. */
export function stateOf(status: string, isUndoing: boolean): DeployState {
  if (status.endsWith('_FAILED')) return 'failed';
  if (status === 'DELETE_SKIPPED') return 'kept';
  if (status.endsWith('_IN_PROGRESS')) {
    if (isUndoing || status.includes('ROLLBACK')) return 'undoing';
    if (status.startsWith('CREATE') || status.startsWith('IMPORT')) return 'creating';
    return status.startsWith('DELETE') ? 'deleting' : 'updating';
  }
  if (isUndoing || status.includes('ROLLBACK')) return 'undone';
  return status.startsWith('DELETE') ? 'deleted' : 'done';
}

/** What a part is as a whole: what needs attention goes before what goes on, and that before what is over. */
const ORDER: readonly DeployState[] = [
  'failed',
  'undoing',
  'deleting',
  'creating',
  'updating',
  'undone',
  'drifted',
  'waiting',
  'kept',
  'done',
  'deleted',
  'absent',
  'driven',
];

function worst(states: readonly DeployState[]): DeployState {
  const all = new Set(states);
  // Begun, but not all of it.
  if (all.has('waiting') && (all.has('done') || all.has('deleted')) && !all.has('failed')) all.add('updating');
  return ORDER.find((state) => all.has(state)) ?? 'waiting';
}

/** How a state is said at a card. */
export const stateWords: Readonly<Record<DeployState, string>> = {
  waiting: 'waiting',
  creating: 'creating',
  updating: 'updating',
  deleting: 'deleting',
  undoing: 'undoing',
  done: 'deployed',
  failed: 'failed',
  undone: 'rolled back',
  deleted: 'deleted',
  kept: 'kept',
  drifted: 'changed by hand',
  absent: 'not deployed',
  driven: 'sent from here',
};

/** What a change set, or a comparison of two templates, does to each resource. */
import type { Change, ResourceChange } from '@aws-sdk/client-cloudformation';
import type { ChangeKind, PlannedChange } from '#schema/deployment-plan.ts';
import { holdsData } from './data-holders.ts';
import type { Owners } from './owners.ts';

type Template = Readonly<Record<string, unknown>>;

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface ChangeContext {
  readonly owners: Owners;
  /** Template that the stack has now; an empty object for a new stack. */
  readonly before: Template;
  readonly after: Template;
}

/** Changes as AWS has worked them out. */
export function changesOf(changes: readonly Change[], context: ChangeContext): PlannedChange[] {
  return changes
    .flatMap(({ ResourceChange: change }) => (change === undefined ? [] : [changeOf(change, context)]))
    .sort(byWeight);
}

/** Changes without AWS: what only one template has, and what differs. Whether a change replaces is not known. */
export function templateChanges(context: ChangeContext): PlannedChange[] {
  const before = resourcesOf(context.before);
  const after = resourcesOf(context.after);
  const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...ids]
    .flatMap((id) => {
      const [old, fresh] = [before[id], after[id]];
      if (JSON.stringify(old) === JSON.stringify(fresh)) return [];
      const kind: ChangeKind = old === undefined ? 'add' : fresh === undefined ? 'remove' : 'change';
      return [planned(kind, id, (fresh ?? old)?.Type ?? '', [], policyOf(kind, id, context), context)];
    })
    .sort(byWeight);
}

function changeOf(change: ResourceChange, context: ChangeContext): PlannedChange {
  const { LogicalResourceId: id = '', ResourceType: type = '' } = change;
  const kind = kindOf(change);
  const properties = (change.Details ?? []).flatMap(({ Target }) => Target?.Name ?? Target?.Attribute ?? []);
  return planned(
    kind,
    id,
    type,
    [...new Set(properties)].sort(),
    change.PolicyAction ?? policyOf(kind, id, context),
    context,
  );
}

function kindOf({ Action, Replacement }: ResourceChange): ChangeKind {
  if (Action === 'Add' || Action === 'Import') return 'add';
  if (Action === 'Remove') return 'remove';
  if (Replacement === 'True') return 'replace';
  return Replacement === 'Conditional' || Action === 'Dynamic' ? 'may-replace' : 'change';
}

/** Policy of the old resource. CloudFormation keeps to the one in the stack's present template when it takes a resource out. */
function policyOf(kind: ChangeKind, id: string, { before, after }: ChangeContext): string {
  if (kind === 'remove') return resourcesOf(before)[id]?.DeletionPolicy ?? 'Delete';
  return resourcesOf(after)[id]?.UpdateReplacePolicy ?? 'Delete';
}

function planned(
  kind: ChangeKind,
  id: string,
  type: string,
  properties: readonly string[],
  policy: string,
  { owners }: ChangeContext,
): PlannedChange {
  const isOldGone = kind === 'remove' || kind === 'replace' || kind === 'may-replace';
  const keepsOld = isOldGone && /Retain/.test(policy);
  return {
    kind,
    id,
    type,
    owner: owners.get(id) ?? null,
    properties,
    losesData: isOldGone && !/Retain|Snapshot/.test(policy) && holdsData(type),
    keepsOld,
  };
}

function resourcesOf(template: Template): Readonly<Record<string, Resource>> {
  return (template['Resources'] ?? {}) as Readonly<Record<string, Resource>>;
}

const WEIGHT: Readonly<Record<ChangeKind, number>> = { remove: 0, replace: 1, 'may-replace': 2, change: 3, add: 4 };

/** What may hurt comes first. */
function byWeight(a: PlannedChange, b: PlannedChange): number {
  const order = WEIGHT[a.kind] - WEIGHT[b.kind];
  return order !== 0 ? order : a.id < b.id ? -1 : 1;
}

/** `partStates` of what the window knows now, made once for all cards; parts whose state stays keep their object. */
import { isWorking, useAws } from './aws-store.ts';
import { partStates, type PartState } from './node-states.ts';

type Known = Pick<ReturnType<typeof useAws.getState>, 'plan' | 'steps' | 'outcome' | 'status' | 'operations'>;

let madeOf: Known | undefined;
let made: ReadonlyMap<string, PartState> = new Map();

/** The state of one node or link in the deployment; undefined where AWS has nothing of it, or the window simulates. */
export function usePartState(id: string): PartState | undefined {
  return useAws((state) => (state.mode === 'aws' ? currentPartStates(state).get(id) : undefined));
}

export function useIsAwsMode(): boolean {
  return useAws(({ mode }) => mode === 'aws');
}

function currentPartStates(known: Known): ReadonlyMap<string, PartState> {
  if (madeOf !== undefined && isSame(madeOf, known)) return made;
  const { plan, steps, outcome, status, operations } = known;
  const drifted = new Set(status?.drift?.resources.map(({ logicalId }) => logicalId));
  const isBusy = isWorking(operations.stack);
  const next = partStates({ plan, steps, outcome, resources: status?.resources ?? [], drifted, isBusy });
  made = new Map([...next].map(([id, part]) => [id, kept(made.get(id), part)]));
  madeOf = known;
  return made;
}

function isSame(a: Known, b: Known): boolean {
  return (
    a.plan === b.plan &&
    a.steps === b.steps &&
    a.outcome === b.outcome &&
    a.status === b.status &&
    isWorking(a.operations.stack) === isWorking(b.operations.stack)
  );
}

function kept(before: PartState | undefined, now: PartState): PartState {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

/**
 * What the window knows of AWS: which position the switch has, whose account it is, what is deployed there, and what is being
 * done. Nothing of it is remembered but the place and the stack names: the truth is in CloudFormation and is asked again.
 */
import { create } from 'zustand';
import { setPreferences, useApp } from '#renderer/state/app-store.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import type { DeploymentPlan } from '#schema/deployment-plan.ts';
import type {
  DeploymentStatus,
  DeploymentView,
  Destroyed,
  Overview,
  StackOutcome,
  StackStep,
} from '#schema/deployment-state.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { Fault } from '#schema/errors.ts';
import type { AwsQuestion, AwsSetting } from '#schema/rpc-aws.ts';

export type AwsMode = 'simulate' | 'aws';

export type AwsTab = 'deployment' | 'plan' | 'drive' | 'compare' | 'calibrate' | 'left';

/** Account and Region, as calls take them. */
export interface AwsPlace {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly isReadOnly: boolean;
}

/** One operation at a time in each: while a stack is being made its records may be measured. */
export type OperationSlot = 'account' | 'stack' | 'drive' | 'measure';

export type OperationKind =
  | 'overview'
  | 'prices'
  | 'plan'
  | 'deploy'
  | 'follow'
  | 'status'
  | 'drift'
  | 'destroy'
  | 'destroyGuard'
  | 'emptyBucket'
  | 'drive'
  | 'observe'
  | 'calibrate';

export const slotOf: Readonly<Record<OperationKind, OperationSlot>> = {
  overview: 'account',
  prices: 'account',
  plan: 'stack',
  deploy: 'stack',
  follow: 'stack',
  status: 'account',
  drift: 'stack',
  destroy: 'stack',
  destroyGuard: 'stack',
  emptyBucket: 'stack',
  drive: 'drive',
  observe: 'measure',
  calibrate: 'measure',
};

/**
 * - `running`, `stopping`: under way
 * - `done`: with a result
 * - `cancelled`: ended by the user
 * - `failed`: `failure` says why
 * - `lost`: the connection to Caudal's own host ended; AWS goes on with what it was told
 */
export type OperationPhase = 'running' | 'stopping' | 'done' | 'cancelled' | 'failed' | 'lost';

export interface OperationFailure {
  /** Stable code, such as `aws/no-credentials`. */
  readonly code: string;
  /** One or more sentences for the user. */
  readonly text: string;
  /** Each by itself, where it is about the design or what was entered. */
  readonly faults: readonly Fault[];
}

export interface AwsOperation {
  readonly kind: OperationKind;
  /** What the host calls it; undefined until it has begun there. */
  readonly operationId: string | undefined;
  readonly phase: OperationPhase;
  /** The user has confirmed it: AWS may have been told to begin. */
  readonly isConfirmed?: boolean;
  /** When it began, milliseconds of this machine's clock. */
  readonly startedMs: number;
  /** What is being done now, in words; `ratio` of it is done, 0..1, where that is known. */
  readonly progress: { readonly text: string; readonly ratio?: number | undefined } | undefined;
  readonly failure: OperationFailure | undefined;
}

/** What only the user knows, asked by an operation. */
export interface AskedQuestion {
  readonly slot: OperationSlot;
  readonly questionId: string;
  readonly question: AwsQuestion;
}

interface AwsState {
  readonly mode: AwsMode;
  readonly tab: AwsTab;
  readonly setting: AwsSetting | undefined;
  readonly overview: Overview | undefined;
  readonly operations: Readonly<Partial<Record<OperationSlot, AwsOperation>>>;
  /** The oldest is shown. */
  readonly questions: readonly AskedQuestion[];
  /** The newest plan of the stack. */
  readonly plan: DeploymentPlan | undefined;
  /** The design that it is of. */
  readonly planned: CaudalDocument | undefined;
  /** Steps of the newest operation on the stack, oldest first. */
  readonly steps: readonly StackStep[];
  /** How it ended; undefined while it goes on, null where nothing was to be done. */
  readonly outcome: StackOutcome | null | undefined;
  /** What AWS tells while it is followed: that it is silent, that it is back, that this machine slept. */
  readonly followWords: string | undefined;
  readonly status: DeploymentStatus | undefined;
  readonly destroyed: Destroyed | undefined;
}

const nothingKnown = {
  plan: undefined,
  planned: undefined,
  steps: [],
  outcome: undefined,
  followWords: undefined,
  status: undefined,
  destroyed: undefined,
} as const;

export const useAws = create<AwsState>(() => ({
  mode: 'simulate',
  tab: 'deployment',
  setting: undefined,
  overview: undefined,
  operations: {},
  questions: [],
  ...nothingKnown,
}));

const get = useAws.getState;
const set = useAws.setState;

export function setMode(mode: AwsMode): void {
  set({ mode });
}

export function setAwsTab(tab: AwsTab): void {
  set({ tab });
}

export function setSetting(setting: AwsSetting): void {
  set({ setting });
}

export function setOverview(overview: Overview | undefined): void {
  set({ overview });
}

/** Part of what is known of the stack. */
export function setStackFacts(
  facts: Partial<Pick<AwsState, 'plan' | 'planned' | 'steps' | 'outcome' | 'followWords' | 'status' | 'destroyed'>>,
): void {
  set(facts);
}

/** Another stack, account or design: what was known is of the one before. */
export function forgetStack(): void {
  set(nothingKnown);
}

/** The place of all calls: what the user chose, and the design's Region where none was chosen. */
export function currentPlace(): AwsPlace {
  const { profile, region, isReadOnly } = useApp.getState().preferences.aws;
  return { profile, region: region ?? useDocumentState.getState().document?.account.region, isReadOnly };
}

/** Remembered; what is known of another account or Region is forgotten. */
export function setPlace(place: Partial<AwsPlace>): void {
  const before = useApp.getState().preferences.aws;
  const aws = { ...before, ...place };
  setPreferences({ aws });
  if (aws.profile === before.profile && aws.region === before.region) return;
  set({ overview: undefined });
  forgetStack();
}

export function useRegion(): string {
  const chosen = useApp(({ preferences }) => preferences.aws.region);
  const own = useDocumentState(({ document }) => document?.account.region);
  return chosen ?? own ?? '';
}

export function useIsReadOnlyPlace(): boolean {
  return useApp(({ preferences }) => preferences.aws.isReadOnly);
}

type Design = Pick<ReturnType<typeof useDocumentState.getState>, 'path' | 'document'>;

/** The design by which a stack name is remembered. */
function designKey({ path, document }: Design = useDocumentState.getState()): string {
  return path === '' ? (document?.name ?? '') : path;
}

useDocumentState.subscribe((state, before) => {
  if (state.path === before.path && state.document?.name === before.document?.name) return;
  const from = designKey(before);
  const to = designKey(state);
  if (from === to) return;
  const { stackNames } = useApp.getState().preferences;
  const chosen = stackNames[from];
  // The same design under another name keeps its stack.
  const isSame = state.document !== undefined && before.document !== undefined && isOneHistory(state, before);
  if (isSame && chosen !== undefined) setPreferences({ stackNames: { ...stackNames, [to]: chosen } });
  if (!isSame) forgetStack();
});

/** Saved or renamed, and not another design that was opened in its place: that one would be new to the host, too. */
function isOneHistory(
  state: ReturnType<typeof useDocumentState.getState>,
  before: ReturnType<typeof useDocumentState.getState>,
): boolean {
  return state.hostId === before.hostId;
}

export function currentStackName(): string {
  return useApp.getState().preferences.stackNames[designKey()] ?? get().setting?.suggestedStackName ?? '';
}

export function useStackName(): string {
  const suggested = useAws(({ setting }) => setting?.suggestedStackName);
  const key = useDocumentState(designKey);
  const chosen = useApp(({ preferences }) => preferences.stackNames[key]);
  return chosen ?? suggested ?? '';
}

export function setStackName(stackName: string): void {
  if (stackName === currentStackName()) return;
  const { stackNames } = useApp.getState().preferences;
  setPreferences({ stackNames: { ...stackNames, [designKey()]: stackName } });
  forgetStack();
}

/** The deployment that the stack name means, as the newest overview or status tells of it. */
export function useDeployment(): DeploymentView | undefined {
  const stackName = useStackName();
  return useAws(
    ({ overview, status }) =>
      (status?.deployment.stackName === stackName ? status.deployment : undefined) ??
      overview?.deployments.find((one) => one.stackName === stackName),
  );
}

export function useOperation(slot: OperationSlot): AwsOperation | undefined {
  return useAws(({ operations }) => operations[slot]);
}

export function isWorking(operation: AwsOperation | undefined): boolean {
  return operation?.phase === 'running' || operation?.phase === 'stopping';
}

/** True while something is done to the stack itself. */
export function useIsStackBusy(): boolean {
  return useAws(({ operations }) => isWorking(operations.stack));
}

export function putOperation(slot: OperationSlot, operation: AwsOperation | undefined): void {
  set(({ operations }) => ({ operations: { ...operations, [slot]: operation } }));
}

export function changeOperation(slot: OperationSlot, change: Partial<AwsOperation>): void {
  set(({ operations }) => {
    const known = operations[slot];
    return known === undefined ? {} : { operations: { ...operations, [slot]: { ...known, ...change } } };
  });
}

export function addQuestion(asked: AskedQuestion): void {
  set(({ questions }) => ({ questions: [...questions, asked] }));
}

export function removeQuestion(questionId: string): void {
  set(({ questions }) => ({ questions: questions.filter((one) => one.questionId !== questionId) }));
}

export function removeQuestionsOf(slot: OperationSlot): void {
  set(({ questions }) => ({ questions: questions.filter((one) => one.slot !== slot) }));
}

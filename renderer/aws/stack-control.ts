/** What the window does to a stack and learns of it: each a call of `schema/rpc-aws.ts`, its result kept in the store. */
import { select, setFailure, setPanelOpen } from '#renderer/state/app-store.ts';
import { host } from '#renderer/state/connection.ts';
import { currentDocument, useDocumentState } from '#renderer/state/document-store.ts';
import { whenChecked } from '#renderer/state/document-sync.ts';
import { hostError, sentenceOf } from '#renderer/state/host-client.ts';
import type { StackStep } from '#schema/deployment-state.ts';
import type { FollowTold, PlanningTold } from '#schema/rpc-aws.ts';
import type { PriceRefresh } from '#schema/stored-prices.ts';
import {
  type AwsOperation,
  type AwsPlace,
  type AwsTab,
  currentPlace,
  currentStackName,
  forgetStack,
  isWorking,
  type OperationKind,
  setAwsTab,
  setMode,
  setOverview,
  setSetting,
  setStackFacts,
  useAws,
} from './aws-store.ts';
import { type OperationEnd, runOperation, tellProgress } from './operation.ts';
import { windowWords } from './window-words.ts';

/** Shows a page of the panel. */
export function showAwsTab(tab: AwsTab): void {
  setAwsTab(tab);
  setPanelOpen(true);
}

/** Flips the switch to AWS; the bar that appears looks whose account it is and what is there. */
export function enterAws(): void {
  setMode('aws');
  showAwsTab('deployment');
}

export function leaveAws(): void {
  setMode('simulate');
}

/** Whose account it is, every deployment in it, and what the one of this design has. Changes nothing. */
export async function look(): Promise<void> {
  const isKnown = await readSetting();
  if (!isKnown) return;
  const place = currentPlace();
  const end = await runOperation('overview', { open: (aws) => aws.overview({ place }) });
  if (end.kind === 'busy') return lookOnceMore();
  if (end.kind !== 'done') return;
  // Another place was chosen meanwhile: it is looked at next.
  if (!isSamePlace(place, currentPlace())) return;
  setOverview(end.result);
  if (deploymentHere() !== undefined) await readStatus();
  else setStackFacts({ status: undefined });
}

let isLookAwaited = false;

/** Looks when the look that is under way has ended: what it finds may be of another place. */
function lookOnceMore(): void {
  if (isLookAwaited) return;
  isLookAwaited = true;
  const stop = useAws.subscribe(({ operations }) => {
    if (isWorking(operations.account)) return;
    stop();
    isLookAwaited = false;
    void look();
  });
}

function isSamePlace(a: AwsPlace, b: AwsPlace): boolean {
  return a.profile === b.profile && a.region === b.region;
}

/** What the user's AWS settings say; false where there is no connection. */
async function readSetting(): Promise<boolean> {
  try {
    const document = await whenChecked();
    setSetting(await host().aws.setting(document === undefined ? {} : { document }));
    return true;
  } catch (error) {
    setFailure(sentenceOf(hostError(error)));
    return false;
  }
}

/** The deployment of this stack name, as the newest overview has it. */
export function deploymentHere() {
  const stackName = currentStackName();
  return useAws.getState().overview?.deployments.find((one) => one.stackName === stackName);
}

/** The stack's resources, and whether somebody changed them where `seeksDrift`. */
export async function readStatus(seeksDrift = false): Promise<void> {
  const stackName = currentStackName();
  const drift = useAws.getState().status?.drift ?? null;
  const kind = seeksDrift ? 'drift' : 'status';
  if (seeksDrift) showAwsTab('deployment');
  const end = await runOperation<FollowTold, StatusOf>(kind, {
    ...(seeksDrift ? { begins: 'Comparing each resource with the template; this can take some minutes' } : {}),
    open: (aws) => aws.status({ place: currentPlace(), stackName, seeksDrift }),
  });
  if (end.kind === 'done' && stackName === currentStackName())
    setStackFacts({ status: { ...end.result, drift: end.result.drift ?? drift } });
}

type StatusOf = NonNullable<ReturnType<typeof useAws.getState>['status']>;

/** The design as the host has it, valid; tells where it is not. */
async function designId(): Promise<string | undefined> {
  const id = await whenChecked();
  if (id !== undefined) return id;
  const { faults } = useDocumentState.getState();
  setFailure(
    `This design has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}: mend what the canvas lists first.`,
  );
  return undefined;
}

/** What a deployment would do and cost. Leaves nothing behind. */
export async function makePlan(allowLeftOut = false): Promise<void> {
  const document = await designId();
  if (document === undefined) return;
  const planned = currentDocument();
  showAwsTab('plan');
  setStackFacts({ plan: undefined, planned: undefined });
  const end = await runOperation<PlanningTold, PlanOf>('plan', {
    open: (aws) => aws.plan({ document, place: currentPlace(), stackName: currentStackName(), allowLeftOut }),
    told: tellPlanning('plan'),
  });
  if (end.kind === 'done') setStackFacts({ plan: end.result, planned });
}

type PlanOf = NonNullable<ReturnType<typeof useAws.getState>['plan']>;

const PLAN_STEPS: Readonly<Record<PlanningTold['step'], string>> = {
  template: 'Making the template',
  account: 'Asking AWS whose account it is',
  simulation: 'Simulating the load, for quotas and cost',
  'change-set': 'Having AWS compare with what is there',
};

function tellPlanning(kind: OperationKind): (told: PlanningTold) => void {
  return ({ step, ratio }) => tellProgress(kind, PLAN_STEPS[step], ratio);
}

export interface DeployChoices {
  /** ISO 8601; null for never; undefined: as it is, or after eight hours for a new one. */
  readonly expiresAt?: string | null | undefined;
  readonly allowLeftOut: boolean;
  readonly acceptsDrift: boolean;
}

/** Plans, has the name typed, and follows what AWS does. */
export async function deploy({ expiresAt, ...choices }: DeployChoices): Promise<void> {
  const document = await designId();
  if (document === undefined) return;
  beginChange('deploy');
  const end = await runOperation<PlanningTold | FollowTold, Deployed>('deploy', {
    begins: 'Making the template',
    open: (aws) =>
      aws.deploy({
        document,
        place: currentPlace(),
        stackName: currentStackName(),
        ...choices,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      }),
    // What it names waits for its turn at the nodes.
    asked: (question) => {
      if (question.kind === 'deploy') setStackFacts({ plan: question.plan, planned: currentDocument() });
    },
    told: (told) => (told.kind === 'planning' ? tellPlanning('deploy')(told) : takeFollow('deploy', told)),
  });
  if (end.kind === 'done') setStackFacts({ outcome: end.result.outcome });
  await lookAfter(end);
}

type Deployed = { readonly outcome: NonNullable<ReturnType<typeof useAws.getState>['outcome']> | null };

/** Follows what CloudFormation is doing already: after the window was closed, or begun elsewhere. */
export async function follow(): Promise<void> {
  beginChange('follow');
  const end = await runOperation<FollowTold, StatusOf>('follow', {
    begins: 'Catching up with what AWS has done',
    open: (aws) => aws.status({ place: currentPlace(), stackName: currentStackName(), follows: true }),
    told: (told) => takeFollow('follow', told),
  });
  if (end.kind === 'done') setStackFacts({ status: end.result, outcome: end.result.outcome ?? undefined });
  await lookAfter(end);
}

/** `keep`: resources to leave behind after a deletion has failed on them. */
export async function destroy(keep: readonly string[] = []): Promise<void> {
  beginChange('destroy');
  const end = await runOperation<FollowTold, DestroyedOf>('destroy', {
    begins: 'Asking AWS what is there',
    open: (aws) => aws.destroy({ place: currentPlace(), stackName: currentStackName(), keep: [...keep] }),
    told: (told) => takeFollow('destroy', told),
  });
  if (end.kind === 'done') {
    setStackFacts({ outcome: end.result, destroyed: end.result });
    if (end.result.kind === 'done') showAwsTab('left');
  }
  await lookAfter(end);
}

type DestroyedOf = NonNullable<ReturnType<typeof useAws.getState>['destroyed']>;

export async function destroyGuard(stackName: string): Promise<void> {
  const end = await runOperation<FollowTold, NonNullable<Deployed['outcome']>>('destroyGuard', {
    open: (aws) => aws.destroyGuard({ place: currentPlace(), stackName }),
    told: ({ event }) => tellProgress('destroyGuard', event.kind === 'step' ? progressOf(event.step) : event.text),
  });
  if (end.kind === 'done') {
    const { destroyed } = useAws.getState();
    if (destroyed?.stackName === stackName) setStackFacts({ destroyed: { ...destroyed, guard: null } });
  }
  await lookAfter(end);
}

/** Empties and deletes a bucket that a destroyed deployment has left. */
export async function emptyBucket(stackName: string, bucket: string): Promise<void> {
  const end = await runOperation<{ readonly kind: 'counted'; readonly done: number }, { readonly objects: number }>(
    'emptyBucket',
    {
      open: (aws) => aws.emptyBucket({ place: currentPlace(), stackName, bucket }),
      told: ({ done }) => tellProgress('emptyBucket', `${done.toLocaleString('en')} objects deleted`),
    },
  );
  if (end.kind === 'done') {
    const { destroyed } = useAws.getState();
    if (destroyed !== undefined)
      setStackFacts({ destroyed: { ...destroyed, buckets: destroyed.buckets.filter((one) => one.bucket !== bucket) } });
  }
  await lookAfter(end);
}

/** Reads the prices of the Region anew; bills use them from then on. */
export async function refreshPrices(region: string): Promise<PriceRefresh | undefined> {
  const end = await runOperation<
    { readonly kind: 'counted'; readonly done: number; readonly of: number },
    PriceRefresh
  >('prices', {
    open: (aws) => aws.refreshPrices({ place: currentPlace(), region }),
    told: ({ done, of }) => tellProgress('prices', 'Reading the Price List', of === 0 ? undefined : done / of),
  });
  return end.kind === 'done' ? end.result : undefined;
}

export interface ExportChoices {
  readonly form: 'json' | 'yaml' | 'project';
  readonly path: string;
  readonly allowLeftOut: boolean;
  readonly overwrite: boolean;
}

/** Where it was written, or the error that the host gave. */
export async function exportDeployment(
  choices: ExportChoices,
): Promise<{ readonly path: string } | { readonly error: Error }> {
  try {
    const document = await whenChecked();
    if (document === undefined)
      return { error: new Error('This design has faults: mend what the canvas lists first.') };
    return await host().aws.export({ document, stackName: currentStackName(), ...choices });
  } catch (error) {
    return { error: hostError(error) };
  }
}

/** What was known of the stack goes: something is about to be done to it. The plan stays until there is a newer one. */
function beginChange(kind: OperationKind): void {
  const { plan, planned, status } = useAws.getState();
  forgetStack();
  setStackFacts({ status, ...(kind === 'deploy' ? { plan, planned } : {}) });
  showAwsTab('deployment');
}

function takeFollow(kind: OperationKind, { event }: FollowTold): void {
  if (event.kind !== 'step') {
    setStackFacts({ followWords: event.kind === 'reachable' ? undefined : event.text });
    return;
  }
  const { step } = event;
  setStackFacts({ steps: [...useAws.getState().steps, step], followWords: undefined });
  tellProgress(kind, progressOf(step));
}

function progressOf({ isStack, logicalId, type, status }: StackStep): string {
  const what = isStack ? 'the stack' : `${type.replace(/^AWS::/, '').replaceAll('::', ' ')} ${logicalId}`;
  return `${what}: ${status.toLowerCase().replaceAll('_', ' ')}`;
}

/** The account as it is now, quietly: an operation that failed may have changed it nevertheless. */
async function lookAfter({ kind }: OperationEnd<unknown>): Promise<void> {
  if (kind === 'busy' || kind === 'lost') return;
  const end = await runOperation('overview', { open: (aws) => aws.overview({ place: currentPlace() }) });
  if (end.kind !== 'done') return;
  setOverview(end.result);
  if (deploymentHere() === undefined) {
    setStackFacts({ status: undefined });
    return;
  }
  await readStatus();
}

/** AWS may be at work already: ending the operation here only ends the watching. */
export function isFollowed(operation: AwsOperation | undefined): boolean {
  return operation?.kind === 'follow' || operation?.isConfirmed === true;
}

/** Selects a node or link on the canvas; false where it is in the design no more. */
export function selectPart(id: string): boolean {
  const { document } = useDocumentState.getState();
  const isNode = document?.nodes.some((node) => node.id === id) === true;
  const isEdge = document?.edges.some((edge) => edge.id === id) === true;
  if (isNode || isEdge) select({ kind: isNode ? 'node' : 'edge', id });
  return isNode || isEdge;
}

/** A failure of the host in the words of the window. */
export function failureText(error: Error): string {
  return windowWords(sentenceOf(error));
}

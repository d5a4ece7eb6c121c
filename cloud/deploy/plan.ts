/**
 * The plan of a deployment: everything that a person wants to know before anything changes. Looking leaves nothing behind: the
 * change set that AWS works out is taken away again. Preparing makes the guard stack first and keeps the change set, which `apply`
 * executes; in between lies the confirmation.
 */
import type { Stack } from '@aws-sdk/client-cloudformation';
import { createHash } from 'node:crypto';
import { stableJson } from '#analysis/stable-json.ts';
import type { AwsAccount } from '#cloud/account/account.ts';
import type { LimitSummary } from '#schema/component.ts';
import { deploymentTags, type LeftOut, type SynthResult } from '#schema/deployment.ts';
import type { DeploymentPlan, PlannedChange, PlannedOmission } from '#schema/deployment-plan.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import type { CostResult } from '#schema/result.ts';
import { createChangeSet, discardChangeSet } from './change-set.ts';
import { type ChangeContext, changesOf, templateChanges } from './changes.ts';
import { ensureGuard, findGuard, type Guard, guardStatus, stageTemplate } from './guard/guard-stack.ts';
import { resourceTypes, unknownTypes } from './guard/service-role.ts';
import { ownersOf } from './owners.ts';
import { plannedCost } from './planned-cost.ts';
import { checkQuotas } from './quota-check.ts';
import { deployedTemplate, findStack, tagOf } from './stack-state.ts';
import { refuseUnusable, type WaitOptions } from './stack-use.ts';

/** Largest template that is sent as it is, and largest at all, in bytes. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (read 2026-11-21) */
const SENT_BYTES = 51_200;
const STAGED_BYTES = 1_048_576;

/** What a run of the document tells. */
export interface PlannedRun {
  readonly limits: readonly LimitSummary[];
  readonly cost: CostResult;
  readonly horizonSeconds: number;
  /** Region whose prices the bill was made with. */
  readonly pricesOf: string;
}

export interface PlanRequest {
  readonly document: CaudalDocument;
  readonly stackName: string;
  readonly version: string;
  readonly synth: SynthResult;
  readonly run: PlannedRun;
  /** `prepare`: makes the guard stack and keeps the change set. */
  readonly purpose: 'look' | 'prepare';
  /** When the deployment is to be deleted, ISO 8601 in UTC; null for one that stays. Of an existing stack, what it has, when left out. */
  readonly expiresAt?: string | null | undefined;
  readonly wait?: WaitOptions | undefined;
}

/** Throws an InputError with every node that cannot be deployed, unless the rest is wanted all the same. */
export function refuseLeftOut(document: CaudalDocument, leftOut: readonly LeftOut[], isAllowed: boolean): void {
  const missing = omissionsOf(document, leftOut).filter(({ kind, isDriven }) => kind === 'node' && !isDriven);
  if (missing.length === 0 || isAllowed) return;
  throw new InputError(
    missing.map(({ id, type, reason }) => ({
      code: 'deploy/left-out',
      path: `nodes.${id}`,
      message: `cannot be deployed: ${reason}; to deploy the rest without it, add --allow-left-out`,
      ...(type === undefined ? {} : { received: type }),
    })),
  );
}

/** A source of load is no part that is missing: `drive` sends what it would send. */
export function omissionsOf({ workloads, edges }: CaudalDocument, leftOut: readonly LeftOut[]): PlannedOmission[] {
  const driven = new Set(
    workloads.map(({ node }) => node).filter((node) => !edges.some(({ target }) => target === node)),
  );
  return leftOut.map((one) => {
    const source = edges.find(({ id }) => one.kind === 'edge' && id === one.id)?.source;
    return { ...one, isDriven: driven.has(source ?? one.id) };
  });
}

/** SHA-256 of what a plan is of: the document, its template, the stack's name and the Region. */
export function planDigest(request: Pick<PlanRequest, 'document' | 'stackName' | 'synth'>, region: string): string {
  const { document, stackName, synth } = request;
  return createHash('sha256')
    .update(stableJson({ document, template: synth.template, stackName, region }))
    .digest('hex');
}

/** Checks that a stack of this name can be made or changed, before time goes into a run. Changes nothing. */
export async function inspectStack(account: AwsAccount, { document, stackName, synth }: Omit<PlanRequest, 'run'>) {
  const unknown = unknownTypes(resourceTypes(synth.template));
  if (unknown.length > 0) {
    throw new Error(`Caudal is at fault: the service role has no permissions for ${unknown.join(', ')}`);
  }
  const stack = await findStack(account.clients.cloudFormation, stackName);
  if (stack !== undefined) refuseUnusable(stack, documentTag(document, synth));
  return stack;
}

/** Makes the plan. Throws an EnvironmentError; nothing is left half-done but what its sentence names. */
export async function planDeployment(account: AwsAccount, request: PlanRequest): Promise<DeploymentPlan> {
  const { document, stackName, synth, run } = request;
  const stack = await inspectStack(account, request);
  const identity = await account.identity();
  const body = JSON.stringify(synth.template);
  refuseTooLarge(body);
  const leftOut = omissionsOf(document, synth.leftOut);
  const leftOutIds = new Set(leftOut.map(({ id }) => id));
  const quotas = await checkQuotas(account, {
    limits: run.limits,
    documentQuotas: document.account.quotas,
    leftOut: leftOutIds,
  });
  const compared = await compare(account, request, stack, body);
  return {
    stackName,
    region: account.region,
    account: identity,
    endpoint: account.endpoint ?? null,
    digest: planDigest(request, account.region),
    leftOut,
    guard: await guardStatus(account, stackName, synth.template),
    ...compared,
    quotas,
    cost: plannedCost({ ...run, leftOut: leftOutIds }),
    notes: synth.notes,
    accessPoints: synth.accessPoints,
    templateBytes: Buffer.byteLength(body),
  };
}

type Compared = Pick<DeploymentPlan, 'kind' | 'changes' | 'comparedBy' | 'changeSetId'>;

async function compare(
  account: AwsAccount,
  request: PlanRequest,
  stack: Stack | undefined,
  body: string,
): Promise<Compared> {
  const { stackName, synth, purpose } = request;
  const isNew = stack === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS';
  const context: ChangeContext = {
    owners: ownersOf(synth.template),
    before: isNew ? {} : await deployedTemplate(account.clients.cloudFormation, stackName),
    after: synth.template,
  };
  const tags = tagsOf(request, stack);
  const guard =
    purpose === 'prepare'
      ? await ensureGuard(
          account,
          { stackName, template: synth.template, expiresAt: tags.expiresAt, tags: tags.list },
          request.wait,
        )
      : await findGuard(account, stackName);
  const place = await placeOf(account, guard, body);
  // Without the bucket of the guard a large template cannot be sent, and a session that may only look makes no change set.
  if (place === undefined || account.isReadOnly) return byTemplates(context, isNew);
  const changeSet = await createChangeSet(
    account,
    {
      stackName,
      name: `caudal-${createHash('sha256').update(body).digest('hex').slice(0, 12)}-${Date.now().toString(36)}`,
      isNew,
      template: place,
      tags: tags.list,
      roleArn: purpose === 'prepare' ? guard?.roleArn : undefined,
    },
    request.wait,
  );
  if (changeSet === undefined) return { kind: 'none', changes: [], comparedBy: 'change-set', changeSetId: null };
  const kept = purpose === 'prepare' ? changeSet.id : null;
  if (kept === null) await discardChangeSet(account, stackName, changeSet.id, stack === undefined);
  const changes = changesOf(changeSet.changes, context);
  return { kind: isNew ? 'create' : 'update', changes, comparedBy: 'change-set', changeSetId: kept };
}

function byTemplates(context: ChangeContext, isNew: boolean): Compared {
  const changes: PlannedChange[] = templateChanges(context);
  const kind = changes.length === 0 ? 'none' : isNew ? 'create' : 'update';
  return { kind, changes, comparedBy: 'templates', changeSetId: null };
}

/** How the template is handed over: as it is, or by the guard's bucket; undefined where neither can be. */
async function placeOf(account: AwsAccount, guard: Guard | undefined, body: string) {
  if (Buffer.byteLength(body) <= SENT_BYTES) return { body };
  if (guard === undefined || account.isReadOnly) return undefined;
  return { url: await stageTemplate(account, guard, body) };
}

function tagsOf({ document, synth, version, expiresAt }: PlanRequest, stack: Stack | undefined) {
  const before = stack === undefined ? undefined : tagOf(stack, deploymentTags.expiry);
  const expiry = expiresAt === undefined ? (before ?? null) : expiresAt;
  return {
    expiresAt: expiry,
    list: {
      [deploymentTags.document]: documentTag(document, synth),
      [deploymentTags.version]: version,
      [deploymentTags.expiry]: expiry ?? undefined,
    },
  };
}

/** The document's name as the resources of the template carry it. */
function documentTag({ name }: CaudalDocument, { template }: SynthResult): string {
  const resources = Object.values((template['Resources'] ?? {}) as Readonly<Record<string, TaggedResource>>);
  for (const { Properties } of resources) {
    const tags = Properties?.Tags;
    const tag = Array.isArray(tags) ? tags.find(({ Key }) => Key === deploymentTags.document) : undefined;
    if (tag !== undefined) return tag.Value;
  }
  return name;
}

interface TaggedResource {
  readonly Properties?: { readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] };
}

function refuseTooLarge(body: string): void {
  const bytes = Buffer.byteLength(body);
  if (bytes <= STAGED_BYTES) return;
  throw new EnvironmentError(
    'deploy/template-too-large',
    `the template has ${bytes} bytes, CloudFormation takes ${STAGED_BYTES}; split the document into two`,
  );
}

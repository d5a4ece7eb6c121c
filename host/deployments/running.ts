/** What runs in an account: listed, followed, compared with its template, destroyed. */
import { type AccountOptions, type AwsAccount, openAccount } from '#cloud/account/account.ts';
import { resume } from '#cloud/deploy/apply.ts';
import { removeKeptBucket } from '#cloud/deploy/bucket-contents.ts';
import { destroyGuard, destroyStack } from '#cloud/deploy/destroy.ts';
import { detectDrift } from '#cloud/deploy/drift.ts';
import { listKeptBuckets, listLeft } from '#cloud/deploy/kept-buckets.ts';
import {
  findDeployment,
  listDeployments,
  listResources,
  readOwners,
  refusal,
  viewOf,
} from '#cloud/deploy/stack-state.ts';
import { hasFailed } from '#cloud/deploy/stack-words.ts';
import type { DeploymentStatus, Destroyed, FollowEvent, Overview, StackOutcome } from '#schema/deployment-state.ts';

export type AccountSettings = Pick<AccountOptions, 'region' | 'profile' | 'askMfaCode' | 'isReadOnly'>;

export interface Watching {
  readonly onEvent?: (event: FollowEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

async function withAccount<T>(settings: AccountSettings, work: (account: AwsAccount) => Promise<T>): Promise<T> {
  const account = await openAccount(settings);
  try {
    return await work(account);
  } finally {
    account.close();
  }
}

export async function overview(settings: AccountSettings): Promise<Overview> {
  return withAccount(settings, async (account) => {
    const { buckets, others } = await listLeft(account);
    return {
      account: await account.identity(),
      endpoint: account.endpoint ?? null,
      region: account.region,
      deployments: await listDeployments(account),
      buckets,
      left: others,
    };
  });
}

/** `follows`: waits for what CloudFormation is doing, or tells how the last operation failed; `seeksDrift`: compares the resources with the template. */
export async function deploymentStatus(
  settings: AccountSettings,
  stackName: string,
  { follows, seeksDrift, onEvent, signal }: Watching & { readonly follows: boolean; readonly seeksDrift: boolean },
): Promise<DeploymentStatus> {
  return withAccount(settings, async (account) => {
    const found = await findDeployment(account, stackName);
    const stackId = found.StackId ?? '';
    const { isChanging, status } = viewOf(found);
    const outcome =
      follows && (isChanging || hasFailed(status)) ? await resume({ account, stackId, onEvent, signal }) : null;
    const isGone = outcome?.status === 'DELETE_COMPLETE';
    const drift = seeksDrift && !isGone ? await detectDrift({ account, stackId, signal }) : null;
    const deployment = isGone
      ? { ...viewOf(found), status: outcome.status, text: outcome.text, isChanging: false }
      : viewOf(await findDeployment(account, stackName));
    const resources = isGone ? [] : await listResources(account, stackId, await readOwners(account, stackId));
    return { deployment, resources, drift, outcome };
  });
}

export interface DestroySettings extends AccountSettings, Watching {
  readonly keep?: readonly string[];
  /** What the user types. */
  readonly confirm: (what: string, identity: string) => Promise<string>;
}

export async function destroyDeployment(settings: DestroySettings, stackName: string): Promise<Destroyed> {
  const { keep, confirm, onEvent, signal, ...rest } = settings;
  return withAccount(rest, async (account) => {
    await findDeployment(account, stackName);
    const confirmation = await confirm(stackName, await placeOf(account));
    return destroyStack({ account, stackName, confirmation, keep, onEvent, signal });
  });
}

export async function destroyGuardOf(settings: DestroySettings, stackName: string): Promise<StackOutcome> {
  const { confirm, onEvent, signal, keep: _, ...rest } = settings;
  return withAccount(rest, async (account) => {
    const confirmation = await confirm(stackName, await placeOf(account));
    return destroyGuard({ account, stackName, confirmation, onEvent, signal });
  });
}

/** Empties and removes a bucket that a destroyed deployment has left; returns how many objects were in it. */
export async function removeBucketOf(
  settings: DestroySettings & { readonly onProgress?: (objects: number) => void },
  stackName: string,
  bucketName: string,
): Promise<number> {
  const { confirm, onProgress, signal, onEvent: _event, keep: _keep, ...rest } = settings;
  return withAccount(rest, async (account) => {
    const buckets = await listKeptBuckets(account, stackName);
    const bucket = buckets.find((one) => one.bucket === bucketName);
    if (bucket === undefined) {
      const known = buckets.map((one) => one.bucket).join(', ') || 'none';
      const message = `no destroyed deployment ${stackName} has left a bucket of this name; left are: ${known}`;
      throw refusal('deploy/no-such-bucket', bucketName, message);
    }
    const answer = await confirm(bucketName, await placeOf(account));
    return removeKeptBucket(account, bucket, answer, { onProgress, signal });
  });
}

async function placeOf(account: AwsAccount): Promise<string> {
  const { alias, lastDigits } = await account.identity();
  return `account ${alias === null ? '' : `${alias} `}(...${lastDigits}) in ${account.region}`;
}

/**
 * Buckets that outlive their stack: found through the events of deleted stacks, which CloudFormation keeps for 90 days, counted
 * and priced.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html (read 2026-11-21)
 */
import { paginateListStacks } from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import type { AwsAccount } from '#cloud/account/account.ts';
import { isAwsError } from '#cloud/account/aws-error.ts';
import { gibibytes, priceOf } from '#catalog/pricing/arithmetic.ts';
import { ratedRegions, rateTable } from '#catalog/pricing/rates.ts';
import type { KeptBucket, LeftResource, Remaining } from '#schema/deployment-state.ts';
import { versionPages } from './bucket-contents.ts';
import { follow } from './follow.ts';
import { outcomeOf } from './outcome.ts';
import { ownersOf } from './owners.ts';
import { deployedTemplate } from './stack-state.ts';
import { withStandingCost } from './standing-cost.ts';

const BUCKET = 'AWS::S3::Bucket';
const STORAGE_RATE = 's3/standard-storage';
/** Descriptions of templates begin so; the templates of others need not be read. */
const DESCRIBED = 'Caudal';
/** Pages of 1,000 objects that are counted; a larger bucket is said to hold at least so many. */
const COUNTED_PAGES = 100;

/** Buckets that deleted stacks of that name, or of every name, have left and that still exist. */
export async function listKeptBuckets(account: AwsAccount, stackName?: string): Promise<KeptBucket[]> {
  return (await listLeft(account, stackName)).buckets;
}

/** Buckets that deleted stacks have left and that still exist, and what else was left behind, with what it costs. */
export async function listLeft(
  account: AwsAccount,
  stackName?: string,
): Promise<{ readonly buckets: KeptBucket[]; readonly others: LeftResource[] }> {
  const buckets: KeptBucket[] = [];
  const others: LeftResource[] = [];
  const deleted = { StackStatusFilter: ['DELETE_COMPLETE' as const] };
  for await (const { StackSummaries = [] } of paginateListStacks({ client: account.clients.cloudFormation }, deleted)) {
    for (const { StackName = '', StackId = '', TemplateDescription = DESCRIBED, DeletionTime } of StackSummaries) {
      if (stackName !== undefined && StackName !== stackName) continue;
      if (!TemplateDescription.startsWith(DESCRIBED)) continue;
      const template = await deployedTemplate(account.clients.cloudFormation, StackId);
      const owners = ownersOf(template);
      // The template of a deployment says which node each resource belongs to; stacks of others say nothing of the kind.
      if (owners.size === 0) continue;
      const { remaining } = outcomeOf(await follow({ account, stackId: StackId, owners }));
      buckets.push(...(await keptBuckets(account, StackName, remaining)));
      const left = remaining.filter(({ type }) => type !== BUCKET);
      const deletedAt = DeletionTime === undefined ? {} : { deletedAt: DeletionTime.toISOString() };
      for (const one of withStandingCost(left, template, account.region)) {
        others.push({ ...one, stackName: StackName, ...deletedAt });
      }
    }
  }
  return { buckets, others };
}

/** What storing all that is in a bucket costs a month. */
export async function storageCost(account: AwsAccount, bucket: string): Promise<{ readonly usdPerMonth?: number }> {
  const { usdPerMonth } = monthlyCost(account.region, (await count(account, bucket)).bytes);
  return usdPerMonth === undefined ? {} : { usdPerMonth };
}

/** The buckets among what a deletion has left, those that still exist. */
export async function keptBuckets(
  account: AwsAccount,
  stackName: string,
  remaining: readonly Remaining[],
): Promise<KeptBucket[]> {
  const found: KeptBucket[] = [];
  for (const { type, why, physicalId: bucket, owner } of remaining) {
    if (type !== BUCKET || why !== 'kept' || !(await exists(account, bucket))) continue;
    const counted = await count(account, bucket);
    found.push({
      bucket,
      stackName,
      ...(owner === undefined ? {} : { owner }),
      ...counted,
      ...monthlyCost(account.region, counted.bytes),
      command: `caudal destroy ${stackName} --empty-bucket ${bucket}`,
    });
  }
  return found;
}

async function exists({ clients }: AwsAccount, bucket: string): Promise<boolean> {
  try {
    await clients.s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    if (isAwsError(error, 'NotFound', 'NoSuchBucket')) return false;
    throw error;
  }
}

/** Every version counts: each is stored and billed. */
async function count({ clients }: AwsAccount, bucket: string) {
  let objects = 0;
  let bytes = 0;
  let pages = 0;
  for await (const { Versions = [] } of versionPages(clients.s3, bucket)) {
    objects += Versions.length;
    bytes += Versions.reduce((sum, { Size = 0 }) => sum + Size, 0);
    pages += 1;
    if (pages === COUNTED_PAGES) return { objects, bytes, isAtLeast: true };
  }
  return { objects, bytes, isAtLeast: false };
}

function monthlyCost(region: string, bytes: number): { readonly usdPerMonth?: number; readonly ratesDate?: string } {
  if (!ratedRegions.includes(region)) return {};
  const { usd, rateDate } = priceOf(rateTable(region), STORAGE_RATE, gibibytes(bytes));
  return { usdPerMonth: usd, ratesDate: rateDate };
}

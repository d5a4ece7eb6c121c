/**
 * Buckets that outlive their stack: found through the events of deleted stacks, which CloudFormation keeps for 90 days, counted,
 * priced, and removed on an explicit second answer only.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html (read 2026-11-21)
 */
import { type CloudFormationClient, paginateListStacks } from '@aws-sdk/client-cloudformation';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  type ListObjectVersionsCommandOutput,
  ListObjectVersionsCommand,
  AbortMultipartUploadCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { gibibytes, priceOf } from '#catalog/pricing/arithmetic.ts';
import { ratedRegions, rateTable } from '#catalog/pricing/rates.ts';
import type { KeptBucket, Remaining } from '#schema/deployment-state.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import { follow } from './follow.ts';
import { outcomeOf } from './outcome.ts';
import { readOwners } from './stack-state.ts';

const BUCKET = 'AWS::S3::Bucket';
const STORAGE_RATE = 's3/standard-storage';
/** Pages of 1,000 objects that are counted; a larger bucket is said to hold at least so many. */
const COUNTED_PAGES = 100;

export interface BucketsRequest {
  readonly client: CloudFormationClient;
  readonly s3: S3Client;
  readonly region: string;
  readonly signal?: AbortSignal | undefined;
}

/** Buckets that deleted stacks of that name, or of every name, have left and that still exist. */
export async function listKeptBuckets(request: BucketsRequest, stackName?: string): Promise<KeptBucket[]> {
  const { client } = request;
  const found: KeptBucket[] = [];
  const deleted = { StackStatusFilter: ['DELETE_COMPLETE' as const] };
  for await (const { StackSummaries = [] } of paginateListStacks({ client }, deleted)) {
    for (const { StackName = '', StackId = '' } of StackSummaries) {
      if (stackName !== undefined && StackName !== stackName) continue;
      const owners = await readOwners(client, StackId);
      // The template of a deployment says which node each resource belongs to; stacks of others say nothing of the kind.
      if (owners.size === 0) continue;
      const { remaining } = outcomeOf(await follow({ client, stackId: StackId, owners }));
      found.push(...(await keptBuckets(request, StackName, remaining)));
    }
  }
  return found;
}

/** The buckets among what a deletion has left, those that still exist. */
export async function keptBuckets(
  request: BucketsRequest,
  stackName: string,
  remaining: readonly Remaining[],
): Promise<KeptBucket[]> {
  const found: KeptBucket[] = [];
  for (const { type, why, physicalId: bucket, owner } of remaining) {
    if (type !== BUCKET || why !== 'kept' || !(await exists(request, bucket))) continue;
    const counted = await count(request, bucket);
    found.push({
      bucket,
      stackName,
      ...(owner === undefined ? {} : { owner }),
      ...counted,
      ...monthlyCost(request.region, counted.bytes),
      command: `caudal destroy ${stackName} --empty-bucket ${bucket}`,
    });
  }
  return found;
}

async function exists({ s3, signal }: BucketsRequest, bucket: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal });
    return true;
  } catch (error) {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404 || name === 'NotFound' || name === 'NoSuchBucket') return false;
    throw error;
  }
}

/** Every version counts: each is stored and billed. */
async function count({ s3, signal }: BucketsRequest, bucket: string) {
  let objects = 0;
  let bytes = 0;
  let pages = 0;
  for await (const { Versions = [] } of versionPages(s3, bucket)) {
    signal?.throwIfAborted();
    objects += Versions.length;
    bytes += Versions.reduce((sum, { Size = 0 }) => sum + Size, 0);
    pages += 1;
    if (pages === COUNTED_PAGES) return { objects, bytes, isAtLeast: true };
  }
  return { objects, bytes, isAtLeast: false };
}

async function* versionPages(s3: S3Client, bucket: string): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    page = await s3.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        KeyMarker: page?.NextKeyMarker,
        VersionIdMarker: page?.NextVersionIdMarker,
      }),
    );
    yield page;
  } while (page.IsTruncated === true);
}

/** Parts of uploads that never ended are billed, and are listed nowhere else. */
async function abortUploads(s3: S3Client, bucket: string): Promise<void> {
  for (;;) {
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    if (Uploads.length === 0) return;
    for (const { Key, UploadId } of Uploads) {
      await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
  }
}

function monthlyCost(region: string, bytes: number): { readonly usdPerMonth?: number; readonly ratesDate?: string } {
  if (!ratedRegions.includes(region)) return {};
  const { usd, rateDate } = priceOf(rateTable(region), STORAGE_RATE, gibibytes(bytes));
  return { usdPerMonth: usd, ratesDate: rateDate };
}

export interface RemovalRequest {
  readonly s3: S3Client;
  readonly bucket: KeptBucket;
  /** What the user typed: must be the bucket's name. */
  readonly answer: string;
  /** Objects deleted so far. */
  readonly onProgress?: ((objects: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Deletes every object of a kept bucket, in every version, and then the bucket. There is no way back. */
export async function removeBucket({ s3, bucket: kept, answer, onProgress, signal }: RemovalRequest): Promise<number> {
  const { bucket } = kept;
  if (answer !== bucket) {
    const message = `nothing was deleted: type the bucket's name, ${bucket}, to delete all that is in it for ever`;
    throw new InputError([{ code: 'deploy/not-confirmed', path: 'bucket', received: answer, message }]);
  }
  let removed = 0;
  for await (const { Versions = [], DeleteMarkers = [] } of versionPages(s3, bucket)) {
    signal?.throwIfAborted();
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) continue;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    removed += Objects.length - Errors.length;
    if (first !== undefined) {
      const message = `${Errors.length} objects of ${bucket} could not be deleted, beginning with ${first.Key}: ${first.Message}. ${removed} were; mend the cause and repeat the command`;
      throw new EnvironmentError('deploy/bucket-not-emptied', message);
    }
    onProgress?.(removed);
  }
  await abortUploads(s3, bucket);
  await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
  return removed;
}

/** What is in a bucket, in every version; and deleting it, on an explicit answer only. */
import {
  AbortMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { AwsAccount } from '#cloud/account/account.ts';
import type { KeptBucket } from '#schema/deployment-state.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';

/** Objects and delete markers, a thousand at a time. */
export async function* versionPages(s3: S3Client, bucket: string): AsyncGenerator<ListObjectVersionsCommandOutput> {
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

export interface EmptyingOptions {
  /** Objects deleted so far. */
  readonly onProgress?: ((objects: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Deletes all that is in a bucket; returns how many objects that were. Throws an EnvironmentError that says how far it came. */
export async function emptyBucket(
  { clients: { s3 } }: AwsAccount,
  bucket: string,
  { onProgress, signal }: EmptyingOptions = {},
): Promise<number> {
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
  return removed;
}

/**
 * Deletes a bucket that a deployment has left, with all that is in it: there is no way back. `answer` is what the user typed and
 * must be the bucket's name.
 */
export async function removeKeptBucket(
  account: AwsAccount,
  { bucket }: KeptBucket,
  answer: string,
  options: EmptyingOptions = {},
): Promise<number> {
  if (answer !== bucket) {
    const message = `nothing was deleted: type the bucket's name, ${bucket}, to delete all that is in it for ever`;
    throw new InputError([{ code: 'deploy/not-confirmed', path: '--empty-bucket', received: answer, message }]);
  }
  const removed = await emptyBucket(account, bucket, options);
  await account.clients.s3.send(new DeleteBucketCommand({ Bucket: bucket }));
  return removed;
}

/** The first chain with a bucket that outlives it, as a lake does. */
import { OWNERS_KEY } from '#cloud/deploy/owners.ts';
import type { SynthResult } from '#schema/deployment.ts';
import type { Template } from './adapt-template.ts';
import { withResource } from './documents.ts';

export function withLake({ template, resources }: SynthResult, bucketName: string): Template {
  const lake = { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: bucketName } };
  return { ...withResource(template, 'Lake', lake), Metadata: { [OWNERS_KEY]: { ...resources, lake: ['Lake'] } } };
}

/** A bucket as every deployment makes it: private, over TLS only, encrypted, and kept when its stack is deleted. */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Receiver } from '../stack.ts';
import { allowPatterns } from './roles.ts';

/** Why a role may write any object of one bucket. */
export const OBJECTS = 'Objects have no names before they are written; the pattern ends at one bucket.';

export function privateBucket(scope: Construct, id: string, settings: BucketProps = {}): Bucket {
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    ...settings,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Access logs would fill a second bucket that is kept too; only roles of this stack have access.',
  });
  return bucket;
}

/** The bucket as a target: objects may be written into it, and unfinished uploads given up. */
export function bucketReceiver(bucket: Bucket): Receiver {
  return {
    address: bucket.bucketName,
    arn: bucket.bucketArn,
    way: { kind: 'gateway' },
    grantSend: (role: IRole) => {
      const resources = [bucket.arnForObjects('*')];
      allowPatterns(role, { actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources }, OBJECTS);
      bucket.encryptionKey?.grant(role, 'kms:GenerateDataKey', 'kms:Decrypt');
    },
  };
}

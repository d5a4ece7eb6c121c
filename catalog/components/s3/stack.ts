/** A private S3 bucket with its lifecycle rules. It stays, with what it holds, when the stack is deleted. */
import { Duration } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption, type LifecycleRule, StorageClass, type Transition } from 'aws-cdk-lib/aws-s3';
import { bucketReceiver, privateBucket } from '#catalog/models/deployment/stack/bucket.ts';
import type { Built, StackContext, StackFacet } from '#catalog/models/deployment/stack.ts';
import type { Config } from './config.ts';

export const stack: StackFacet<Config> = { build };

/** Days that an object must rest before it may go to an infrequent access class, or on from there. See `config.ts`. */
const RESTING_DAYS = 30;

const KEY_ACTIONS = [
  'CancelKeyDeletion',
  'CreateGrant',
  'Decrypt',
  'DescribeKey',
  'DisableKey',
  'EnableKey',
  'EnableKeyRotation',
  'Encrypt',
  'GenerateDataKey',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'ListResourceTags',
  'PutKeyPolicy',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateKeyDescription',
].map((action) => `kms:${action}`);

function build({ scope, node, config, note }: StackContext<Config>): Built {
  const bucket = privateBucket(scope, 'Bucket', { ...encryptionOf(config, scope), lifecycleRules: rulesOf(config) });
  if (config.encryption === 'aws:kms' && config.customerManagedKey) {
    note('The key stays with the bucket, and is billed by the month until you schedule its deletion.');
  }
  note('The bucket and what it holds stay when the stack is deleted, and go on costing money until you empty it.');
  if (config.storageClass !== 'STANDARD') {
    note(
      `Objects are written as STANDARD and go to ${config.storageClass} by a lifecycle rule; those below 128 KiB stay.`,
    );
  }
  const receiver = bucketReceiver(bucket);
  return {
    node,
    receivers: { objects: receiver, failures: receiver },
    closed: { reads: 'reads are not deployed: no object is known that could be read' },
  };
}

function encryptionOf(config: Config, scope: StackContext<Config>['scope']) {
  if (config.encryption === 'AES256') return {};
  const { bucketKeyEnabled } = config;
  if (!config.customerManagedKey) return { encryption: BucketEncryption.KMS_MANAGED, bucketKeyEnabled };
  return {
    encryption: BucketEncryption.KMS,
    encryptionKey: new Key(scope, 'Key', { enableKeyRotation: true, policy: keyPolicy() }),
    bucketKeyEnabled,
  };
}

/** Leaves it to roles of the account what they may do with the key, action by action. It is kept with the bucket. */
function keyPolicy(): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ actions: KEY_ACTIONS, principals: [new AccountRootPrincipal()], resources: ['*'] }),
    ],
  });
}

/** Where objects go with age. A delivery stream writes STANDARD only: another class is reached by a rule. */
function rulesOf(config: Config): LifecycleRule[] {
  const later = [
    { to: config.transitionStorageClass, after: config.transitionDays },
    { to: config.archiveStorageClass, after: config.archiveDays },
  ].filter((step): step is { to: typeof step.to; after: number } => step.after !== undefined);
  const first = firstMove(config.storageClass);
  const steps = first !== undefined && later.every(({ after }) => after >= first.after + RESTING_DAYS) ? [first] : [];
  const transitions = [...steps, ...later].map(
    ({ to, after }): Transition => ({ storageClass: new StorageClass(to), transitionAfter: Duration.days(after) }),
  );
  const { expirationDays } = config;
  if (transitions.length === 0 && expirationDays === undefined) return [];
  return [
    {
      id: 'age',
      enabled: true,
      transitions,
      ...(expirationDays === undefined ? {} : { expiration: Duration.days(expirationDays) }),
    },
  ];
}

function firstMove(storageClass: Config['storageClass']): { to: string; after: number } | undefined {
  if (storageClass === 'STANDARD') return undefined;
  const isInfrequent = storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA';
  return { to: storageClass, after: isInfrequent ? RESTING_DAYS : 0 };
}

/**
 * A delivery stream with a role and a log group of its own: Direct PUT or a Kinesis stream as its source, S3 or OpenSearch as its
 * destination, a function that transforms. What it gives up is written as objects.
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogGroup, LogStream, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { bucketReceiver, privateBucket } from '#catalog/models/deployment/stack/bucket.ts';
import type { Built, EdgeParts, Receiver, Source, StackContext, StackFacet } from '#catalog/models/deployment/stack.ts';
import type { Config } from '../config.ts';
import { allowBucket, allowDomain, openSearchDestination, s3Destination, type Parts } from './destinations.ts';

export const stack: StackFacet<Config> = { build };

function build(context: StackContext<Config>): Built {
  const { scope, node, config, linkedPorts } = context;
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('firehose.amazonaws.com') });
  const isFromKinesis = linkedPorts.includes('kinesis');
  const stream = new CfnDeliveryStream(scope, 'Stream', {
    deliveryStreamType: isFromKinesis ? 'KinesisStreamAsSource' : 'DirectPut',
    ...(isFromKinesis ? {} : { deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' } }),
  });
  if (isFromKinesis) {
    Validations.of(stream).acknowledge({
      id: 'AwsSolutions-KDF1',
      reason: 'Data of a Kinesis source are encrypted by that stream, and not stored by this one.',
    });
  }
  // The stream is refused while its role may not read and write yet.
  stream.node.addDependency(role);
  const ends = new Map<string, Receiver>();
  let source: Source | undefined;
  return {
    node,
    receivers: {
      records: {
        address: stream.ref,
        arn: stream.attrArn,
        way: { kind: 'endpoint', service: 'kinesis-firehose' },
        grantSend: (sender) =>
          void sender.addToPrincipalPolicy(
            new PolicyStatement({
              actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
              resources: [stream.attrArn],
            }),
          ),
      },
    },
    connect: ({ target, edge }: EdgeParts) => {
      const receiver = target.receivers?.[edge.port];
      if (receiver !== undefined) ends.set(edge.output, receiver);
      if (edge.output !== 'transform') return;
      target.compute?.transform?.({
        droppedRatio: config.transformDroppedRatio,
        failedRatio: config.transformFailedRatio,
        sizeFactor: config.transformSizeRatio,
      });
    },
    accept: ({ source: end, edge }: EdgeParts) => {
      if (edge.port === 'kinesis') source = end.sources?.[edge.output];
    },
    finish: () => {
      if (source !== undefined) {
        source.grantRead(role);
        stream.kinesisStreamSourceConfiguration = { kinesisStreamArn: source.arn, roleArn: role.roleArn };
      }
      deliver(context, stream, { config, role, ends, log: logOf(context, role) });
    },
  };
}

/** Errors of deliveries are logged: one log stream for the destination, one for the backup. */
function logOf({ scope }: StackContext<Config>, role: Role): Parts['log'] {
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  role.addToPolicy(new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }));
  return (id) => {
    const { logStreamName } = new LogStream(scope, id, { logGroup, removalPolicy: RemovalPolicy.DESTROY });
    return { enabled: true, logGroupName: logGroup.logGroupName, logStreamName };
  };
}

function deliver(context: StackContext<Config>, stream: CfnDeliveryStream, parts: Parts): void {
  const { scope, note } = context;
  const { role, ends } = parts;
  ends.get('transform')?.grantSend(role);
  const domain = ends.get('opensearch');
  const first = ends.get(domain === undefined ? 's3' : 'failed') ?? ends.get('backup');
  const bucket = first ?? bucketReceiver(privateBucket(scope, 'Bucket'));
  if (first === undefined)
    note('AWS wants a bucket for what cannot be delivered: the stream has one of its own, which stays.');
  allowBucket(role, bucket);
  if (domain !== undefined) {
    const other = ends.get('backup');
    if (other !== undefined && other !== bucket) {
      note('AWS writes the backup of source records and failed documents into one bucket: that linked at failed.');
    }
    if (domain.index?.hasRecordIds === true) {
      note(
        'Documents have ids of their delivery: a repeated delivery overwrites the first, a copy of a record does not.',
      );
    }
    allowDomain(role, domain);
    stream.amazonopensearchserviceDestinationConfiguration = openSearchDestination(parts, domain, bucket);
    return;
  }
  const failed = ends.get('failed');
  if (failed !== undefined && failed.arn !== bucket.arn) {
    note(
      'AWS writes failed records under the prefix failed/ of the bucket at s3, not into the bucket linked at failed.',
    );
  }
  const backup = ends.get('backup');
  if (backup !== undefined) allowBucket(role, backup);
  stream.extendedS3DestinationConfiguration = s3Destination(scope, parts, bucket, backup);
}

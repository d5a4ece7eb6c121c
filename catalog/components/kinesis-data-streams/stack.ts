/** A Kinesis data stream, encrypted with the key that AWS manages for the service. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type CfnStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Built, StackContext, StackFacet } from '#catalog/models/deployment/stack.ts';
import type { Config } from './config.ts';

export const stack: StackFacet<Config> = { build };

function build({ scope, node, config, note }: StackContext<Config>): Built {
  const isProvisioned = config.streamMode === 'PROVISIONED';
  const stream = new Stream(scope, 'Stream', {
    streamMode: isProvisioned ? StreamMode.PROVISIONED : StreamMode.ON_DEMAND,
    ...(isProvisioned ? { shardCount: config.shardCount ?? 1 } : {}),
    retentionPeriod: Duration.hours(config.retentionPeriodHours),
    encryption: StreamEncryption.MANAGED,
    // The CDK would keep it, and it would go on being billed by the hour.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const raw = stream.node.defaultChild as CfnStream;
  raw.maxRecordSizeInKiB = config.maxRecordSizeInKiB;
  if (config.warmThroughputMiBps !== undefined) {
    raw.addPropertyOverride('WarmThroughputMiBps', config.warmThroughputMiBps);
  }
  if (config.onDemandAdvantage === true) {
    note('On-demand Advantage is a setting of the whole account and Region: switch it on in the Kinesis console.');
  }
  return {
    node,
    receivers: {
      records: {
        address: stream.streamName,
        arn: stream.streamArn,
        way: { kind: 'endpoint', service: 'kinesis-streams' },
        grantSend: (role) => void stream.grant(role, 'kinesis:PutRecord', 'kinesis:PutRecords'),
      },
    },
    sources: {
      consumers: {
        address: stream.streamName,
        arn: stream.streamArn,
        grantRead: (role) => void stream.grantRead(role),
      },
    },
  };
}

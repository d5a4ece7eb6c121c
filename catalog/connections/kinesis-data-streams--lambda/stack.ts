/** The event source mapping through which a function reads a stream, with a consumer of its own for enhanced fan-out. */
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnStreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ConnectionFacet, EdgeParts, Receiver } from '#catalog/models/deployment/stack.ts';
import type { Config } from './config.ts';

export const stack: ConnectionFacet<Config> = { build };

function build(scope: Construct, { config, source, target, edge }: EdgeParts<Config>): void {
  const stream = source.sources?.[edge.output];
  const { fn, role, failures } = target.compute ?? {};
  if (stream === undefined || fn === undefined || role === undefined) return;
  stream.grantRead(role);
  let readArn = stream.arn;
  if (config.enhancedFanOut) {
    const consumer = new CfnStreamConsumer(scope, 'Consumer', {
      consumerName: Names.uniqueResourceName(scope, { maxLength: 64 }),
      streamArn: stream.arn,
    });
    readArn = consumer.attrConsumerArn;
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kinesis:SubscribeToShard', 'kinesis:DescribeStreamConsumer'],
        resources: [readArn],
      }),
    );
  }
  failures?.grantSend(role);
  const mapping = new EventSourceMapping(scope, 'Mapping', {
    target: fn,
    eventSourceArn: readArn,
    batchSize: config.batchSize,
    maxBatchingWindow: Duration.seconds(config.maximumBatchingWindowInSeconds),
    parallelizationFactor: config.parallelizationFactor,
    startingPosition: config.startingPosition === 'LATEST' ? StartingPosition.LATEST : StartingPosition.TRIM_HORIZON,
    bisectBatchOnError: config.bisectBatchOnFunctionError,
    reportBatchItemFailures: config.reportBatchItemFailures,
    retryAttempts: config.maximumRetryAttempts,
    ...ageOf(config),
    ...destinationOf(failures),
  });
  // The mapping is refused while the role may not read yet.
  mapping.node.addDependency(role);
}

function ageOf({ maximumRecordAgeInSeconds: seconds }: Config) {
  return seconds < 0 ? {} : { maxRecordAge: Duration.seconds(seconds) };
}

function destinationOf(failures: Receiver | undefined) {
  return failures === undefined ? {} : { onFailure: { bind: () => ({ destination: failures.arn }) } };
}

/** The event source mapping through which a function takes messages from a queue. */
import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ConnectionFacet, EdgeParts } from '#catalog/models/deployment/stack.ts';
import type { Config } from './config.ts';

export const stack: ConnectionFacet<Config> = { build };

function build(scope: Construct, { config, source, target, edge }: EdgeParts<Config>): void {
  const queue = source.sources?.[edge.output];
  const { fn, role } = target.compute ?? {};
  if (queue === undefined || fn === undefined || role === undefined) return;
  queue.grantRead(role);
  const mapping = new EventSourceMapping(scope, 'Mapping', {
    target: fn,
    eventSourceArn: queue.arn,
    batchSize: config.batchSize,
    maxBatchingWindow: Duration.seconds(config.maximumBatchingWindowInSeconds),
    reportBatchItemFailures: config.reportBatchItemFailures,
    ...(config.provisionedPollers
      ? { provisionedPollerConfig: { minimumPollers: config.minimumPollers, maximumPollers: config.maximumPollers } }
      : {}),
    ...(config.maximumConcurrency === undefined ? {} : { maxConcurrency: config.maximumConcurrency }),
  });
  // The mapping is refused while the role may not read yet.
  mapping.node.addDependency(role);
}

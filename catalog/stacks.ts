/** Every CDK stack facet, by component type and by connection. Loaded in the CDK child only. */
import { stack as dataFirehose } from './components/data-firehose/stack/stack.ts';
import { stack as ecsService } from './components/ecs-service/stack.ts';
import { stack as elasticache } from './components/elasticache/stack.ts';
import { stack as kinesisDataStreams } from './components/kinesis-data-streams/stack.ts';
import { stack as lambda } from './components/lambda/stack.ts';
import { stack as opensearch } from './components/opensearch/stack.ts';
import { stack as s3 } from './components/s3/stack.ts';
import { stack as sns } from './components/sns/stack.ts';
import { stack as sqs } from './components/sqs/stack.ts';
import { stack as kinesisDataStreamsLambda } from './connections/kinesis-data-streams--lambda/stack.ts';
import { stack as lambdaElasticache } from './connections/lambda--elasticache/stack.ts';
import { stack as snsDataFirehose } from './connections/sns--data-firehose/stack.ts';
import { stack as snsLambda } from './connections/sns--lambda/stack.ts';
import { stack as snsSqs } from './connections/sns--sqs/stack.ts';
import { stack as sqsLambda } from './connections/sqs--lambda/stack.ts';
import type { ConnectionFacet, StackFacet } from './models/deployment/stack.ts';

export type { Built, ConnectionFacet, EdgeParts, Network, StackFacet, Way } from './models/deployment/stack.ts';

export const stacks: ReadonlyMap<string, StackFacet<never>> = new Map<string, StackFacet<never>>([
  ['data-firehose', dataFirehose as StackFacet<never>],
  ['ecs-service', ecsService as StackFacet<never>],
  ['elasticache', elasticache as StackFacet<never>],
  ['kinesis-data-streams', kinesisDataStreams as StackFacet<never>],
  ['lambda', lambda as StackFacet<never>],
  ['opensearch', opensearch as StackFacet<never>],
  ['s3', s3 as StackFacet<never>],
  ['sns', sns as StackFacet<never>],
  ['sqs', sqs as StackFacet<never>],
]);

export const connectionStacks: ReadonlyMap<string, ConnectionFacet<never>> = new Map<string, ConnectionFacet<never>>([
  ['kinesis-data-streams--lambda', kinesisDataStreamsLambda as ConnectionFacet<never>],
  ['lambda--elasticache', lambdaElasticache as ConnectionFacet<never>],
  ['sns--data-firehose', snsDataFirehose as ConnectionFacet<never>],
  ['sns--lambda', snsLambda as ConnectionFacet<never>],
  ['sns--sqs', snsSqs as ConnectionFacet<never>],
  ['sqs--lambda', sqsLambda as ConnectionFacet<never>],
]);

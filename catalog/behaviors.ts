/** Every behaviour, by component type and by connection. Loaded in the engine's worker only. */
import type { BehaviorFactory, ConnectionFactory } from '#engine/behavior.ts';
import { build as ecsService } from './components/ecs-service/behavior/behavior.ts';
import { build as opensearch } from './components/opensearch/behavior/behavior.ts';
import { build as consumerApplication } from './components/consumer-application/behavior.ts';
import { build as customService } from './components/custom-service/behavior.ts';
import { build as elasticache } from './components/elasticache/behavior/behavior.ts';
import { build as dataFirehose } from './components/data-firehose/behavior/behavior.ts';
import { build as kinesisDataStreams } from './components/kinesis-data-streams/behavior/behavior.ts';
import { build as lambda } from './components/lambda/behavior/behavior.ts';
import { build as s3 } from './components/s3/behavior/behavior.ts';
import { build as sns } from './components/sns/behavior/behavior.ts';
import { build as sqs } from './components/sqs/behavior/behavior.ts';
import { build as trafficSource } from './components/traffic-source/behavior.ts';
import { build as kinesisDataStreamsLambda } from './connections/kinesis-data-streams--lambda/behavior/behavior.ts';
import { build as lambdaElasticache } from './connections/lambda--elasticache/behavior.ts';
import { build as sqsLambda } from './connections/sqs--lambda/behavior/behavior.ts';

export const behaviors: ReadonlyMap<string, BehaviorFactory<never>> = new Map<string, BehaviorFactory<never>>([
  ['traffic-source', trafficSource as BehaviorFactory<never>],
  ['custom-service', customService as BehaviorFactory<never>],
  ['kinesis-data-streams', kinesisDataStreams as BehaviorFactory<never>],
  ['lambda', lambda as BehaviorFactory<never>],
  ['data-firehose', dataFirehose as BehaviorFactory<never>],
  ['s3', s3 as BehaviorFactory<never>],
  ['elasticache', elasticache as BehaviorFactory<never>],
  ['sns', sns as BehaviorFactory<never>],
  ['sqs', sqs as BehaviorFactory<never>],
  ['consumer-application', consumerApplication as BehaviorFactory<never>],
  ['ecs-service', ecsService as BehaviorFactory<never>],
  ['opensearch', opensearch as BehaviorFactory<never>],
]);

export const connectionBehaviors: ReadonlyMap<string, ConnectionFactory<never>> = new Map<
  string,
  ConnectionFactory<never>
>([
  ['kinesis-data-streams--lambda', kinesisDataStreamsLambda as ConnectionFactory<never>],
  ['lambda--elasticache', lambdaElasticache as unknown as ConnectionFactory<never>],
  ['sqs--lambda', sqsLambda as ConnectionFactory<never>],
]);

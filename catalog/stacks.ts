/** Every CDK stack facet, by component type and by connection. Loaded in the CDK child only. */
import { stack as kinesisDataStreams } from './components/kinesis-data-streams/stack.ts';
import { stack as lambda } from './components/lambda/stack.ts';
import { stack as sqs } from './components/sqs/stack.ts';
import { build as kinesisDataStreamsLambda } from './connections/kinesis-data-streams--lambda/stack.ts';
import { build as sqsLambda } from './connections/sqs--lambda/stack.ts';
import type { ConnectionStack, StackFacet } from './models/deployment/stack.ts';

export type { Built, ConnectionStack, EdgeParts, Network, StackFacet } from './models/deployment/stack.ts';

export const stacks: ReadonlyMap<string, StackFacet<never>> = new Map<string, StackFacet<never>>([
  ['kinesis-data-streams', kinesisDataStreams as StackFacet<never>],
  ['lambda', lambda as StackFacet<never>],
  ['sqs', sqs as StackFacet<never>],
]);

export const connectionStacks: ReadonlyMap<string, ConnectionStack<never>> = new Map<string, ConnectionStack<never>>([
  ['kinesis-data-streams--lambda', kinesisDataStreamsLambda as ConnectionStack<never>],
  ['sqs--lambda', sqsLambda as ConnectionStack<never>],
]);

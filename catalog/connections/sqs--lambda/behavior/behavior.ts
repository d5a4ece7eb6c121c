/** The event source mapping between a queue and a function. */
import type { ConnectionFactory } from '#engine/behavior.ts';
import type { InvocationCallee, QueuePort } from '#engine/flow/ports.ts';
import type { Config } from '../config.ts';
import { QueueMapping } from './mapping.ts';

export const build: ConnectionFactory<Config> = (context) => {
  const mapping = new QueueMapping(context, context.source as QueuePort, context.target as InvocationCallee);
  return {
    start: () => mapping.start(),
    startRecording: () => mapping.startRecording(),
    finish: () => mapping.finish(),
  };
};

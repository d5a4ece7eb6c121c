/** The event source mapping between a stream and a function. */
import type { ConnectionFactory } from '#engine/behavior.ts';
import type { InvocationCallee, LogPort } from '#engine/flow/ports.ts';
import type { Config } from '../config.ts';
import { StreamMapping } from './mapping.ts';

export const build: ConnectionFactory<Config> = (context) => {
  new StreamMapping(context, context.source as LogPort, context.target as InvocationCallee);
  return {};
};

/** What a function is told about the cache that it asks: when it marks a record, under how large a key, and for how long. */
import type { ConnectionFacet } from '#catalog/models/deployment/stack.ts';
import type { Config } from './config.ts';

export const stack: ConnectionFacet<Config> = {
  tell: ({ mark, timeToLiveSeconds, keyBytes, valueBytes }) => ({ mark, timeToLiveSeconds, keyBytes, valueBytes }),
};

/** The subscription of a function to a topic. */
import type { ConnectionFacet } from '#catalog/models/deployment/stack.ts';
import { subscribe } from '#catalog/models/topic-subscription/stack.ts';
import type { Config } from './config.ts';

export const stack: ConnectionFacet<Config> = { build: (scope, edge) => void subscribe(scope, edge, 'lambda') };

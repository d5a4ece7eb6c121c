/** Every behaviour, by component type and by connection. Loaded in the engine's worker only. */
import type { BehaviorFactory, ConnectionFactory } from '#engine/behavior.ts';
import { build as customService } from './components/custom-service/behavior.ts';
import { build as trafficSource } from './components/traffic-source/behavior.ts';

export const behaviors: ReadonlyMap<string, BehaviorFactory<never>> = new Map<string, BehaviorFactory<never>>([
  ['traffic-source', trafficSource as BehaviorFactory<never>],
  ['custom-service', customService as BehaviorFactory<never>],
]);

export const connectionBehaviors: ReadonlyMap<string, ConnectionFactory<never>> = new Map();

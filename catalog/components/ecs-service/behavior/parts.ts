import type { BehaviorContext } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { SINK_EFFECT } from '#engine/flow/flow.ts';
import { NONE } from '#engine/flow/parcels.ts';
import type { Emitter } from '#engine/stations/emitter.ts';
import type { Replicas } from '#engine/stations/replicas.ts';
import type { Config } from '../config.ts';
import type { ServiceMeters } from './meters.ts';
import type { ServiceTimes } from '#engine/stations/service-times.ts';

/** What requests, streams and queues of one service share. */
export interface ServiceParts {
  readonly context: BehaviorContext<Config>;
  readonly replicas: Replicas;
  readonly emitter: Emitter;
  readonly times: ServiceTimes;
  readonly meters: ServiceMeters;
}

/** Records of a unit that left through no edge take their effect here; the original stays where it is. */
export function deliverUnrouted(flow: Flow, unit: number, node: number, nowUs: number): void {
  const { store } = flow;
  let p = store.child[unit] === NONE ? unit : store.child[unit]!;
  while (p !== NONE) {
    const following = p === unit ? NONE : store.next[p]!;
    if ((store.effects[p]! & ~SINK_EFFECT) === 0) flow.deliverEffect(p, node, nowUs);
    p = following;
  }
}

/** TODO: which blocks of engine/stations/ it joins, and how. */
import type { BehaviorFactory } from '#engine/behavior.ts';
import { NONE } from '#engine/flow/parcels.ts';
import type { Push } from '#engine/flow/ports.ts';
import { compileLaw } from '#engine/kernel/laws.ts';
import { Emitter } from '#engine/stations/emitter.ts';
import { ServerPool } from '#engine/stations/server-pool.ts';
import type { Config } from './config.ts';

const US_PER_MS = 1000;

export const build: BehaviorFactory<Config> = (context) => {
  const { config, flow, kernel, node } = context;
  const emitter = new Emitter(context, context.outputs('output'));
  const utilisation = context.gauge('Utilisation');
  const limit = context.limit({
    id: 'servers',
    name: 'busy servers',
    unit: 'servers',
    kind: 'level',
    capacity: 1,
    source: 'config.processingTimeMs',
    raisable: false,
  });
  const pool = new ServerPool(
    kernel,
    flow.store,
    {
      servers: 1,
      waitingPlaces: Number.POSITIVE_INFINITY,
      discipline: 'fifo',
      law: compileLaw({ kind: 'deterministic', mean: config.processingTimeMs * US_PER_MS }),
      serviceTime: context.draw('serviceTime'),
    },
    {
      onStart() {},
      onDeparture(parcel) {
        emitter.forward(parcel);
      },
      onChange(busy, length) {
        utilisation.set(kernel.nowUs, 100 * busy);
        limit.set(kernel.nowUs, busy);
        limit.wait(kernel.nowUs, length);
      },
    },
  );
  const requests: Push = {
    meeting: 'push',
    offer(request, _isBatch, reply) {
      reply.accepted = request.units;
      reply.refused = 0;
      reply.failed = 0;
      reply.latencyUs = 0;
      reply.retryAfterUs = 0;
      while (request.head !== NONE) {
        const parcel = request.shift();
        flow.transfer(parcel, node);
        pool.arrive(parcel);
      }
    },
  };
  return { inputs: { requests } };
};

/** A pool of servers with a queue; what is served leaves through the outputs. */
import type { BehaviorContext, BehaviorFactory } from '#engine/behavior.ts';
import { NONE } from '#engine/flow/parcels.ts';
import type { Push } from '#engine/flow/ports.ts';
import { compileLaw, type LawSpec } from '#engine/kernel/laws.ts';
import { Emitter } from '#engine/stations/emitter.ts';
import { Episode } from '#engine/stations/episode.ts';
import { ServerPool, type ServerPoolOwner } from '#engine/stations/server-pool.ts';
import type { Config } from './config.ts';

const MS = 1000;
/** Time without a refusal after which records count as taken again, microseconds. */
const QUIET_US = 60_000_000;
/** 10 servers times 0.7 are seven, whatever the last bit of a float says. */
const WHOLE_TOLERANCE = 1e-9;

export const build: BehaviorFactory<Config> = (context) => {
  const { config, faults, flow, kernel, node } = context;
  const limit = context.limit({
    id: 'servers',
    name: 'busy servers',
    unit: 'servers',
    kind: 'level',
    capacity: config.servers,
    source: 'config.servers',
    raisable: true,
  });
  const owner = serviceOwner(context, limit);
  const pool = new ServerPool(
    kernel,
    flow.store,
    {
      servers: config.servers,
      waitingPlaces: config.queueLimit ?? Number.POSITIVE_INFINITY,
      discipline: config.queueDiscipline,
      law: compileLaw(lawOf(config)),
      serviceTime: context.draw('serviceTime'),
    },
    owner,
  );
  const requests: Push = {
    meeting: 'push',
    offer(request, _isBatch, reply) {
      reply.accepted = 0;
      reply.refused = 0;
      reply.failed = 0;
      reply.latencyUs = 0;
      reply.retryAfterUs = 0;
      while (request.head !== NONE && pool.hasRoom) {
        const p = request.shift();
        reply.accepted += flow.store.units[p]!;
        flow.transfer(p, node);
        pool.arrive(p);
      }
      if (request.head === NONE) return;
      reply.refused = request.units;
      limit.refuse(kernel.nowUs, request.units);
      owner.refused(request.records);
    },
  };
  return {
    inputs: { requests },
    fault() {
      // A share that is no whole number of servers: one more, and all of them slower by what is too much.
      const share = config.servers * faults.capacityRatio;
      const open = Math.ceil(share - WHOLE_TOLERANCE);
      pool.adjust(open, open > 0 ? faults.latencyFactor * Math.max(1, open / share) : faults.latencyFactor);
    },
  };
};

function lawOf(config: Config): LawSpec {
  const mean = config.meanServiceTimeMs * MS;
  const cv = config.coefficientOfVariation;
  switch (config.serviceTimeLaw) {
    case 'empirical':
      return {
        kind: 'empirical',
        quantiles: config.serviceTimeQuantiles.map(({ p, valueMs }) => ({ p, value: valueMs * MS })),
      };
    case 'exponential':
    case 'deterministic':
      return { kind: config.serviceTimeLaw, mean };
    case 'lognormal':
    case 'gamma':
    case 'hyperexponential':
      return { kind: config.serviceTimeLaw, mean, cv };
  }
}

interface ServiceOwner extends ServerPoolOwner {
  refused(records: number): void;
}

/** Metrics, failures and departures of the pool. */
function serviceOwner(
  context: BehaviorContext<Config>,
  limit: ReturnType<BehaviorContext<Config>['limit']>,
): ServiceOwner {
  const { config, faults, flow, kernel } = context;
  const emitter = new Emitter(context, context.outputs('output'));
  const served = context.counter('RecordsServed');
  const refusedRecords = context.counter('RecordsRefused');
  const utilisation = context.gauge('Utilisation');
  const queueLength = context.gauge('QueueLength');
  const waiting = context.sample('WaitingTime');
  const response = context.sample('ResponseTime');
  const failure = context.draw('failure');
  let departures = 0;
  const refusing = new Episode(kernel, QUIET_US, {
    onBegan: () => context.log('warning', 'custom-service/refusing', { servers: config.servers }),
    onEnded: (refused) => context.log('info', 'custom-service/accepting', { refused }),
  });
  return {
    onStart(_parcel, waitedUs) {
      waiting.add(kernel.nowUs, waitedUs / MS);
    },
    onDeparture(parcel, responseUs) {
      const errorRatio = Math.max(faults.invocationErrorRatio, faults.recordErrorRatio);
      served.add(kernel.nowUs, flow.store.records[parcel]!);
      response.add(kernel.nowUs, responseUs / MS);
      departures += 1;
      const fails = errorRatio > 0 && failure.uniform(departures) < errorRatio;
      if (fails || flow.isPoison(parcel)) flow.drop(parcel, 'processing-failed');
      else emitter.forward(parcel);
    },
    onChange(busy, length) {
      utilisation.set(kernel.nowUs, (100 * busy) / config.servers);
      queueLength.set(kernel.nowUs, length);
      limit.set(kernel.nowUs, busy);
      limit.wait(kernel.nowUs, length);
    },
    refused(records) {
      refusedRecords.add(kernel.nowUs, records);
      refusing.mark(records);
    },
  };
}

/** A pool of servers with a queue; what is served leaves through the outputs. */
import type { Behavior, BehaviorContext, BehaviorFactory, FaultState } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { NONE, type ParcelList } from '#engine/flow/parcels.ts';
import type { Push, Reply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { compileLaw, type LawSpec, shapedLaw } from '#engine/kernel/laws.ts';
import { Emitter } from '#engine/stations/emitter.ts';
import { Episode } from '#engine/stations/episode.ts';
import { ServerPool, type ServerPoolOwner } from '#engine/stations/server-pool.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import type { CounterMetric, GaugeMetric, SampleMetric } from '#engine/stats/metrics.ts';
import type { Config } from './config.ts';

const MS = 1000;
/** Time without a refusal after which records count as taken again, microseconds. */
const QUIET_US = 60_000_000;
/** 10 servers times 0.7 are seven, whatever the last bit of a float says. */
const WHOLE_TOLERANCE = 1e-9;

export const build: BehaviorFactory<Config> = (context) => new Service(context);

/** The pool with its metrics, limit and failures. A class, so that what is done for each record needs no closure. */
class Service implements Behavior, Push, ServerPoolOwner {
  readonly meeting = 'push';
  readonly inputs: Readonly<Record<string, Push>> = { requests: this };
  private readonly config: Config;
  private readonly faults: FaultState;
  private readonly flow: Flow;
  private readonly kernel: Kernel;
  private readonly node: number;
  private readonly pool: ServerPool;
  private readonly emitter: Emitter;
  private readonly limit: LimitMeter;
  private readonly served: CounterMetric;
  private readonly refusedRecords: CounterMetric;
  private readonly utilisation: GaugeMetric;
  private readonly queueLength: GaugeMetric;
  private readonly waiting: SampleMetric;
  private readonly response: SampleMetric;
  private readonly failure: DrawStream;
  private readonly refusing: Episode;
  private departures = 0;
  private busy = 0;

  constructor(context: BehaviorContext<Config>) {
    const { config, flow, kernel } = context;
    this.config = config;
    this.faults = context.faults;
    this.flow = flow;
    this.kernel = kernel;
    this.node = context.node;
    this.limit = context.limit({
      id: 'servers',
      name: 'busy servers',
      unit: 'servers',
      kind: 'level',
      capacity: config.servers,
      source: 'config.servers',
      raisable: true,
    });
    this.emitter = new Emitter(context, context.outputs('output'));
    this.served = context.counter('RecordsServed');
    this.refusedRecords = context.counter('RecordsRefused');
    this.utilisation = context.gauge('Utilisation');
    this.queueLength = context.gauge('QueueLength');
    this.waiting = context.sample('WaitingTime');
    this.response = context.sample('ResponseTime');
    this.failure = context.draw('failure');
    this.refusing = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 'custom-service/refusing', { servers: config.servers }),
      onEnded: (refused) => context.log('info', 'custom-service/accepting', { refused }),
    });
    this.pool = new ServerPool(
      kernel,
      flow.store,
      {
        servers: config.servers,
        waitingPlaces: config.queueLimit ?? Number.POSITIVE_INFINITY,
        discipline: config.queueDiscipline,
        law: compileLaw(lawOf(config)),
        serviceTime: context.draw('serviceTime'),
      },
      this,
    );
  }

  takeOne(parcel: number): boolean {
    const { flow, pool, node } = this;
    if (!pool.hasRoom) return false;
    flow.transfer(parcel, node);
    pool.arrive(parcel);
    return true;
  }

  offer(request: ParcelList, _isBatch: boolean, reply: Reply): void {
    const { flow, pool, node } = this;
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
    if (request.head !== NONE) this.refuse(request, reply);
  }

  private refuse(request: ParcelList, reply: Reply): void {
    const { nowUs } = this.kernel;
    reply.refused = request.units;
    this.limit.refuse(nowUs, request.units);
    this.refusedRecords.add(nowUs, request.records);
    this.refusing.mark(request.records);
  }

  fault(): void {
    const { config, faults, pool } = this;
    // A share that is no whole number of servers: one more, and all of them slower by what is too much.
    const share = config.servers * faults.capacityRatio;
    const open = Math.ceil(share - WHOLE_TOLERANCE);
    pool.adjust(open, open > 0 ? faults.latencyFactor * Math.max(1, open / share) : faults.latencyFactor);
  }

  onStart(_parcel: number, waitedUs: number): void {
    this.waiting.add(this.kernel.nowUs, waitedUs / MS);
  }

  onDeparture(parcel: number, responseUs: number): void {
    const { flow } = this;
    const { nowUs } = this.kernel;
    this.served.add(nowUs, flow.store.records[parcel]!);
    this.response.add(nowUs, responseUs / MS);
    this.departures += 1;
    const errorRatio = Math.max(this.faults.invocationErrorRatio, this.faults.recordErrorRatio);
    if ((errorRatio > 0 && this.fails(errorRatio)) || flow.isPoison(parcel)) flow.drop(parcel, 'processing-failed');
    else this.emitter.forward(parcel);
  }

  private fails(errorRatio: number): boolean {
    return this.failure.uniform(this.departures) < errorRatio;
  }

  onChange(busy: number, length: number): void {
    const { nowUs } = this.kernel;
    if (busy !== this.busy) {
      this.busy = busy;
      this.utilisation.set(nowUs, (100 * busy) / this.config.servers);
      this.limit.set(nowUs, busy);
    }
    this.queueLength.set(nowUs, length);
    this.limit.wait(nowUs, length);
  }
}

function lawOf(config: Config): LawSpec {
  if (config.serviceTimeLaw !== 'empirical') {
    return shapedLaw(config.serviceTimeLaw, config.meanServiceTimeMs * MS, config.coefficientOfVariation);
  }
  return {
    kind: 'empirical',
    quantiles: config.serviceTimeQuantiles.map(({ p, valueMs }) => ({ p, value: valueMs * MS })),
  };
}

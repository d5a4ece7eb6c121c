/**
 * Requests of a second that are served together (fidelity `auto`), where the tasks have places to spare: none waits, none slows another
 * down, and each leaves its service time later. What the service shows of them is what it would show in the mean, and the most requests
 * at work at a time are drawn as they are among unlimited places: their number is a Poisson one, and it passes x upwards `rate x P(x)`
 * times a second, in clumps of 1 / (1 - mean / (x + 1)) (D. Aldous, Probability Approximations via the Poisson Clumping Heuristic, 1989),
 * and of at most the square root of mean + 1, near the mean: within 2 % of the mean of simulated maxima for 0.5 to 135 requests at work.
 * O(1) per second and workload, but for that draw: O(square root of the requests at work).
 */
import type { OutputBinding } from '#engine/behavior.ts';
import { FLAG_PACED } from '#engine/flow/parcels.ts';
import { logPoissonPmf } from '#engine/kernel/log-gamma.ts';
import { PRIORITY_DEPARTURE, PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import { CELL_US } from '#engine/stations/load-schedule.ts';
import type { ReplicaPool } from '#engine/stations/replica-pool.ts';
import { cellCounter } from '#engine/workload/arrivals.ts';
import type { ArrivalSource } from '#engine/workload/source.ts';
import type { ServiceParts } from './parts.ts';

/** Longest service, its mean and so many deviations, that is short against a second, microseconds. */
const LONGEST_US = 200_000;
const TAIL_DEVIATIONS = 4;
/**
 * All leave after the mean service time: how much services differ must not be seen behind the service. Records that go to a stream one by
 * one wait there for a read; deviation above which that shows, microseconds. Those that fill calls must wait for them at least so many
 * deviations.
 */
const LARGEST_DEVIATION_US = 10_000;
const HIDING_DEVIATIONS = 30;
/** Requests at work that need places: their mean and so many deviations and requests; those are passed once in 10^7 moments. */
const PLACE_DEVIATIONS = 5;
const SPARE_PLACES = 5;
/** The same for places where works do not slow each other down: passed once in some hundred moments, by little. */
const CORE_DEVIATIONS = 3;
const SPARE_WORKS = 1;
const MS_US = 1000;
/** Chances below this are none. */
const LEAST_CHANCE = 1e-15;
/** Services drawn for the response times of a second. */
const DRAWN = 32;

export class RequestRuns {
  /** Whether the service does nothing but serve its own workloads: nobody else takes places by surprise. */
  servesOnlyLoads = false;
  /** Requests at work in the mean, of this second. */
  busy = 0;
  private readonly parts: ServiceParts;
  private readonly pool: ReplicaPool;
  private readonly lane: number;
  private readonly isShort: boolean;
  private readonly meanUs: number;
  private readonly deviationUs: number;
  private readonly outputs: readonly OutputBinding[];
  private readonly peakDraw;
  private readonly onBook: number;
  private readonly onOver: number;
  private readonly responses = new Float64Array(DRAWN);
  private requests = 0;
  private cellEndUs = Number.NEGATIVE_INFINITY;

  constructor(parts: ServiceParts, pool: ReplicaPool) {
    const { context, emitter, replicas, times } = parts;
    this.parts = parts;
    this.pool = pool;
    this.lane = times.newLane();
    this.meanUs = times.meanUs * replicas.uncrowdedFactor;
    this.deviationUs = times.deviationUs * replicas.uncrowdedFactor;
    this.isShort =
      this.meanUs + TAIL_DEVIATIONS * this.deviationUs <= LONGEST_US &&
      emitter.takesCells(context.arrivals.length === 1 && isRandom(context.arrivals));
    this.outputs = context.outputs('output');
    this.peakDraw = context.draw('busyPeak');
    this.onBook = context.kernel.register(() => this.book());
    this.onOver = context.kernel.register(() => this.over());
  }

  /** Whether `count` requests of a workload that come within a second from now on find places without waiting, whatever their order. */
  admits(source: ArrivalSource, count: number): boolean {
    const { context, replicas } = this.parts;
    if (!this.isShort || !this.servesOnlyLoads || this.hasFault || this.pool.queueLength > 0) return false;
    const cell = Math.floor(context.kernel.nowUs / CELL_US);
    let requests = count;
    for (const other of context.arrivals) if (other !== source) requests += other.arrivals.meanCount(cell);
    if (!this.hidesDeviation(requests)) return false;
    const mean = (requests * this.meanUs) / CELL_US;
    const root = Math.sqrt(mean);
    const taken = this.pool.busy + mean;
    return (
      taken + PLACE_DEVIATIONS * root + SPARE_PLACES <= replicas.running * context.config.concurrency &&
      taken + CORE_DEVIATIONS * root + SPARE_WORKS <= replicas.running * replicas.uncrowdedWorks
    );
  }

  /** Serves requests that come over `spanUs` from `fromUs` on, and sends them on as they leave. */
  serve(source: ArrivalSource, entity: number, count: number, bytes: number, fromUs: number, spanUs: number): void {
    const { context, emitter, meters } = this.parts;
    const { flow, kernel, node } = context;
    const p = flow.createRun(node, source.load, entity, count, bytes, fromUs, spanUs);
    // Paced requests leave as evenly as they came only where all services are alike.
    if (source.arrivals.dispersion === 0 && this.deviationUs === 0) flow.store.flags[p]! |= FLAG_PACED;
    flow.store.a0[p]! += this.meanUs;
    meters.onServedTogether(count);
    this.drawResponses(count);
    this.requests += count;
    if (this.cellEndUs <= kernel.nowUs) {
      this.cellEndUs = (Math.floor(kernel.nowUs / CELL_US) + 1) * CELL_US;
      // When all workloads have handed on what they have for this second.
      kernel.at(kernel.nowUs, this.onBook, 0, 0, PRIORITY_SAMPLING);
      kernel.at(this.cellEndUs, this.onOver, 0, 0, PRIORITY_DEPARTURE);
    }
    emitter.sendCell(p);
  }

  /** A fault at work, or one that begins or ends before the last request of the second has left. */
  private get hasFault(): boolean {
    const { context } = this.parts;
    const { faults, kernel } = context;
    const { capacityRatio, invocationErrorRatio, latencyFactor, outage, recordErrorRatio } = faults;
    const isFree = !outage && capacityRatio === 1 && latencyFactor === 1;
    if (!isFree || invocationErrorRatio > 0 || recordErrorRatio > 0) return true;
    return context.isSteady?.(kernel.nowUs, kernel.nowUs + CELL_US + LONGEST_US) === false;
  }

  /** Whether what happens to records behind the service leaves nothing to be seen of how much services differ. */
  private hidesDeviation(requestsPerSecond: number): boolean {
    if (this.deviationUs === 0) return true;
    const { desiredCount } = this.parts.context.config;
    for (const { emit, outlets } of this.outputs) {
      const callRecords = emit.batchSize * emit.recordsPerMessage;
      if (callRecords === 1) {
        if (this.deviationUs > LARGEST_DEVIATION_US || !outlets.every((outlet) => outlet.takesCells)) return false;
        continue;
      }
      const fillUs = (callRecords * desiredCount * CELL_US) / requestsPerSecond;
      if (Math.min(emit.lingerMs * MS_US, fillUs) < HIDING_DEVIATIONS * this.deviationUs) return false;
    }
    return true;
  }

  private drawResponses(count: number): void {
    const { meters, replicas, times } = this.parts;
    const { responses } = this;
    const drawn = Math.min(count, this.deviationUs === 0 ? 1 : DRAWN);
    times.sampleEachUs(this.lane, responses, drawn);
    for (let i = 0; i < drawn; i++) responses[i]! *= replicas.uncrowdedFactor;
    meters.onResponses(responses, drawn, count / drawn);
  }

  /** Shows the requests at work: for a moment the most of this second, then the mean. */
  private book(): void {
    const mean = (this.requests * this.meanUs) / CELL_US;
    this.show(this.peakOf(mean));
    this.show(mean);
  }

  private over(): void {
    this.requests = 0;
    this.show(0);
  }

  private show(busy: number): void {
    const { meters, replicas } = this.parts;
    this.busy = busy;
    replicas.computeTogether(busy);
    meters.onRequests(this.pool.busy + busy, this.pool.queueLength);
  }

  /** The most requests at work at a moment of this second. */
  private peakOf(mean: number): number {
    const { arrivals, kernel } = this.parts.context;
    if (this.deviationUs === 0 && arrivals.every((source) => source.arrivals.dispersion === 0)) return Math.ceil(mean);
    // It stays at or below x if it begins there and none of the clumps of crossings from x to x + 1 comes.
    const u = this.peakDraw.uniform(cellCounter(Math.floor(kernel.nowUs / CELL_US)));
    let x = Math.floor(mean);
    let chance = Math.exp(logPoissonPmf(x, mean));
    const nearMean = 1 / Math.sqrt(mean + 1);
    let until = 0;
    for (let k = x, below = chance; k >= 0 && below > LEAST_CHANCE; k--) {
      until += below;
      below *= k / mean;
    }
    while (
      chance > LEAST_CHANCE &&
      until * Math.exp(-this.requests * chance * Math.max(1 - mean / (x + 1), nearMean)) < u
    ) {
      x += 1;
      chance *= mean / x;
      until += chance;
    }
    return x;
  }
}

/** Paced loads are shared by the tasks: neither random nor paced places tell when their records come to one. */
function isRandom(arrivals: readonly ArrivalSource[]): boolean {
  return arrivals.every((source) => source.arrivals.dispersion === 1);
}

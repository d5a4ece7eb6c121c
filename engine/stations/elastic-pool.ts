/**
 * A pool whose servers come and go: created on demand, kept warm while idle, reused newest idle first.
 *
 * A request takes a provisioned server if one is idle, else the warm server that went idle last, else a new one. Servers
 * idle for longer than their keep-alive, or older than their lifetime, are gone: they are discarded when they come up for
 * reuse, which is exact because a discarded server could not have been chosen, and costs no event. New servers need a
 * creation token. Busy servers never exceed min(capacity, live + tokens).
 * Guarantees: O(1) amortised per request, typed arrays that double, no allocation per event. The pool holds no time of
 * service: its owner acquires, waits and releases.
 */
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { PoolCapacity } from './elastic-pool-capacity.ts';
import { TokenBucket } from './token-bucket.ts';

/** Refused: as many servers as allowed are busy. */
export const REFUSED_CAPACITY = -1;
/** Refused: too many requests in this second. */
export const REFUSED_RATE = -2;
/** Refused: servers cannot be created this fast. */
export const REFUSED_CREATION = -3;

/** The server was idle and initialised. */
export const START_WARM = 0;
/** The server was created for this request. */
export const START_COLD = 1;
/** The server was reset after a failure: it stands but must be initialised again. */
export const START_RESET = 2;

export type StartKind = typeof START_WARM | typeof START_COLD | typeof START_RESET;

export interface ElasticPoolOptions {
  /** Servers created on demand that may be busy at once; may be shared with other pools. */
  readonly capacity: PoolCapacity;
  /** Servers that exist from the start, never expire and count outside `capacity`; >= 0. */
  readonly provisioned: number;
  /** Requests a second that a provisioned server takes; above it requests spill to the others. */
  readonly provisionedRequestsPerServer: number;
  /** Creation tokens: most that are kept, and how fast they come. */
  readonly creationBurst: number;
  readonly creationsPerSecond: number;
  /** How long an idle server is kept, uniform between the two, microseconds. */
  readonly keepAliveMinUs: number;
  readonly keepAliveMaxUs: number;
  /** How long a server lives at most, uniform between the two, microseconds. */
  readonly lifetimeMinUs: number;
  readonly lifetimeMaxUs: number;
  /** Draws by ordinal of the request that ended, and of the one that created the server. */
  readonly keepAlive: DrawStream;
  readonly lifetime: DrawStream;
  readonly startUs: number;
}

const IS_PROVISIONED = 1;
const NEEDS_INIT = 2;
const FIRST_CAPACITY = 64;

export class ElasticPool {
  private readonly options: ElasticPoolOptions;
  private readonly creation: TokenBucket;
  private readonly provisionedRequests: TokenBucket;
  private endsUs = new Float64Array(FIRST_CAPACITY);
  private idleUntilUs = new Float64Array(FIRST_CAPACITY);
  private flags = new Uint8Array(FIRST_CAPACITY);
  /** On-demand servers, oldest idle first. */
  private idle = new Int32Array(FIRST_CAPACITY);
  private idleLength = 0;
  private provisionedIdle: Int32Array;
  private provisionedIdleLength: number;
  private free = new Int32Array(FIRST_CAPACITY);
  private freeLength = 0;
  private top = 0;
  private busyOnDemand = 0;
  private capacityRatio = 1;
  private lastKind: StartKind = START_WARM;

  constructor(options: ElasticPoolOptions) {
    const { provisioned, provisionedRequestsPerServer, startUs } = options;
    this.options = options;
    this.creation = new TokenBucket(options.creationBurst, options.creationsPerSecond, startUs);
    const perSecond = provisioned * provisionedRequestsPerServer;
    this.provisionedRequests = new TokenBucket(perSecond, perSecond, startUs);
    this.provisionedIdle = new Int32Array(Math.max(1, provisioned));
    this.provisionedIdleLength = provisioned;
    for (let i = provisioned - 1; i >= 0; i--) {
      const server = this.newServer();
      this.flags[server] = IS_PROVISIONED;
      this.provisionedIdle[i] = server;
    }
  }

  /** Busy servers, provisioned ones included. */
  get busy(): number {
    return this.busyOnDemand + this.busyProvisioned;
  }

  get busyProvisioned(): number {
    return this.options.provisioned - this.provisionedIdleLength;
  }

  /** How the server of the last successful `acquire` begins. */
  get startKind(): StartKind {
    return this.lastKind;
  }

  isProvisioned(server: number): boolean {
    return (this.flags[server] & IS_PROVISIONED) !== 0;
  }

  /** Creation tokens used up: 0 when a whole burst of servers could be created. */
  creationTokensUsed(nowUs: number): number {
    return this.options.creationBurst - this.creation.available(nowUs);
  }

  /** Share of the capacity left to this pool, 0..1; servers at work finish first. */
  limitTo(ratio: number): void {
    this.capacityRatio = ratio;
  }

  /**
   * Takes a server for a request and returns its handle, or REFUSED_CAPACITY, REFUSED_RATE, REFUSED_CREATION.
   * `ordinal`: number of the request, keys the lifetime of a new server. `isMetered`: whether request rates apply.
   */
  acquire(nowUs: number, ordinal: number, isMetered: boolean): number {
    const { capacity } = this.options;
    if (this.capacityRatio < 1 && this.busy >= this.reducedCapacity()) return REFUSED_CAPACITY;
    if (this.provisionedIdleLength > 0 && (!isMetered || this.provisionedRequests.take(1, nowUs))) {
      return this.takeProvisioned();
    }
    if (capacity.busy >= capacity.total) return REFUSED_CAPACITY;
    if (isMetered && capacity.requests.available(nowUs) < 1) return REFUSED_RATE;
    const server = this.takeWarm(nowUs);
    const taken = server >= 0 ? server : this.create(nowUs, ordinal);
    if (taken < 0) return REFUSED_CREATION;
    if (isMetered) capacity.requests.take(1, nowUs);
    capacity.busy += 1;
    this.busyOnDemand += 1;
    return taken;
  }

  /**
   * Gives a server back. `ordinal`: number of the request that ended, keys the keep-alive. `reset`: it must be initialised
   * before it works again.
   */
  release(nowUs: number, server: number, ordinal: number, reset: boolean): void {
    const { options } = this;
    if (reset) this.flags[server] |= NEEDS_INIT;
    if (this.isProvisioned(server)) {
      this.provisionedIdle[this.provisionedIdleLength] = server;
      this.provisionedIdleLength += 1;
      return;
    }
    this.busyOnDemand -= 1;
    options.capacity.busy -= 1;
    if (this.endsUs[server] <= nowUs) {
      this.discard(server);
      return;
    }
    const span = options.keepAliveMaxUs - options.keepAliveMinUs;
    const keepUs = options.keepAliveMinUs + (span > 0 ? span * options.keepAlive.uniform(ordinal) : 0);
    this.idleUntilUs[server] = Math.min(nowUs + keepUs, this.endsUs[server]);
    if (this.idleLength === this.idle.length) this.idle = doubled(this.idle);
    this.idle[this.idleLength] = server;
    this.idleLength += 1;
  }

  /** Servers that are up: busy, provisioned, and idle ones not yet expired. O(idle). */
  countLive(nowUs: number): number {
    let kept = 0;
    for (let i = 0; i < this.idleLength; i++) {
      const server = this.idle[i];
      if (this.idleUntilUs[server] <= nowUs) this.discard(server);
      else this.idle[kept++] = server;
    }
    this.idleLength = kept;
    return kept + this.busyOnDemand + this.options.provisioned;
  }

  private reducedCapacity(): number {
    return Math.floor((this.options.capacity.total + this.options.provisioned) * this.capacityRatio);
  }

  private takeProvisioned(): number {
    this.provisionedIdleLength -= 1;
    const server = this.provisionedIdle[this.provisionedIdleLength];
    this.lastKind = this.initialised(server);
    return server;
  }

  /** The warm server that went idle last; -1 when there is none. */
  private takeWarm(nowUs: number): number {
    while (this.idleLength > 0) {
      this.idleLength -= 1;
      const server = this.idle[this.idleLength];
      if (this.idleUntilUs[server] > nowUs) {
        this.lastKind = this.initialised(server);
        return server;
      }
      this.discard(server);
    }
    return -1;
  }

  private initialised(server: number): StartKind {
    if ((this.flags[server] & NEEDS_INIT) === 0) return START_WARM;
    this.flags[server] &= ~NEEDS_INIT;
    return START_RESET;
  }

  private create(nowUs: number, ordinal: number): number {
    const { options } = this;
    if (!this.creation.take(1, nowUs)) return -1;
    const server = this.newServer();
    const span = options.lifetimeMaxUs - options.lifetimeMinUs;
    this.endsUs[server] = nowUs + options.lifetimeMinUs + (span > 0 ? span * options.lifetime.uniform(ordinal) : 0);
    this.lastKind = START_COLD;
    return server;
  }

  private discard(server: number): void {
    if (this.freeLength === this.free.length) this.free = doubled(this.free);
    this.free[this.freeLength] = server;
    this.freeLength += 1;
  }

  private newServer(): number {
    let server: number;
    if (this.freeLength > 0) {
      this.freeLength -= 1;
      server = this.free[this.freeLength];
    } else {
      server = this.top;
      this.top += 1;
      if (server === this.endsUs.length) this.grow();
    }
    this.flags[server] = 0;
    return server;
  }

  private grow(): void {
    const size = this.endsUs.length * 2;
    const endsUs = new Float64Array(size);
    endsUs.set(this.endsUs);
    this.endsUs = endsUs;
    const idleUntilUs = new Float64Array(size);
    idleUntilUs.set(this.idleUntilUs);
    this.idleUntilUs = idleUntilUs;
    const flags = new Uint8Array(size);
    flags.set(this.flags);
    this.flags = flags;
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}

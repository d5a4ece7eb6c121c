/**
 * A fixed number of parallel servers with a waiting room (Kendall: G/G/c/K, first or last come first served).
 *
 * Exact: one kernel event per end of service. Service time number n of the station is a pure function of n, the ordinal of
 * the start of service, so that variants of a design see the same service times. O(1) per record, no allocation.
 */
import { NONE, ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { fillDraws, type Law } from '#engine/kernel/laws.ts';
import { PRIORITY_DEPARTURE } from '#engine/kernel/priorities.ts';

/** What a pool tells its owner. */
export interface ServerPoolOwner {
  /** Service has begun after `waitedUs`. */
  onStart(parcel: number, waitedUs: number): void;
  /** Service has ended; the parcel is the owner's again. */
  onDeparture(parcel: number, responseUs: number): void;
  /** Busy servers or the queue have changed. */
  onChange(busy: number, queueLength: number): void;
}

export interface ServerPoolOptions {
  /** Servers, >= 1. */
  readonly servers: number;
  /** Places for waiting records; Infinity for no limit. */
  readonly waitingPlaces: number;
  readonly discipline: 'fifo' | 'lifo';
  /** Service time in microseconds. */
  readonly law: Law;
  readonly serviceTime: DrawStream;
}

/** Service times drawn at once: in a tight loop a draw costs half. */
const DRAWN = 32;

export class ServerPool {
  private readonly kernel: Kernel;
  private readonly store: ParcelStore;
  private readonly waitingPlaces: number;
  private readonly isFifo: boolean;
  private readonly law: Law;
  private readonly serviceTime: DrawStream;
  private readonly owner: ServerPoolOwner;
  private readonly queue: ParcelList;
  private readonly onEnd: number;
  private busyServers = 0;
  private openServers: number;
  /** Service times drawn ahead, and the ordinal of the first that is not drawn. */
  private readonly drawnUs = new Float64Array(DRAWN);
  private nextDrawn = DRAWN;
  private started = 0;
  private timeFactor = 1;

  constructor(kernel: Kernel, store: ParcelStore, options: ServerPoolOptions, owner: ServerPoolOwner) {
    this.kernel = kernel;
    this.store = store;
    this.waitingPlaces = options.waitingPlaces;
    this.isFifo = options.discipline === 'fifo';
    this.law = options.law;
    this.serviceTime = options.serviceTime;
    this.owner = owner;
    this.queue = new ParcelList(store);
    this.openServers = options.servers;
    this.onEnd = kernel.register((parcel) => this.departed(parcel));
  }

  get busy(): number {
    return this.busyServers;
  }

  get queueLength(): number {
    return this.queue.length;
  }

  /** Whether one more record would be taken now. */
  get hasRoom(): boolean {
    return this.busyServers < this.openServers || this.queue.length < this.waitingPlaces;
  }

  /** Takes a record: it is served at once or waits. The caller has checked `hasRoom`. */
  arrive(parcel: number): void {
    this.store.a0[parcel] = this.kernel.nowUs;
    if (this.busyServers < this.openServers) this.startService(parcel);
    else if (this.isFifo) this.queue.push(parcel);
    else this.queue.pushFront(parcel);
    this.owner.onChange(this.busyServers, this.queue.length);
  }

  /** Changes the number of open servers (>= 0; those at work finish first) and the factor on new service times. */
  adjust(servers: number, timeFactor: number): void {
    this.openServers = servers;
    this.timeFactor = timeFactor;
    this.startWaiting();
    this.owner.onChange(this.busyServers, this.queue.length);
  }

  private startService(parcel: number): void {
    const { kernel } = this;
    const { nowUs } = kernel;
    this.busyServers += 1;
    if (this.nextDrawn === DRAWN) this.drawTimes();
    const serviceUs = this.drawnUs[this.nextDrawn]! * this.timeFactor;
    this.nextDrawn += 1;
    this.owner.onStart(parcel, nowUs - this.store.a0[parcel]!);
    kernel.post(nowUs + serviceUs, this.onEnd, parcel, 0, PRIORITY_DEPARTURE);
  }

  /** Draws the times of the next services: each is a function of its ordinal alone, whenever it is drawn. */
  private drawTimes(): void {
    const { law, serviceTime, drawnUs, started } = this;
    fillDraws(law, serviceTime, started, drawnUs);
    this.started = started + DRAWN;
    this.nextDrawn = 0;
  }

  private startWaiting(): void {
    while (this.busyServers < this.openServers && this.queue.head !== NONE) this.startService(this.queue.shift());
  }

  private departed(parcel: number): void {
    this.busyServers -= 1;
    this.startWaiting();
    this.owner.onChange(this.busyServers, this.queue.length);
    this.owner.onDeparture(parcel, this.kernel.nowUs - this.store.a0[parcel]!);
  }
}

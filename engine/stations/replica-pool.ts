/**
 * Requests served by replicas: each takes so many at a time, a new one goes to the replica with the fewest, and what finds no place
 * waits in one queue, first come first served.
 *
 * Exact: one kernel event per end of service. Service number n is a function of n alone. O(1) per request, no allocation per request.
 * With one replica, or any number of them that do not share cores with other works, this is G/G/c/K with c = replicas x places.
 */
import { NONE, ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_DEPARTURE } from '#engine/kernel/priorities.ts';
import type { Replicas } from './replicas.ts';

export interface ReplicaPoolOwner {
  /** Time the next service takes alone on a core, microseconds. */
  serviceUs(parcel: number): number;
  /** Service has begun after `waitedUs`. */
  onStart(parcel: number, waitedUs: number): void;
  /** Service has ended; the parcel is the owner's again. */
  onDeparture(parcel: number, responseUs: number): void;
  /** The replica is gone, and with it what it worked on; the parcel is the owner's again. */
  onLost(parcel: number): void;
  /** Requests in service or waiting have changed. */
  onChange(): void;
}

export interface ReplicaPoolOptions {
  /** Requests that one replica works on at a time, >= 1. */
  readonly places: number;
  /** Waiting requests of all replicas together; Infinity for no limit. */
  readonly waitingPlaces: number;
}

export class ReplicaPool {
  private readonly kernel: Kernel;
  private readonly store: ParcelStore;
  private readonly replicas: Replicas;
  private readonly options: ReplicaPoolOptions;
  private readonly owner: ReplicaPoolOwner;
  private readonly queue: ParcelList;
  private readonly onEnd: number;
  /** By slot: the request in service. Slots of a replica are linked. */
  private readonly parcel: number[] = [];
  private readonly slotReplica: number[] = [];
  private readonly slotCores: number[] = [];
  private readonly slotEvent: number[] = [];
  private readonly nextSlot: number[] = [];
  private readonly previousSlot: number[] = [];
  private readonly freeSlots: number[] = [];
  /** By replica: its first slot, its requests, and its neighbours among the open replicas with as many. */
  private readonly firstSlot: number[] = [];
  private readonly requests: number[] = [];
  private readonly nextAlike: number[] = [];
  private readonly previousAlike: number[] = [];
  private readonly isOpen: boolean[] = [];
  /** By number of requests: the first open replica. */
  private readonly alike: Int32Array;
  private least = 0;
  private busyCount = 0;

  constructor(
    kernel: Kernel,
    store: ParcelStore,
    replicas: Replicas,
    options: ReplicaPoolOptions,
    owner: ReplicaPoolOwner,
  ) {
    this.kernel = kernel;
    this.store = store;
    this.replicas = replicas;
    this.options = options;
    this.owner = owner;
    this.queue = new ParcelList(store);
    this.alike = new Int32Array(options.places + 1).fill(NONE);
    this.onEnd = kernel.register((slot) => this.departed(slot));
  }

  /** Requests in service. */
  get busy(): number {
    return this.busyCount;
  }

  /** Records that wait. */
  get queueLength(): number {
    return this.queue.length;
  }

  /** Whether one more request would be taken now: none is while no replica is up. */
  get hasRoom(): boolean {
    if (this.replicas.running === 0) return false;
    return this.findLeast() < this.options.places || this.queue.length < this.options.waitingPlaces;
  }

  /** Takes a request: it is served at once or waits. The caller has checked `hasRoom`. */
  arrive(parcel: number): void {
    this.store.a0[parcel] = this.kernel.nowUs;
    if (this.findLeast() < this.options.places) this.startService(parcel);
    else this.queue.push(parcel);
    this.owner.onChange();
  }

  /** A replica is up. */
  open(replica: number): void {
    this.firstSlot[replica] = NONE;
    this.requests[replica] = 0;
    this.isOpen[replica] = true;
    this.enter(replica);
    this.startWaiting();
    this.owner.onChange();
  }

  /** A replica takes no more requests. */
  close(replica: number): void {
    if (this.isOpen[replica] !== true) return;
    this.leave(replica);
    this.isOpen[replica] = false;
  }

  /** A replica is gone: what it worked on goes back to the owner. */
  lose(replica: number): void {
    this.close(replica);
    const lost: number[] = [];
    for (let slot = this.firstSlot[replica] ?? NONE; slot !== NONE; slot = this.nextSlot[slot]) {
      this.kernel.cancel(this.slotEvent[slot]);
      lost.push(this.parcel[slot]);
      this.freeSlots.push(slot);
    }
    this.firstSlot[replica] = NONE;
    this.busyCount -= lost.length;
    for (const parcel of lost) this.owner.onLost(parcel);
    this.owner.onChange();
  }

  private startService(parcel: number): void {
    const { kernel, replicas } = this;
    const { nowUs } = kernel;
    const replica = this.alike[this.findLeast()];
    const slot = this.freeSlots.pop() ?? this.parcel.length;
    this.busyCount++;
    this.parcel[slot] = parcel;
    this.slotReplica[slot] = replica;
    const first = this.firstSlot[replica];
    this.nextSlot[slot] = first;
    this.previousSlot[slot] = NONE;
    if (first !== NONE) this.previousSlot[first] = slot;
    this.firstSlot[replica] = slot;
    this.leave(replica);
    this.requests[replica]++;
    this.enter(replica);
    replicas.beginWork(replica);
    this.owner.onStart(parcel, nowUs - this.store.a0[parcel]);
    const serviceUs = replicas.compute(replica, this.owner.serviceUs(parcel));
    this.slotCores[slot] = replicas.coresTaken;
    this.slotEvent[slot] = kernel.at(nowUs + serviceUs, this.onEnd, slot, 0, PRIORITY_DEPARTURE);
  }

  private departed(slot: number): void {
    const { replicas } = this;
    const replica = this.slotReplica[slot];
    const parcel = this.parcel[slot];
    this.unlink(slot, replica);
    this.freeSlots.push(slot);
    this.busyCount--;
    replicas.endCompute(replica, this.slotCores[slot]);
    replicas.endWork(replica);
    if (this.isOpen[replica]) {
      this.leave(replica);
      this.requests[replica]--;
      this.enter(replica);
      this.startWaiting();
    }
    this.owner.onChange();
    this.owner.onDeparture(parcel, this.kernel.nowUs - this.store.a0[parcel]);
  }

  private startWaiting(): void {
    while (this.queue.head !== NONE && this.findLeast() < this.options.places) this.startService(this.queue.shift());
  }

  private unlink(slot: number, replica: number): void {
    const next = this.nextSlot[slot];
    const previous = this.previousSlot[slot];
    if (next !== NONE) this.previousSlot[next] = previous;
    if (previous !== NONE) this.nextSlot[previous] = next;
    else this.firstSlot[replica] = next;
  }

  /** Fewest requests of an open replica; `places` when none has room. Amortised O(1): it moves as far as requests moved it. */
  private findLeast(): number {
    const { places } = this.options;
    while (this.least < places && this.alike[this.least] === NONE) this.least++;
    return this.least;
  }

  private enter(replica: number): void {
    const level = this.requests[replica];
    const first = this.alike[level];
    this.nextAlike[replica] = first;
    this.previousAlike[replica] = NONE;
    if (first !== NONE) this.previousAlike[first] = replica;
    this.alike[level] = replica;
    if (level < this.least) this.least = level;
  }

  private leave(replica: number): void {
    const next = this.nextAlike[replica];
    const previous = this.previousAlike[replica];
    if (next !== NONE) this.previousAlike[next] = previous;
    if (previous !== NONE) this.nextAlike[previous] = next;
    else this.alike[this.requests[replica]] = next;
  }
}

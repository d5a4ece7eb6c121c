/**
 * Hands each parcel to every subscription: a copy for each, the parcel itself for the last.
 *
 * Subscriptions are independent: each has its filter, its retries, and its place for what it could not deliver. A delivery
 * that is refused or fails is repeated by itself, so a slow subscription holds up nobody, and order is not kept. Nothing is
 * held but what waits for a retry: one pending event each. O(subscriptions) per parcel, O(phases) per retry.
 */
import type { Outlet } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { newReply } from '#engine/flow/ports.ts';
import { invariant } from '#engine/kernel/invariant.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import type { RetryPhases } from './retry-phases.ts';
import type { SenderEnvironment } from './sender.ts';

export interface Subscription {
  /** Names its draws; different for each. */
  readonly id: string;
  readonly outlet: Outlet;
  /** Share of parcels that its filter lets pass, 0..1, drawn by their identity, so that a duplicate passes if its original did; of a run by number. */
  readonly passRatio: number;
  readonly retries: RetryPhases;
  /** Retries after a refusal by a limit of the target, where they differ. */
  readonly retriesWhenRefused?: RetryPhases;
  /** Bytes of framing around a parcel that is delivered here; none when left out. */
  readonly overheadBytes?: number;
  /** Takes what was given up; without one it is lost. */
  readonly deadLetters: Outlet | undefined;
}

/** Told what became of each copy. `subscription`: its index; `units`: of the hop, mostly 1. */
export interface FanOutListener {
  onFiltered(subscription: number, units: number): void;
  /** `takenUs`: from `publish` to the attempt that succeeded, microseconds. */
  onDelivered(subscription: number, units: number, bytes: number, takenUs: number): void;
  /** An attempt was refused or failed, and another will follow. */
  onFailedAttempt?(subscription: number, units: number): void;
  /** All attempts have failed; followed by one of the next two. */
  onGivenUp(subscription: number, units: number): void;
  onDeadLettered(subscription: number, units: number): void;
  onLost(subscription: number, units: number): void;
}

/** Salt of the draws for the messages of a run that a filter lets pass: of the first subscription. */
const FILTERING = 16;
/** In place of the number of the next retry: there is none. */
const NO_RETRY = -1;

export class FanOut {
  private readonly env: SenderEnvironment;
  private readonly subscriptions: readonly Subscription[];
  private readonly listener: FanOutListener;
  private readonly filterDraws: readonly DrawStream[];
  private readonly retryDraws: readonly DrawStream[];
  private readonly request: ParcelList;
  private readonly frame: ParcelList;
  private readonly singles: ParcelList;
  private readonly reply = newReply();
  private readonly onDue: number;
  private held = 0;

  constructor(env: SenderEnvironment, subscriptions: readonly Subscription[], listener: FanOutListener) {
    for (const { passRatio } of subscriptions) {
      invariant(passRatio >= 0 && passRatio <= 1, `a filter passes a share of 0..1, got ${passRatio}`);
    }
    this.env = env;
    this.subscriptions = subscriptions;
    this.listener = listener;
    this.filterDraws = subscriptions.map(({ id }) => env.draw(`filter:${id}`));
    this.retryDraws = subscriptions.map(({ id }) => env.draw(`deliveryRetry:${id}`));
    this.request = new ParcelList(env.flow.store);
    this.frame = new ParcelList(env.flow.store);
    this.singles = new ParcelList(env.flow.store);
    this.onDue = env.kernel.register((parcel, subscription) => this.due(parcel, subscription));
  }

  /** Records in copies that wait for a retry or for the answer to their last attempt. */
  get heldRecords(): number {
    return this.held;
  }

  /** Hands on a parcel that belongs to this node; it is gone afterwards. Without subscriptions it is lost. */
  publish(p: number): void {
    const { subscriptions, env } = this;
    const { flow } = env;
    flow.store.a0[p] = env.kernel.nowUs;
    flow.store.span[p] = 0;
    const last = subscriptions.length - 1;
    if (last < 0) flow.drop(p, 'no-subscription');
    for (let i = 0; i <= last; i++) {
      const passing = this.pass(i < last ? flow.copy(p) : p, i);
      if (passing !== NONE) this.hand(passing, i);
    }
  }

  /** What the filter of a subscription lets pass, NONE without; the rest has left the flow. */
  private pass(p: number, subscription: number): number {
    const { runs, store } = this.env.flow;
    const { passRatio } = this.subscriptions[subscription]!;
    if (passRatio === 1) return p;
    const units = store.units[p]!;
    let passing = 0;
    if (runs.isRun(p)) passing = runs.thin(p, passRatio, FILTERING + subscription);
    else if (this.filterDraws[subscription]!.uniform(store.entity[p]!) < passRatio) passing = units;
    if (passing === units) return p;
    const q = passing > 0 ? runs.part(p, passing) : NONE;
    this.listener.onFiltered(subscription, units - passing);
    this.env.flow.filter(p);
    return q;
  }

  /** First attempt. A run whose messages are framed, or whose target does not take runs now, goes message by message. */
  private hand(p: number, subscription: number): void {
    const { outlet, overheadBytes = 0 } = this.subscriptions[subscription]!;
    const { runs } = this.env.flow;
    const { singles } = this;
    if (!runs.isRun(p)) this.attempt(this.framed(p, overheadBytes), subscription, 0);
    else if (overheadBytes === 0 && outlet.takesRuns?.() === true) this.attemptRun(p, subscription);
    else {
      runs.scatter(p, singles);
      for (let q = singles.shift(); q !== NONE; q = singles.shift()) {
        this.attempt(this.framed(q, overheadBytes), subscription, 0);
      }
    }
  }

  /** The message as it is delivered: a record in its frame. */
  private framed(p: number, overheadBytes: number): number {
    const { flow } = this.env;
    const { store } = flow;
    if (overheadBytes === 0 || store.units[p]! > 1) return p;
    if (store.child[p] !== NONE) {
      store.bytes[p]! += overheadBytes;
      return p;
    }
    this.frame.push(p);
    return flow.pack(this.frame, overheadBytes);
  }

  /** Delivers now; `retry` is 0 for the first attempt. */
  private attempt(p: number, subscription: number, retry: number): void {
    const { kernel, flow } = this.env;
    const { store } = flow;
    const { outlet } = this.subscriptions[subscription]!;
    const units = store.units[p]!;
    const bytes = store.bytes[p]!;
    const takenUs = kernel.nowUs - store.a0[p]!;
    if (this.offer(p, outlet, retry > 0)) {
      this.listener.onDelivered(subscription, units, bytes, takenUs);
      return;
    }
    this.repeat(p, subscription, retry);
  }

  /** First attempt of the messages of a run, one delivery for each; what is not taken of it goes on message by message. */
  private attemptRun(p: number, subscription: number): void {
    const { request, singles } = this;
    const { runs, store } = this.env.flow;
    const units = store.units[p]!;
    const meanBytes = store.bytes[p]! / units;
    request.push(p);
    this.subscriptions[subscription]!.outlet.offer(request, false, this.reply, false);
    const taken = units - request.units;
    if (taken > 0) this.listener.onDelivered(subscription, taken, taken * meanBytes, 0);
    for (let q = request.shift(); q !== NONE; q = request.shift()) {
      if (runs.isRun(q)) runs.scatter(q, singles);
      else singles.push(q);
    }
    for (let q = singles.shift(); q !== NONE; q = singles.shift()) this.repeat(q, subscription, 0);
  }

  /** An attempt was refused or failed: the next one, or the end, is set. */
  private repeat(p: number, subscription: number, retry: number): void {
    const { kernel, flow } = this.env;
    const { store } = flow;
    const { retries, retriesWhenRefused } = this.subscriptions[subscription]!;
    const units = store.units[p]!;
    const phases = this.reply.refused > 0 ? (retriesWhenRefused ?? retries) : retries;
    const waitUs = phases.jitteredUs(retry + 1, this.retryDraws[subscription]!, store.entity[p]!);
    store.attempts[p] = waitUs < 0 ? NO_RETRY : retry + 1;
    if (waitUs >= 0) this.listener.onFailedAttempt?.(subscription, units);
    this.held += store.records[p]!;
    kernel.after(Math.max(1, this.reply.latencyUs + Math.max(0, waitUs)), this.onDue, p, subscription, PRIORITY_TIMER);
  }

  private due(p: number, subscription: number): void {
    const { store } = this.env.flow;
    const retry = store.attempts[p]!;
    // Whoever takes it counts attempts of its own.
    store.attempts[p] = 0;
    this.held -= store.records[p]!;
    if (retry === NO_RETRY) this.giveUp(p, subscription);
    else this.attempt(p, subscription, retry);
    this.env.onHeldChange?.();
  }

  private giveUp(p: number, subscription: number): void {
    const { flow } = this.env;
    const { outlet, deadLetters } = this.subscriptions[subscription]!;
    const units = flow.store.units[p]!;
    this.listener.onGivenUp(subscription, units);
    if (deadLetters !== undefined && this.offer(p, deadLetters, false)) {
      this.listener.onDeadLettered(subscription, units);
      return;
    }
    (deadLetters ?? outlet).countDropped(flow.store.records[p]!);
    flow.drop(p, deadLetters === undefined ? 'retries-exhausted' : 'dead-letter-refused');
    this.listener.onLost(subscription, units);
  }

  /** True when the parcel was taken. */
  private offer(p: number, outlet: Outlet, isRetry: boolean): boolean {
    const { request } = this;
    request.push(p);
    outlet.offer(request, false, this.reply, isRetry);
    return request.shift() !== p;
  }
}

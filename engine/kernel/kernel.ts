import { EventQueue } from './event-queue.ts';
import { fail } from './invariant.ts';

/** What an event does: `a` and `b` are the numbers it was scheduled with (indices, counts, times). */
export type EventHandler = (a: number, b: number) => void;

/** How a run ended: `complete` reached `untilUs`; `cancelled` was stopped by `onSlice` and may be continued by another `run`. */
export interface RunOutcome {
  readonly kind: 'complete' | 'cancelled';
  /** Simulation time reached, microseconds. */
  readonly nowUs: number;
  /** Events processed by this call. */
  readonly events: number;
}

/** Events between two calls of `onSlice`. */
const SLICE_EVENTS = 16_384;

/** Slices without any progress of the clock after which a model is taken to run in a circle: 4 million events at one instant. */
const STANDING_SLICES = 250;

/**
 * Simulation clock and event loop. Time is a whole number of microseconds in a float64 (exact to 2^53 us = 285 years).
 * Events at one time run by priority (priorities.ts), then in insertion order; an event scheduled for the present instant
 * while that instant is being processed runs in it, after the one that scheduled it.
 * Handlers are registered once, when the model is built, and named by number afterwards: no closure per event.
 */
export class Kernel {
  /** Simulation time, microseconds. */
  nowUs: number;
  /** Events processed since construction. */
  eventCount = 0;
  private readonly queue = new EventQueue();
  private readonly handlers: EventHandler[] = [];

  /** `startUs`: time of the clock before the first event, microseconds, whole, may be negative (pre-roll). Default 0. */
  constructor(startUs = 0) {
    if (!Number.isSafeInteger(startUs)) fail(`the clock starts at a whole microsecond, got ${startUs}`);
    this.nowUs = startUs;
  }

  /** Number of events still pending. */
  get pendingCount(): number {
    return this.queue.size;
  }

  /** Time of the next pending event in microseconds, Infinity when there is none. */
  get nextTimeUs(): number {
    return this.queue.peekTimeUs();
  }

  /** Registers a handler and returns the number that `at` and `after` name it by. */
  register(handler: EventHandler): number {
    this.handlers.push(handler);
    return this.handlers.length - 1;
  }

  /**
   * Schedules `handler` at `timeUs` (rounded to a whole microsecond by Math.round) and returns a handle for `cancel`.
   * `priority`: integer 0..255, see priorities.ts. Breaks an invariant when the time is past, not finite or beyond 2^53.
   */
  at(timeUs: number, handler: number, a = 0, b = 0, priority = 0): number {
    const roundedUs = Math.round(timeUs);
    if (!(roundedUs >= this.nowUs && roundedUs <= Number.MAX_SAFE_INTEGER)) this.refuse(timeUs);
    return this.queue.schedule(roundedUs, priority, handler, a, b);
  }

  /** As `at`, for an event that is never cancelled. */
  post(timeUs: number, handler: number, a = 0, b = 0, priority = 0): void {
    const roundedUs = Math.round(timeUs);
    if (!(roundedUs >= this.nowUs && roundedUs <= Number.MAX_SAFE_INTEGER)) this.refuse(timeUs);
    this.queue.add(roundedUs, priority, handler, a, b);
  }

  /** Schedules `handler` after `delayUs` >= 0 (the absolute time is rounded, not the delay). Otherwise as `at`. */
  after(delayUs: number, handler: number, a = 0, b = 0, priority = 0): number {
    return this.at(this.nowUs + delayUs, handler, a, b, priority);
  }

  /** Takes a pending event out; false when it has run or was cancelled before. */
  cancel(handle: number): boolean {
    return this.queue.cancel(handle);
  }

  /**
   * Processes all events with time <= `untilUs` and leaves the clock at `untilUs`.
   * `onSlice` is called about every 16,384 events with the present time; when it returns false the run stops there
   * (`cancelled`), with the clock at the last event processed and everything else still pending.
   */
  run(untilUs: number, onSlice?: (nowUs: number) => boolean): RunOutcome {
    if (!(untilUs >= this.nowUs && untilUs <= Number.MAX_SAFE_INTEGER)) this.refuse(untilUs);
    const before = this.eventCount;
    let more = true;
    let standing = 0;
    while (more) {
      const sliceStartUs = this.nowUs;
      more = this.runSlice(untilUs);
      standing = this.nowUs === sliceStartUs ? standing + 1 : 0;
      if (standing === STANDING_SLICES) fail(`the clock stands still at ${this.nowUs} us: events schedule each other`);
      if (more && onSlice !== undefined && !onSlice(this.nowUs)) {
        return { kind: 'cancelled', nowUs: this.nowUs, events: this.eventCount - before };
      }
    }
    this.nowUs = untilUs;
    return { kind: 'complete', nowUs: untilUs, events: this.eventCount - before };
  }

  /** Processes up to SLICE_EVENTS events; false when none is left up to `untilUs`. */
  private runSlice(untilUs: number): boolean {
    const { queue, handlers } = this;
    for (let done = 0; done < SLICE_EVENTS; done += 1) {
      if (!queue.popUntil(untilUs)) {
        this.eventCount += done;
        return false;
      }
      this.nowUs = queue.timeUs;
      handlers[queue.handler](queue.a, queue.b);
    }
    this.eventCount += SLICE_EVENTS;
    return true;
  }

  private refuse(timeUs: number): never {
    fail(`time ${timeUs} us is not a finite time from now (${this.nowUs} us) on`);
  }
}

/**
 * A fixed number of threads with a bounded queue, first come first served, for work whose length is known when it comes.
 *
 * Everything about a task is known at that moment: it starts when the thread that is free first is free. So the pool needs no events
 * (Kiefer and Wolfowitz, On the theory of queues with many servers, 1955): a heap of the times at which threads are free, and the
 * starts of tasks that wait. Exact for G/G/c; O(log threads) per task, no allocation once the queue's ring has grown.
 */
import { invariant } from '#engine/kernel/invariant.ts';

/** The queue is full: the task was not taken. */
export const QUEUE_FULL = -1;

export class ThreadPool {
  /** Times at which threads are free, a heap with the earliest on top. */
  private freeUs: Float64Array;
  private places: number;
  /** Starts of tasks that wait, in a ring, rising. */
  private starts = new Float64Array(64);
  private first = 0;
  private count = 0;
  private assigned = 0;

  /** `threads` >= 1; `places` >= 0: tasks that may wait, Infinity for no limit. */
  constructor(threads: number, places: number, nowUs: number) {
    invariant(threads >= 1, `a pool has threads, got ${threads}`);
    this.freeUs = new Float64Array(threads).fill(nowUs);
    this.places = places;
  }

  get threads(): number {
    return this.freeUs.length;
  }

  /** Tasks that wait for a thread. Times never fall from call to call. */
  waiting(nowUs: number): number {
    while (this.count > 0 && this.starts[this.first] <= nowUs) {
      this.first = (this.first + 1) % this.starts.length;
      this.count--;
    }
    return this.count;
  }

  /** Threads at work. O(threads). */
  busy(nowUs: number): number {
    let busy = 0;
    for (let i = 0; i < this.freeUs.length; i++) if (this.freeUs[i] > nowUs) busy++;
    return busy;
  }

  /** Work done by all threads together since the beginning, microseconds. O(threads). */
  doneUs(nowUs: number): number {
    let left = 0;
    for (let i = 0; i < this.freeUs.length; i++) if (this.freeUs[i] > nowUs) left += this.freeUs[i] - nowUs;
    return this.assigned - left;
  }

  /** Takes a task of `workUs` and returns when it will be done, or QUEUE_FULL. `isForced`: also when the queue is full. */
  submit(nowUs: number, workUs: number, isForced: boolean): number {
    const freeUs = this.freeUs[0];
    const mustWait = freeUs > nowUs;
    if (mustWait && !isForced && this.waiting(nowUs) >= this.places) return QUEUE_FULL;
    const startUs = mustWait ? freeUs : nowUs;
    if (mustWait) this.pushStart(startUs);
    this.assigned += workUs;
    this.replaceTop(startUs + workUs);
    return startUs + workUs;
  }

  /** Another number of threads and places from now on. Threads that go take the earliest times with them; what waits keeps its start. */
  resize(threads: number, places: number, nowUs: number): void {
    invariant(threads >= 1, `a pool has threads, got ${threads}`);
    const doneUs = this.doneUs(nowUs);
    const sorted = this.freeUs.slice().sort();
    const kept = new Float64Array(threads).fill(nowUs);
    const count = Math.min(threads, sorted.length);
    for (let i = 0; i < count; i++) kept[threads - count + i] = sorted[sorted.length - count + i];
    // A rising array is a heap.
    this.freeUs = kept.sort();
    this.places = places;
    this.assigned = 0;
    this.assigned = doneUs - this.doneUs(nowUs);
  }

  private pushStart(startUs: number): void {
    if (this.count === this.starts.length) {
      const grown = new Float64Array(this.starts.length * 2);
      for (let i = 0; i < this.count; i++) grown[i] = this.starts[(this.first + i) % this.starts.length];
      this.starts = grown;
      this.first = 0;
    }
    this.starts[(this.first + this.count) % this.starts.length] = startUs;
    this.count++;
  }

  private replaceTop(timeUs: number): void {
    const heap = this.freeUs;
    const { length } = heap;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= length) break;
      if (child + 1 < length && heap[child + 1] < heap[child]) child++;
      if (heap[child] >= timeUs) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = timeUs;
  }
}

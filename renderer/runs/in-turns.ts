/**
 * Tells listeners of something new in the frames to come, in each as many as there is time for: what a run has found redraws
 * many views, and all at once they would hold up the window.
 */
import { flushSync } from 'react-dom';

/** Milliseconds of a frame, after which the next listener waits for the next frame. */
const FRAME_MS = 2;

export class Turns {
  private readonly listeners = new Set<() => void>();
  private readonly waiting = new Set<() => void>();
  private later: ReturnType<typeof setTimeout> | undefined;
  private isDue = false;
  private lastMs = Number.NEGATIVE_INFINITY;

  add(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      this.waiting.delete(listener);
    };
  }

  /** Who has not been told the last time is told once. `restMs`: since the last time that all began to be told, at least. */
  tellSoon(restMs: number): void {
    const leftMs = this.lastMs + restMs - performance.now();
    if (leftMs > 0 && this.waiting.size === 0) {
      this.later ??= setTimeout(() => this.begin(), leftMs);
    } else this.begin();
  }

  /** All at once: what is shown must not be of two documents. */
  tellNow(): void {
    clearTimeout(this.later);
    this.later = undefined;
    this.waiting.clear();
    for (const listener of this.listeners) listener();
  }

  private begin(): void {
    clearTimeout(this.later);
    this.later = undefined;
    this.lastMs = performance.now();
    for (const listener of this.listeners) this.waiting.add(listener);
    this.goOn();
  }

  private goOn(): void {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => this.tell());
  }

  private tell(): void {
    this.isDue = false;
    const startedMs = performance.now();
    for (const listener of this.waiting) {
      this.waiting.delete(listener);
      flushSync(listener);
      if (performance.now() - startedMs > FRAME_MS) break;
    }
    if (this.waiting.size > 0) this.goOn();
  }
}

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
  private frame: number | undefined;

  add(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      this.waiting.delete(listener);
    };
  }

  /** Who has not been told the last time is told once. */
  tellSoon(): void {
    for (const listener of this.listeners) this.waiting.add(listener);
    this.frame ??= requestAnimationFrame(() => this.tell());
  }

  /** All at once: what is shown must not be of two documents. */
  tellNow(): void {
    this.waiting.clear();
    for (const listener of this.listeners) listener();
  }

  private tell(): void {
    this.frame = undefined;
    const startedMs = performance.now();
    for (const listener of this.waiting) {
      this.waiting.delete(listener);
      flushSync(listener);
      if (performance.now() - startedMs > FRAME_MS) break;
    }
    if (this.waiting.size > 0) this.frame = requestAnimationFrame(() => this.tell());
  }
}

/** Drawing that may wait a little: in each frame as much as there is time for, so that several charts never hold up one of them. */

/** Milliseconds of a frame, after which the next chart waits for the next frame. */
const FRAME_MS = 3;

const waiting = new Map<object, () => void>();
let isDue = false;

/** Replaces what waits under the same owner. */
export function drawSoon(owner: object, draw: () => void): void {
  waiting.set(owner, draw);
  goOn();
}

export function drawNoMore(owner: object): void {
  waiting.delete(owner);
}

function goOn(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(work);
}

function work(): void {
  isDue = false;
  const startedMs = performance.now();
  for (const [owner, draw] of waiting) {
    waiting.delete(owner);
    draw();
    if (performance.now() - startedMs > FRAME_MS) break;
  }
  if (waiting.size > 0) goOn();
}

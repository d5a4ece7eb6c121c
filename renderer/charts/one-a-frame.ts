/** Drawing that may wait a little: one task in each frame, so that several charts never hold up one of them. */

const waiting = new Map<object, () => void>();
let frame: number | undefined;

/** Replaces what waits under the same owner. */
export function drawSoon(owner: object, draw: () => void): void {
  waiting.set(owner, draw);
  frame ??= requestAnimationFrame(next);
}

export function drawNoMore(owner: object): void {
  waiting.delete(owner);
}

function next(): void {
  frame = undefined;
  const [first] = waiting;
  if (first === undefined) return;
  const [owner, draw] = first;
  waiting.delete(owner);
  if (waiting.size > 0) frame = requestAnimationFrame(next);
  draw();
}

/** A stream whose records a worker sends on, for tests of effects. */
import { Flow } from '#engine/flow/flow.ts';
import { audit } from './books.ts';

/** Nodes: records come from the source, rest in the stream, are worked on, and go on to one of the others. */
export const [SOURCE, STREAM, WORKER, LEFT, RIGHT, DEAD] = [0, 1, 2, 3, 4, 5];
/** Bits of two outlets. */
export const [A, B] = [0, 1];

export function newFlow(): { flow: Flow; delivered: number[] } {
  const delivered: number[] = [];
  const flow = new Flow(6, (_parcel, node) => delivered.push(node));
  return { flow, delivered };
}

let nextEntity = 1;

/** A record that rests in the stream. */
export function stored(flow: Flow): number {
  const p = flow.create(SOURCE, 0, nextEntity++, 1, 100, 1000);
  flow.transfer(p, STREAM);
  return p;
}

/** An effect that is accepted at once. */
export function sendOn(flow: Flow, p: number, bit: number, to: number): number {
  const q = flow.effect(p, bit, WORKER);
  audit(flow);
  flow.transfer(q, to);
  audit(flow);
  return q;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '#engine/kernel/event-queue.ts';

type Step =
  | { readonly kind: 'schedule'; readonly time: number; readonly priority: number }
  | { readonly kind: 'pop' }
  | { readonly kind: 'cancel'; readonly which: number };

interface Pending {
  readonly time: number;
  readonly priority: number;
  readonly order: number;
}

function before(x: Pending, y: Pending): number {
  return x.time - y.time || x.priority - y.priority || x.order - y.order;
}

/** Few distinct times, so that ties are common, far ones, so that every range of the queue is used. */
const times = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: -1_000_000, max: Number.MAX_SAFE_INTEGER }),
);

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('schedule' as const),
        time: times,
        priority: fc.integer({ min: 0, max: 3 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('pop' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }) },
  ),
  { size: 'max', maxLength: 3000 },
);

type Observation = string;

/** What the queue under test tells at each step. */
function observe(sequence: readonly Step[]): Observation[] {
  const queue = new EventQueue();
  const handles: number[] = [];
  const seen: Observation[] = [];
  const popped = (): Observation => {
    const peeked = queue.peekTimeUs();
    return queue.pop() ? [peeked, queue.timeUs, queue.handler, queue.a, queue.b].join(' ') : `empty ${peeked}`;
  };
  for (const [order, step] of sequence.entries()) {
    if (step.kind === 'schedule') handles.push(queue.schedule(step.time, step.priority, order % 7, order, order + 0.5));
    else if (step.kind === 'pop') seen.push(popped());
    else if (handles.length > 0) seen.push(`${queue.cancel(handles[step.which % handles.length] ?? -1)}`);
    seen.push(`${queue.size}`);
  }
  while (queue.size > 0) seen.push(popped());
  return seen;
}

/** What a sorted list would tell. */
function predict(sequence: readonly Step[]): Observation[] {
  let pending: Pending[] = [];
  const scheduled: Pending[] = [];
  const seen: Observation[] = [];
  const popped = (): Observation => {
    const next = pending.toSorted(before)[0];
    if (next === undefined) return 'empty Infinity';
    pending = pending.filter((event) => event !== next);
    return [next.time, next.time, next.order % 7, next.order, next.order + 0.5].join(' ');
  };
  for (const [order, step] of sequence.entries()) {
    if (step.kind === 'schedule') {
      const event = { time: step.time, priority: step.priority, order };
      pending.push(event);
      scheduled.push(event);
    } else if (step.kind === 'pop') {
      seen.push(popped());
    } else if (scheduled.length > 0) {
      const event = scheduled[step.which % scheduled.length];
      const left = pending.filter((other) => other !== event);
      seen.push(`${left.length < pending.length}`);
      pending = left;
    }
    seen.push(`${pending.length}`);
  }
  while (pending.length > 0) seen.push(popped());
  return seen;
}

describe('EventQueue', () => {
  it('pops, cancels and counts as a sorted list does, for any sequence of operations', () => {
    fc.assert(
      fc.property(steps, (sequence: readonly Step[]) => {
        expect(observe(sequence)).toEqual(predict(sequence));
      }),
      { numRuns: 40, seed: 20261121 },
    );
  });

  it('never gives one handle twice', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 500 }), (pops) => {
        const queue = new EventQueue();
        const handles = pops.map((isPopped, i) => {
          if (isPopped) queue.pop();
          return queue.schedule(i % 5, 0, 0, 0, 0);
        });
        expect(new Set(handles).size).toBe(handles.length);
      }),
      { seed: 20261121 },
    );
  });
});

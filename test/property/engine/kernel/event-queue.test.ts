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
  readonly handle: number;
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

describe('EventQueue', () => {
  it('pops, cancels and counts as a sorted list does, for any sequence of operations', () => {
    fc.assert(
      fc.property(steps, (sequence: readonly Step[]) => {
        const queue = new EventQueue();
        let model: Pending[] = [];
        const handles: number[] = [];
        for (const [order, step] of sequence.entries()) {
          if (step.kind === 'schedule') {
            const handle = queue.schedule(step.time, step.priority, order % 7, order, -order);
            model.push({ time: step.time, priority: step.priority, order, handle });
            handles.push(handle);
          } else if (step.kind === 'pop') {
            const next = model.toSorted(before)[0];
            expect(queue.peekTimeUs()).toBe(next?.time ?? Number.POSITIVE_INFINITY);
            expect(queue.pop()).toBe(next !== undefined);
            if (next === undefined) continue;
            expect([queue.timeUs, queue.handler, queue.a, queue.b]).toEqual([
              next.time,
              next.order % 7,
              next.order,
              -next.order,
            ]);
            model = model.filter((event) => event !== next);
          } else if (handles.length > 0) {
            const handle = handles[step.which % handles.length] ?? -1;
            const isPending = model.some((event) => event.handle === handle);
            expect(queue.cancel(handle)).toBe(isPending);
            model = model.filter((event) => event.handle !== handle);
          }
          expect(queue.size).toBe(model.length);
        }
        const rest: number[] = [];
        while (queue.pop()) rest.push(queue.a);
        expect(rest).toEqual(model.toSorted(before).map((event) => event.order));
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

import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import type { ParcelList } from '#engine/flow/parcels.ts';
import { NONE } from '#engine/flow/parcels.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { BatchDelivery, type BatchDeliveryOwner } from '#engine/stations/batch-delivery.ts';
import { RetryBackoff } from '#engine/stations/retry-backoff.ts';

const SECOND = 1_000_000;

/** Takes what it is offered unless it is shut; writes down batches by the identities in them. */
class Target implements BatchDeliveryOwner {
  readonly offers: { at: number; entities: number[]; attempt: number }[] = [];
  readonly refusals: { attempt: number; firstAttemptAt: number }[] = [];
  isShut = false;
  givesUp = false;
  /** Entities that are never taken, and those that are taken out before the first attempt. */
  readonly refused = new Set<number>();
  readonly unfit = new Set<number>();
  latencyUs = 0;
  private readonly kernel: Kernel;
  private readonly flow: Flow;

  constructor(kernel: Kernel, flow: Flow) {
    this.kernel = kernel;
    this.flow = flow;
  }

  onBatch(batch: ParcelList): void {
    this.keep(batch, (entity) => !this.unfit.has(entity));
  }

  offer(batch: ParcelList, attempt: number): number {
    const entities: number[] = [];
    this.keep(batch, (entity) => {
      entities.push(entity);
      return this.isShut || this.refused.has(entity);
    });
    this.offers.push({ at: this.kernel.nowUs / SECOND, entities, attempt });
    return this.latencyUs;
  }

  onRefused(batch: ParcelList, firstAttemptUs: number, attempt: number): void {
    this.refusals.push({ attempt, firstAttemptAt: firstAttemptUs / SECOND });
    if (this.givesUp) this.keep(batch, () => false);
  }

  onChange(): void {
    // Nothing is shown of it here.
  }

  private keep(batch: ParcelList, stays: (entity: number) => boolean): void {
    for (let left = batch.length; left > 0; left--) {
      const p = batch.shift();
      if (p === NONE) return;
      if (stays(this.flow.store.entity[p]!)) batch.push(p);
      else this.flow.drop(p, 'test');
    }
  }
}

function world(options: { maxBytes?: number; maxWaitSeconds?: number; largestBytes?: number } = {}) {
  const kernel = new Kernel();
  const flow = new Flow(1, () => undefined);
  const target = new Target(kernel, flow);
  const delivery = new BatchDelivery(
    kernel,
    flow.store,
    {
      maxBytes: options.maxBytes ?? 300,
      maxWaitUs: (options.maxWaitSeconds ?? 10) * SECOND,
      largestBytes: options.largestBytes ?? 600,
      backoff: new RetryBackoff(SECOND, SECOND),
      retryDraw: new DrawStream(1, 'delivery', 'retry'),
    },
    target,
  );
  let entities = 0;
  const add = (n: number): void => {
    for (let i = 0; i < n; i++) delivery.add(flow.create(0, 0, entities++, -1, 100, kernel.nowUs));
  };
  return { kernel, flow, target, delivery, add };
}

describe('a batch delivery', () => {
  it('delivers when enough is there, or when the oldest has waited long enough', () => {
    const { kernel, target, add } = world();
    add(4);
    kernel.run(20 * SECOND);
    expect(target.offers).toEqual([
      { at: 0, entities: [0, 1, 2], attempt: 1 },
      { at: 10, entities: [3], attempt: 1 },
    ]);
  });

  it('delivers one batch at a time, and what came meanwhile in one larger batch, up to the largest', () => {
    const { kernel, target, add } = world();
    target.latencyUs = 5 * SECOND;
    add(3);
    add(9);
    kernel.run(30 * SECOND);
    expect(target.offers.map(({ at, entities }) => [at, entities.length])).toEqual([
      [0, 3],
      [5, 6],
      [10, 3],
    ]);
  });

  it('tries again what was left, with the attempts counted, and keeps the order of what follows', () => {
    const { kernel, target, add } = world();
    target.refused.add(1);
    add(3);
    kernel.run(0.5 * SECOND);
    add(3);
    target.refused.clear();
    kernel.run(5 * SECOND);
    expect(target.offers.map(({ entities, attempt }) => [entities, attempt])).toEqual([
      [[0, 1, 2], 1],
      [[1], 2],
      [[3, 4, 5], 1],
    ]);
    expect(target.refusals).toEqual([{ attempt: 1, firstAttemptAt: 0 }]);
  });

  it('goes on with the next batch when one is given up', () => {
    const { kernel, target, delivery, add } = world();
    target.isShut = true;
    target.givesUp = true;
    add(3);
    kernel.run(SECOND);
    target.isShut = false;
    add(3);
    kernel.run(2 * SECOND);
    expect(target.offers.map(({ entities }) => entities)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(delivery.heldRecords).toBe(0);
  });

  it('offers nothing of a batch of which nothing is left before the first attempt', () => {
    const { kernel, target, add } = world();
    for (const entity of [0, 1, 2, 4]) target.unfit.add(entity);
    add(6);
    kernel.run(SECOND);
    expect(target.offers.map(({ entities }) => entities)).toEqual([[3, 5]]);
  });

  it('is full when the delivery is behind by a largest batch, and names the oldest', () => {
    const { kernel, flow, target, delivery, add } = world();
    target.isShut = true;
    add(8);
    expect(delivery.isFull).toBe(false);
    add(1);
    expect(delivery.isFull).toBe(true);
    expect(delivery.heldBytes).toBe(900);
    expect(flow.store.entity[delivery.oldest]).toBe(0);
    target.isShut = false;
    kernel.run(30 * SECOND);
    expect(delivery.isFull).toBe(false);
    expect(delivery.oldest).toBe(NONE);
    expect(delivery.heldRecords).toBe(0);
  });
});

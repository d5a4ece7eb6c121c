import { describe, expect, it } from 'vitest';
import { ParcelStore } from '#engine/flow/parcels.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { ProducerBuffers } from '#engine/stations/producer-buffers.ts';
import { producerOf } from '#engine/stations/producers.ts';
import type { BufferLimits } from '#engine/stations/size-or-time-buffer.ts';

const unlimited: BufferLimits = {
  maxRecords: Number.POSITIVE_INFINITY,
  maxBytes: Number.POSITIVE_INFINITY,
  maxWaitUs: Number.POSITIVE_INFINITY,
};

interface Flush {
  readonly us: number;
  readonly reason: string;
  readonly entities: number[];
}

function build(producers: number, limits: Partial<BufferLimits>) {
  const kernel = new Kernel();
  const store = new ParcelStore();
  const flushes: Flush[] = [];
  const buffers = new ProducerBuffers(kernel, store, producers, { ...unlimited, ...limits }, (flushed, reason) => {
    const entities: number[] = [];
    while (flushed.length > 0) {
      const p = flushed.shift();
      entities.push(store.entity[p]!);
      store.release(p);
    }
    flushes.push({ us: kernel.nowUs, reason, entities });
  });
  const add = (entity: number): void => {
    const p = store.allocate();
    store.records[p] = 1;
    store.bytes[p] = 100;
    store.entity[p] = entity;
    buffers.add(p);
  };
  return { kernel, buffers, flushes, add };
}

/** The first identities that come up in each of two processes. */
function twoProcesses(each: number): readonly [number[], number[]] {
  const of = (producer: number): number[] =>
    Array.from({ length: 1000 }, (_, entity) => entity)
      .filter((entity) => producerOf(entity, 2) === producer)
      .slice(0, each);
  return [of(0), of(1)];
}

describe('ProducerBuffers', () => {
  it('fills the buffer of each process by itself', () => {
    const { buffers, flushes, add } = build(2, { maxRecords: 3 });
    const [a, b] = twoProcesses(3);
    add(a[0]!);
    add(b[0]!);
    add(a[1]!);
    add(b[1]!);
    expect(flushes).toEqual([]);
    expect(buffers.heldRecords).toBe(4);
    add(b[2]!);
    expect(flushes).toEqual([{ us: 0, reason: 'size', entities: b }]);
    expect(buffers.heldRecords).toBe(2);
  });

  it('flushes each process when its own first record has waited long enough', () => {
    const { kernel, buffers, flushes, add } = build(2, { maxWaitUs: 100 });
    const [a, b] = twoProcesses(2);
    const later = kernel.register((index) => add([b[0]!, a[1]!][index]!));
    add(a[0]!);
    kernel.at(30, later, 0, 0, 0);
    kernel.at(60, later, 1, 0, 0);
    kernel.run(1000);
    expect(flushes).toEqual([
      { us: 100, reason: 'time', entities: a },
      { us: 130, reason: 'time', entities: [b[0]] },
    ]);
    expect(buffers.heldRecords).toBe(0);
  });

  it('begins a new window with the first record after a flush', () => {
    const { kernel, flushes, add } = build(2, { maxRecords: 2, maxWaitUs: 100 });
    const [a] = twoProcesses(3);
    const later = kernel.register((index) => add(a[index]!));
    add(a[0]!);
    kernel.at(50, later, 1, 0, 0);
    kernel.at(60, later, 2, 0, 0);
    kernel.run(1000);
    expect(flushes.map(({ us, reason }) => [us, reason])).toEqual([
      [50, 'size'],
      [160, 'time'],
    ]);
  });

  it('spreads consecutive records as independent draws would: evenly, but not in turn', () => {
    const producers = 1000;
    const records = 100_000;
    const counts = Array.from({ length: producers }, () => 0);
    for (let entity = 0; entity < records; entity++) counts[producerOf(entity, producers)]! += 1;
    const mean = records / producers;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / producers;
    // Poisson counts: variance = mean, with a standard error of mean x sqrt(2 / producers) = 4.5 %.
    expect(Math.abs(variance / mean - 1)).toBeLessThan(0.2);
  });

  it('fails without a process', () => {
    expect(() => build(0, {})).toThrow('a load has producers');
  });
});

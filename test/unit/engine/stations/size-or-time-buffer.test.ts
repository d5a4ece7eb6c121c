import { describe, expect, it } from 'vitest';
import { ParcelStore } from '#engine/flow/parcels.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { type BufferLimits, SizeOrTimeBuffer } from '#engine/stations/size-or-time-buffer.ts';

const unlimited: BufferLimits = {
  maxRecords: Number.POSITIVE_INFINITY,
  maxBytes: Number.POSITIVE_INFINITY,
  maxWaitUs: Number.POSITIVE_INFINITY,
};

interface Flush {
  readonly us: number;
  readonly reason: string;
  readonly records: number;
  readonly bytes: number;
}

function build(limits: Partial<BufferLimits>) {
  const kernel = new Kernel();
  const store = new ParcelStore();
  const flushes: Flush[] = [];
  const during: (() => void)[] = [];
  const buffer = new SizeOrTimeBuffer(kernel, store, { ...unlimited, ...limits }, (flushed, reason) => {
    flushes.push({ us: kernel.nowUs, reason, records: flushed.records, bytes: flushed.bytes });
    during.shift()?.();
    while (flushed.length > 0) store.release(flushed.shift());
  });
  const add = (bytes = 1): void => {
    const p = store.allocate();
    store.records[p] = 1;
    store.bytes[p] = bytes;
    buffer.add(p);
  };
  return { kernel, store, flushes, during, buffer, add };
}

describe('SizeOrTimeBuffer', () => {
  it('flushes at the record that fills it, at once', () => {
    const { flushes, add, buffer } = build({ maxRecords: 3 });
    for (let i = 0; i < 7; i++) add();
    expect(flushes.map(({ records, reason }) => [records, reason])).toEqual([
      [3, 'size'],
      [3, 'size'],
    ]);
    expect(buffer.held.records).toBe(1);
  });

  it('flushes when its bytes are reached, with the parcel that passed them', () => {
    const { flushes, add } = build({ maxBytes: 100 });
    add(60);
    add(39);
    expect(flushes).toEqual([]);
    add(30);
    expect(flushes.map(({ bytes }) => bytes)).toEqual([129]);
    add(100);
    expect(flushes.map(({ bytes }) => bytes)).toEqual([129, 100]);
  });

  it('flushes when its first parcel has waited long enough, whatever came later', () => {
    const { kernel, flushes, add } = build({ maxWaitUs: 1000 });
    add();
    kernel.run(900);
    add();
    kernel.run(999);
    expect(flushes).toEqual([]);
    kernel.run(1000);
    expect(flushes).toMatchObject([{ us: 1000, reason: 'time', records: 2 }]);
  });

  it('opens its window with the first parcel after a flush, not with the flush', () => {
    const { kernel, flushes, add } = build({ maxWaitUs: 1000, maxRecords: 2 });
    add();
    add();
    kernel.run(5000);
    add();
    kernel.run(5999);
    expect(flushes).toHaveLength(1);
    kernel.run(6000);
    expect(flushes).toHaveLength(2);
    kernel.run(100_000);
    expect(flushes).toHaveLength(2);
    expect(kernel.pendingCount).toBe(0);
  });

  it('gives what comes while a flush is handled a flush of its own and a full wait', () => {
    const { kernel, flushes, during, add, buffer } = build({ maxWaitUs: 1000, maxRecords: 3 });
    add();
    kernel.run(600);
    add();
    during.push(() => add());
    add();
    expect(flushes.map(({ records }) => records)).toEqual([3]);
    expect(buffer.held.records).toBe(1);
    kernel.run(1599);
    expect(flushes).toHaveLength(1);
    kernel.run(1600);
    expect(flushes).toMatchObject([{ us: 600 }, { us: 1600, reason: 'time', records: 1 }]);
  });

  it('loses nothing when it fills up again while a flush is handled', () => {
    const { store, flushes, during, add, buffer } = build({ maxRecords: 2 });
    during.push(() => {
      add();
      add();
      add();
    });
    add();
    add();
    expect(flushes).toHaveLength(2);
    expect(buffer.held.records).toBe(1);
    expect(store.liveCount).toBe(1);
  });

  it('flushes on demand, and does nothing then when it is empty', () => {
    const { kernel, flushes, add, buffer } = build({ maxWaitUs: 1000 });
    buffer.flush('time');
    add();
    buffer.flush('size');
    buffer.flush('size');
    expect(flushes).toMatchObject([{ us: 0, reason: 'size', records: 1 }]);
    expect(kernel.pendingCount).toBe(0);
  });

  it('waits no longer than the instant when the wait is 0', () => {
    const { kernel, flushes, add } = build({ maxWaitUs: 0 });
    add();
    add();
    kernel.run(0);
    expect(flushes).toMatchObject([{ us: 0, records: 2 }]);
  });

  it('fails when a limit is 0', () => {
    expect(() => build({ maxRecords: 0 })).toThrow('limits above 0');
  });
});

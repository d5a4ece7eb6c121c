import { describe, expect, it } from 'vitest';
import { AggregatingSender, type AggregationSettings } from '#engine/stations/aggregating-sender.ts';
import { SenderWorld, StubOutlet } from './sender-world.ts';

/** The library's defaults. */
const defaults: AggregationSettings = {
  producers: 1,
  maxUnitBytes: 51_200,
  unitOverheadBytes: 20,
  recordOverheadBytes: 8,
  maxCallUnits: 500,
  maxCallBytes: 5_242_880,
  maxCallPartitionBytes: 262_144,
  maxWaitUs: 100_000,
  callWaitUs: 20_000,
  recordTtlUs: 30_000_000,
  unitsPerSecond: 1500,
  bytesPerSecond: 1_572_864,
  burstUnits: 1000,
  burstBytes: 1_048_576,
  drainIntervalUs: 25_000,
};

function build(changes: Partial<AggregationSettings> = {}) {
  const world = new SenderWorld();
  const outlet = new StubOutlet(world, 1);
  const sender = new AggregatingSender(world, outlet, { ...defaults, ...changes });
  const add = (count: number, bytes = 100): void => {
    for (let i = 0; i < count; i++) sender.add(world.record(bytes));
  };
  return { world, outlet, sender, add };
}

describe('packing', () => {
  it('packs the records of one partition into one unit that leaves at the deadline of the oldest', () => {
    const { world, outlet, sender, add } = build({ callWaitUs: 0 });
    world.at(0, () => add(2));
    world.at(60, () => add(3));
    world.run(99);
    expect(outlet.calls).toEqual([]);
    expect(sender.heldRecords).toBe(5);
    world.run(101);
    expect(outlet.calls).toHaveLength(1);
    // 5 records of 100 bytes, 8 of framing each and 20 for the unit.
    expect(outlet.calls[0]).toMatchObject({ ms: 100, isBatch: true, isRetry: false });
    expect(outlet.units).toEqual([{ bytes: 560, entities: [0, 1, 2, 3, 4], isTaken: true }]);
    expect(sender.heldRecords).toBe(0);
    expect(world.imbalances()).toEqual([]);
  });

  it('lets a due unit wait a little longer for others to share its call', () => {
    const { world, outlet, add } = build();
    outlet.partition = (parcel, store) => store.entity[parcel] ?? 0;
    world.at(0, () => add(1));
    world.at(15, () => add(1));
    world.run(1000);
    // Due at 100 and 115 ms, on two partitions; the first waits until 120 ms.
    expect(outlet.calls).toHaveLength(1);
    expect(outlet.calls[0]?.ms).toBe(120);
    expect(outlet.units.map(({ entities }) => entities)).toEqual([[0], [1]]);
  });

  it('sends a record that is alone without framing', () => {
    const { world, outlet, add } = build();
    add(1, 777);
    world.run(1000);
    expect(outlet.units).toEqual([{ bytes: 777, entities: [0], isTaken: true }]);
  });

  it('closes a unit before it would grow beyond its limit, framing included', () => {
    const { world, outlet, add } = build();
    // 50 x (1,000 + 8) + 20 = 50,420; a 51st would make 51,428.
    add(51, 1000);
    world.run(1000);
    expect(outlet.units.map(({ bytes, entities }) => [bytes, entities.length])).toEqual([
      [50_420, 50],
      [1000, 1],
    ]);
  });

  it('closes a unit at once when a record fills it to the byte', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 236, callWaitUs: 0, maxWaitUs: 0 });
    add(2, 100);
    add(1, 100);
    world.run(1);
    expect(outlet.units.map(({ bytes }) => bytes)).toEqual([236, 100]);
  });

  it('sends a record that is larger than a unit by itself and leaves the open unit alone', () => {
    const { world, outlet, add } = build();
    add(1, 100);
    add(1, 51_200);
    add(1, 100);
    world.run(1000);
    expect(outlet.units.map(({ entities }) => entities)).toEqual([[1], [0, 2]]);
    expect(outlet.units[0]?.bytes).toBe(51_200);
  });

  it('sends every record by itself when packing is off', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 0, callWaitUs: 0 });
    add(3);
    world.run(1000);
    expect(outlet.calls.map(({ ms, units }) => [ms, units.length])).toEqual([[100, 3]]);
    expect(outlet.units.map(({ bytes }) => bytes)).toEqual([100, 100, 100]);
  });

  it('keeps the partitions apart, as predicted when a record comes', () => {
    const { world, outlet, add } = build();
    outlet.partition = (parcel, store) => (store.entity[parcel] ?? 0) % 3;
    add(9);
    world.run(1000);
    expect(outlet.calls).toHaveLength(1);
    expect(outlet.units.map(({ entities }) => entities)).toEqual([
      [0, 3, 6],
      [1, 4, 7],
      [2, 5, 8],
    ]);
  });

  it('packs separately in each producer', () => {
    const { world, outlet, add } = build({ producers: 4 });
    add(400);
    world.run(1000);
    expect(outlet.calls).toHaveLength(4);
    for (const { units } of outlet.calls) {
      expect(units).toHaveLength(1);
      expect(units[0]?.entities.length).toBeGreaterThan(60);
    }
    expect(world.delivered).toHaveLength(400);
  });

  it('leaves nothing pending once everything is sent, however many units were closed for their size', () => {
    const { world, add } = build();
    for (let ms = 0; ms < 1000; ms++) world.at(ms, () => add(10, 1000));
    world.run(900);
    // One alarm for the open unit, one for the collector, one for the queue, and what the test itself has scheduled.
    expect(world.kernel.pendingCount).toBeLessThanOrEqual(99 + 3);
    world.run(60_000);
    expect(world.kernel.pendingCount).toBe(0);
    expect(world.delivered).toHaveLength(10_000);
  });
});

describe('calls', () => {
  it('leave at once when they hold the most units', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 0 });
    add(501);
    world.run(1);
    expect(outlet.calls.map(({ ms, units }) => [ms, units.length])).toEqual([[0, 500]]);
    world.run(1000);
    expect(outlet.calls.map(({ units }) => units.length)).toEqual([500, 1]);
  });

  it('hold at most their bytes, across partitions; the unit that does not fit opens the next', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 0, maxCallBytes: 250_000 });
    outlet.partition = (parcel, store) => store.entity[parcel] ?? 0;
    add(3, 100_000);
    world.run(0.001);
    expect(outlet.calls.map(({ units }) => units.map(({ entities }) => entities[0]))).toEqual([[0, 1]]);
    world.run(1000);
    expect(outlet.calls.map(({ units }) => units.length)).toEqual([2, 1]);
  });

  it('take a unit larger than a call alone', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 0, maxCallBytes: 250_000 });
    outlet.partition = (parcel, store) => store.entity[parcel] ?? 0;
    add(1, 1000);
    add(1, 300_000);
    world.run(0.001);
    expect(outlet.units.map(({ bytes }) => bytes)).toEqual([1000, 300_000]);
    expect(outlet.calls).toHaveLength(2);
  });

  it('leave early when one partition has its share of bytes', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 0 });
    add(3, 100_000);
    world.run(0.001);
    // 262,144 bytes are reached with the third record.
    expect(outlet.calls.map(({ units }) => units.length)).toEqual([3]);
  });
});

describe('the brake', () => {
  it('lets the burst through and then its rate, in records, partition by partition', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 0, unitsPerSecond: 100, burstUnits: 50 });
    world.at(0, () => add(250));
    const taken = (ms: number): number => {
      world.run(ms);
      return outlet.units.length;
    };
    expect(taken(101)).toBeGreaterThanOrEqual(50);
    expect(taken(1101)).toBeLessThanOrEqual(50 + 110);
    expect(taken(1101)).toBeGreaterThanOrEqual(50 + 97);
    expect(taken(2150)).toBe(250);
    expect(world.imbalances()).toEqual([]);
  });

  it('counts bytes too: 1.5 times a partition is offered in the long run', () => {
    const { world, outlet, add } = build();
    for (let ms = 0; ms < 10_000; ms++) world.at(ms, () => add(4, 1000));
    world.run(10_000);
    const offered = outlet.units.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(offered / (1_048_576 + 10 * 1_572_864)).toBeGreaterThan(0.98);
    expect(offered / (1_048_576 + 10 * 1_572_864)).toBeLessThanOrEqual(1);
  });

  it('holds up only the partition that is too fast', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 0, unitsPerSecond: 1, burstUnits: 1 });
    outlet.partition = (parcel, store) => ((store.entity[parcel] ?? 0) < 10 ? 0 : 1);
    add(11);
    world.run(900);
    expect(outlet.units.map(({ entities }) => entities[0])).toEqual([0, 10]);
  });

  it('lets a unit larger than the bucket pass when the bucket is full', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 0, bytesPerSecond: 1000, burstBytes: 1000 });
    add(1, 5000);
    add(1, 5000);
    world.run(999);
    expect(outlet.units).toHaveLength(1);
    world.run(1101);
    expect(outlet.units).toHaveLength(2);
  });
});

describe('refusals', () => {
  it('come back after the answer and are sent again after half the wait', () => {
    const { world, outlet, sender, add } = build({ callWaitUs: 0 });
    outlet.latencyMs = 20;
    outlet.takes = () => outlet.calls.length > 0;
    add(2);
    world.run(100);
    expect(sender.heldRecords).toBe(2);
    world.run(1000);
    expect(outlet.calls.map(({ ms, isRetry }) => [ms, isRetry])).toEqual([
      [100, false],
      [170, true],
    ]);
    expect(sender.heldRecords).toBe(0);
    expect(world.imbalances()).toEqual([]);
  });

  it('are packed anew, with what has come meanwhile', () => {
    const { world, outlet, add } = build({ callWaitUs: 0 });
    outlet.latencyMs = 20;
    outlet.takes = () => outlet.calls.length > 0;
    add(2);
    world.at(110, () => add(1));
    world.run(1000);
    expect(outlet.units.map(({ entities }) => entities)).toEqual([
      [0, 1],
      [2, 0, 1],
    ]);
  });

  it('leave the rest of their call alone', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 0 });
    const refuseOnce = new Set([3, 7]);
    outlet.takes = (unit, store) => !refuseOnce.delete(store.entity[unit] ?? -1);
    add(10);
    world.run(1000);
    expect(outlet.calls.map(({ units }) => units.length)).toEqual([10, 2]);
    expect(world.delivered).toHaveLength(10);
  });

  it('take the latency of a call from the settings where these say one', () => {
    const { world, outlet, add } = build({ callWaitUs: 0, callLatencyUs: 200_000 });
    outlet.latencyMs = 20;
    outlet.takes = () => outlet.calls.length > 0;
    add(1);
    world.run(1000);
    expect(outlet.calls.map(({ ms }) => ms)).toEqual([100, 350]);
  });

  it('follow the partitions when these have changed', () => {
    const { world, outlet, add } = build({ callWaitUs: 0 });
    let partitions = 1;
    outlet.partition = (parcel, store) => (store.entity[parcel] ?? 0) % partitions;
    outlet.takes = () => outlet.calls.length > 0;
    add(4);
    world.at(101, () => (partitions = 2));
    world.run(100);
    world.run(1000);
    const sizes = outlet.units.map(({ entities }) => entities.length);
    expect(sizes[0]).toBe(4);
    expect(outlet.units.slice(1).flatMap(({ entities }) => entities)).toHaveLength(4);
    expect(world.delivered).toHaveLength(4);
  });
});

describe('time to live', () => {
  it('loses what is refused until it ends, with a last attempt at its end, and nothing else', () => {
    const { world, outlet, sender, add } = build({ callWaitUs: 0, recordTtlUs: 230_000 });
    outlet.takes = () => false;
    add(5);
    world.run(10_000);
    // 100, then every 50 ms and the answer's microsecond; the last deadline is the end of its time.
    expect(outlet.calls.map(({ ms }) => Math.floor(ms))).toEqual([100, 150, 200, 230]);
    expect(world.ledger()).toMatchObject({ dropped: 5, delivered: 0, inside: 0 });
    expect(world.ledger().droppedBy).toEqual({ 'record-ttl-expired': 5 });
    expect(outlet.dropped).toBe(5);
    expect(sender.heldRecords).toBe(0);
    expect(world.kernel.pendingCount).toBe(0);
    expect(world.imbalances()).toEqual([]);
  });

  it('is counted from when the record was added, not from its event', () => {
    const { world, outlet, sender } = build({ recordTtlUs: 1_000_000 });
    const old = world.record();
    world.at(5000, () => sender.add(old));
    world.run(10_000);
    expect(outlet.units).toHaveLength(1);
    expect(world.ledger().dropped).toBe(0);
  });

  it('ends records one by one: younger ones of the same unit stay', () => {
    const { world, outlet, add } = build({ callWaitUs: 0, recordTtlUs: 120_000 });
    let isOpen = false;
    outlet.takes = () => isOpen;
    outlet.latencyMs = 30;
    world.at(0, () => add(1));
    world.at(90, () => add(1));
    world.at(131, () => (isOpen = true));
    world.run(1000);
    // Refused at 100, back at 130: the first is 130 ms old, the second 40.
    expect(world.ledger()).toMatchObject({ dropped: 1, delivered: 1 });
    expect(world.delivered.map(({ entity }) => entity)).toEqual([1]);
  });

  it('also ends in a queue that waits for tokens, without using any', () => {
    const { world, outlet, add } = build({ maxUnitBytes: 0, unitsPerSecond: 1, burstUnits: 1, recordTtlUs: 2_500_000 });
    add(10);
    world.run(60_000);
    // At 0, 1 and 2 s; the others are too old at 3 s.
    expect(outlet.units).toHaveLength(3);
    expect(world.ledger()).toMatchObject({ delivered: 3, dropped: 7, inside: 0 });
    expect(world.imbalances()).toEqual([]);
  });

  it('loses nothing as long as it has not ended, whatever is refused', () => {
    const { world, outlet, add, sender } = build({ producers: 3 });
    let offers = 0;
    outlet.latencyMs = 15;
    outlet.partition = (parcel, store) => (store.entity[parcel] ?? 0) % 5;
    // Two of three units are refused, and everything between 2 and 4 s.
    outlet.takes = () => (world.kernel.nowUs / 1e6 < 2 || world.kernel.nowUs / 1e6 > 4 ? offers++ % 3 === 0 : false);
    for (let ms = 0; ms < 5000; ms += 2) world.at(ms, () => add(1, 50 + (ms % 1000)));
    for (let ms = 500; ms < 8000; ms += 500) {
      world.run(ms);
      expect(world.imbalances()).toEqual([]);
      expect(world.ledger().inside).toBe(sender.heldRecords);
    }
    world.run(20_000);
    expect(world.ledger()).toMatchObject({ created: 2500, delivered: 2500, dropped: 0, inside: 0 });
  });
});

describe('settings', () => {
  it('fails without a producer', () => {
    expect(() => build({ producers: 0 })).toThrow('a sender has producers');
  });

  it('fails when a rate is zero', () => {
    expect(() => build({ unitsPerSecond: 0 })).toThrow('a rate above 0');
  });
});

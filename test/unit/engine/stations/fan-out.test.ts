import { describe, expect, it } from 'vitest';
import { ParcelList } from '#engine/flow/parcels.ts';
import { FanOut, type FanOutListener, type Subscription } from '#engine/stations/fan-out.ts';
import { type RetryPhase, RetryPhases } from '#engine/stations/retry-phases.ts';
import { SenderWorld, StubOutlet } from './sender-world.ts';

/** Three at once, two after a second each, three from one second to four. */
const phases: readonly RetryPhase[] = [
  { retries: 3, growth: 'linear', firstWaitUs: 0, lastWaitUs: 0 },
  { retries: 2, growth: 'linear', firstWaitUs: 1e6, lastWaitUs: 1e6 },
  { retries: 3, growth: 'exponential', firstWaitUs: 1e6, lastWaitUs: 4e6 },
];

class Tally implements FanOutListener {
  readonly events: string[] = [];
  readonly takenMs: number[] = [];

  filtered = 0;

  onFiltered(subscription: number, units: number): void {
    this.filtered += units;
    this.events.push(`filtered ${subscription}`);
  }

  deliveredUnits = 0;

  onDelivered(subscription: number, units: number, _bytes: number, takenUs: number): void {
    this.deliveredUnits += units;
    this.events.push(`delivered ${subscription}`);
    this.takenMs.push(takenUs / 1000);
  }

  onGivenUp(subscription: number): void {
    this.events.push(`given up ${subscription}`);
  }

  onDeadLettered(subscription: number): void {
    this.events.push(`dead-lettered ${subscription}`);
  }

  onLost(subscription: number): void {
    this.events.push(`lost ${subscription}`);
  }
}

/** One subscription per change given. Targets are nodes 1, 2, ...; the dead-letter queue is node 7. */
function build(...changes: (Partial<Subscription> & { hasDeadLetters?: boolean })[]) {
  const world = new SenderWorld();
  const deadLetters = new StubOutlet(world, 7);
  const outlets = changes.map((_, i) => new StubOutlet(world, i + 1));
  const tally = new Tally();
  const subscriptions = changes.map(({ hasDeadLetters, ...change }, i): Subscription => {
    const outlet = outlets[i] ?? deadLetters;
    return {
      id: `subscription-${i}`,
      outlet,
      passRatio: 1,
      retries: new RetryPhases(phases, 0),
      deadLetters: hasDeadLetters === true ? deadLetters : undefined,
      ...change,
    };
  });
  const fanOut = new FanOut(world, subscriptions, tally);
  const [first = deadLetters] = outlets;
  return { world, fanOut, outlets, first, deadLetters, tally };
}

describe('copies', () => {
  it('gives every subscription one, and makes one copy less than there are subscriptions', () => {
    const { world, fanOut, tally } = build({}, {}, {});
    fanOut.publish(world.record());
    expect(world.delivered).toEqual([
      { entity: 0, node: 1 },
      { entity: 0, node: 2 },
      { entity: 0, node: 3 },
    ]);
    expect(world.ledger()).toMatchObject({ created: 1, copied: 2, delivered: 3, inside: 0 });
    expect(tally.events).toEqual(['delivered 0', 'delivered 1', 'delivered 2']);
    expect(world.imbalances()).toEqual([]);
  });

  it('copies messages of several records as they are', () => {
    const { world, fanOut, outlets } = build({}, {});
    const list = new ParcelList(world.flow.store);
    for (let i = 0; i < 3; i++) list.push(world.record());
    fanOut.publish(world.flow.pack(list, 0));
    expect(outlets.map(({ units }) => units.map(({ entities }) => entities))).toEqual([[[0, 1, 2]], [[0, 1, 2]]]);
    expect(world.ledger()).toMatchObject({ created: 3, copied: 3, delivered: 6 });
    expect(world.imbalances()).toEqual([]);
  });

  it('loses what is published without a subscription, and says so', () => {
    const { world, fanOut } = build();
    fanOut.publish(world.record());
    expect(world.ledger().droppedBy).toEqual({ 'no-subscription': 1 });
  });

  it('leaves the others alone when one subscription fails', () => {
    const { world, fanOut, first, tally } = build({}, {});
    first.takes = () => false;
    fanOut.publish(world.record());
    expect(tally.events).toEqual(['delivered 1']);
    expect(fanOut.heldRecords).toBe(1);
  });
});

describe('filters', () => {
  it('pass their share of records, each by a draw of its own', () => {
    const { world, fanOut, outlets } = build({ passRatio: 0.3 }, { passRatio: 0.6 }, { passRatio: 0 });
    const n = 20_000;
    for (let i = 0; i < n; i++) fanOut.publish(world.record());
    const passed = outlets.map(({ calls }) => new Set(calls.flatMap(({ units }) => units[0]?.entities)));
    // Five standard deviations; independent: 0.18 pass both.
    for (const [i, share] of [0.3, 0.6].entries()) {
      expect(Math.abs((passed[i]?.size ?? 0) - n * share)).toBeLessThan(5 * Math.sqrt(n * share * (1 - share)));
    }
    const both = [...(passed[0] ?? [])].filter((entity) => passed[1]?.has(entity)).length;
    expect(Math.abs(both - n * 0.18)).toBeLessThan(5 * Math.sqrt(n * 0.18 * 0.82));
    expect(passed[2]?.size).toBe(0);
    const { copied, filtered, delivered } = world.ledger();
    expect([copied, filtered + delivered]).toEqual([2 * n, 3 * n]);
    expect(world.imbalances()).toEqual([]);
  });

  it('let a duplicate pass where its original did', () => {
    const { world, fanOut, first } = build({ passRatio: 0.5 });
    const n = 200;
    for (let entity = 0; entity < n; entity++) {
      const record = world.record(100, entity);
      const twin = world.flow.duplicate(record);
      fanOut.publish(record);
      fanOut.publish(twin);
    }
    const counts = new Map<number, number>();
    for (const { entities } of first.units) counts.set(entities[0] ?? -1, (counts.get(entities[0] ?? -1) ?? 0) + 1);
    expect(counts.size).toBeGreaterThan(60);
    expect(counts.size).toBeLessThan(140);
    expect(new Set(counts.values())).toEqual(new Set([2]));
  });
});

describe('retries', () => {
  it('come at once, then after their phases, each wait counted from the answer', () => {
    const { world, fanOut, first, tally } = build({});
    first.latencyMs = 10;
    first.takes = () => first.calls.length >= 8;
    fanOut.publish(world.record());
    world.run(60_000);
    expect(first.calls.map(({ ms }) => Math.round(ms))).toEqual([0, 10, 20, 30, 1040, 2050, 3060, 5070, 9080]);
    expect(first.calls.map(({ isRetry }) => isRetry)).toEqual([false, ...Array<boolean>(8).fill(true)]);
    expect(first.calls.every(({ isBatch }) => !isBatch)).toBe(true);
    expect(tally.events).toEqual(['delivered 0']);
    expect(Math.round(tally.takenMs[0] ?? 0)).toBe(9080);
    expect(fanOut.heldRecords).toBe(0);
    expect(world.imbalances()).toEqual([]);
  });

  it('end in the dead-letter queue of the subscription', () => {
    const { world, fanOut, first, deadLetters, tally } = build({ hasDeadLetters: true }, {});
    first.takes = () => false;
    fanOut.publish(world.record());
    world.run(60_000);
    expect(first.calls).toHaveLength(9);
    expect(deadLetters.units.map(({ entities }) => entities)).toEqual([[0]]);
    expect(tally.events).toEqual(['delivered 1', 'given up 0', 'dead-lettered 0']);
    expect(world.ledger()).toMatchObject({ copied: 1, delivered: 2, dropped: 0 });
    expect(world.imbalances()).toEqual([]);
  });

  it('end in a loss with its reason where there is no dead-letter queue', () => {
    const { world, fanOut, first, tally } = build({});
    first.takes = () => false;
    fanOut.publish(world.record());
    world.run(60_000);
    expect(world.ledger().droppedBy).toEqual({ 'retries-exhausted': 1 });
    expect(first.dropped).toBe(1);
    expect(tally.events).toEqual(['given up 0', 'lost 0']);
    expect(world.kernel.pendingCount).toBe(0);
    expect(world.imbalances()).toEqual([]);
  });

  it('end in a loss when the dead-letter queue refuses', () => {
    const { world, fanOut, first, deadLetters, tally } = build({ hasDeadLetters: true });
    first.takes = () => false;
    deadLetters.takes = () => false;
    fanOut.publish(world.record());
    world.run(60_000);
    expect(world.ledger().droppedBy).toEqual({ 'dead-letter-refused': 1 });
    expect([first.dropped, deadLetters.dropped]).toEqual([0, 1]);
    expect(tally.events).toEqual(['given up 0', 'lost 0']);
  });

  it('give up after the first attempt when there are none', () => {
    const { world, fanOut, first } = build({ retries: new RetryPhases([], 0) });
    first.takes = () => false;
    fanOut.publish(world.record());
    world.run(1);
    expect(first.calls).toHaveLength(1);
    expect(world.ledger().dropped).toBe(1);
  });

  it('are spread by jitter, each record for itself, the same in every run', () => {
    const times = (): number[] => {
      const { world, fanOut, first } = build({
        retries: new RetryPhases([{ retries: 1, growth: 'linear', firstWaitUs: 1e6, lastWaitUs: 1e6 }], 0.2),
      });
      first.takes = () => first.calls.length >= 50;
      for (let i = 0; i < 50; i++) fanOut.publish(world.record());
      world.run(10_000);
      expect(world.ledger().delivered).toBe(50);
      return first.calls.slice(50).map(({ ms }) => ms);
    };
    const first = times();
    expect(Math.min(...first)).toBeGreaterThanOrEqual(800);
    expect(Math.max(...first)).toBeLessThanOrEqual(1200);
    expect(new Set(first).size).toBe(50);
    expect(times()).toEqual(first);
  });
});

describe('a frame', () => {
  it('is put around a message for the subscriptions that have one, and taken for its own bytes only', () => {
    const { world, fanOut, outlets } = build({ overheadBytes: 50 }, {});
    fanOut.publish(world.record(100, 3));
    expect(outlets.map(({ units }) => units)).toEqual([
      [{ bytes: 150, entities: [3], isTaken: true }],
      [{ bytes: 100, entities: [3], isTaken: true }],
    ]);
    expect(world.imbalances()).toEqual([]);
    expect(world.flow.store.liveCount).toBe(0);
  });

  it('adds to that of a message which packs several records', () => {
    const { world, fanOut, first } = build({ overheadBytes: 50 });
    const list = new ParcelList(world.flow.store);
    for (let i = 0; i < 3; i++) list.push(world.record(100));
    fanOut.publish(world.flow.pack(list, 10));
    expect(first.units).toEqual([{ bytes: 360, entities: [0, 1, 2], isTaken: true }]);
    expect(world.imbalances()).toEqual([]);
  });

  it('stays around a message that waits for another attempt', () => {
    const { world, fanOut, first } = build({ overheadBytes: 50 });
    first.takes = () => first.calls.length > 4;
    fanOut.publish(world.record(100));
    world.run(60_000);
    expect(first.units.map(({ bytes }) => bytes)).toEqual([150, 150, 150, 150, 150, 150]);
    expect(world.ledger()).toMatchObject({ delivered: 1, inside: 0 });
  });
});

describe('a refusal by a limit', () => {
  it('is followed by retries of its own, where a subscription has some', () => {
    const retriesWhenRefused = new RetryPhases(
      [{ retries: 2, growth: 'linear', firstWaitUs: 10e6, lastWaitUs: 10e6 }],
      0,
    );
    const { world, fanOut, first, tally } = build({ retriesWhenRefused });
    first.takes = () => false;
    fanOut.publish(world.record());
    world.run(60_000);
    expect(first.calls.map(({ ms }) => ms)).toEqual([0, 10_000, 20_000]);
    expect(tally.events).toEqual(['given up 0', 'lost 0']);
  });
});

describe('settings', () => {
  it('fails when a filter passes more than everything', () => {
    expect(() => build({ passRatio: 1.5 })).toThrow('a filter passes a share of 0..1');
  });
});

describe('runs', () => {
  const run = (world: SenderWorld, units: number): number => world.flow.createRun(0, 0, 0, units, units * 100, 0, 0);

  it('reach a target that takes them as they are', () => {
    const { world, fanOut, outlets, tally } = build({}, {});
    for (const outlet of outlets) outlet.takesRuns = () => true;
    fanOut.publish(run(world, 8));
    expect(outlets.map(({ calls }) => calls.map(({ isBatch, units }) => [isBatch, units.length]))).toEqual([
      [[false, 1]],
      [[false, 1]],
    ]);
    expect(tally.deliveredUnits).toBe(16);
    expect(world.ledger()).toMatchObject({ created: 8, copied: 8, delivered: 16 });
    expect(world.imbalances()).toEqual([]);
  });

  it('reach other targets, and those whose messages are framed, message by message', () => {
    const { world, fanOut, outlets } = build({}, { overheadBytes: 50 });
    outlets[1]!.takesRuns = () => true;
    fanOut.publish(run(world, 3));
    expect(outlets[0]!.calls.map(({ units }) => units)).toEqual(
      [0, 1, 2].map((entity) => [{ bytes: 100, entities: [entity], isTaken: true }]),
    );
    expect(outlets[1]!.units.map(({ bytes }) => bytes)).toEqual([150, 150, 150]);
    expect(world.imbalances()).toEqual([]);
  });

  it('pass a filter by its share, each on its own', () => {
    const { world, fanOut, first, tally } = build({ passRatio: 0.3 });
    first.takesRuns = () => true;
    const n = 2000;
    for (let i = 0; i < n; i++) fanOut.publish(world.flow.createRun(0, 0, 10 * i, 10, 1000, 0, 0));
    expect(tally.filtered + tally.deliveredUnits).toBe(10 * n);
    // Five standard deviations of 20,000 draws.
    expect(Math.abs(tally.deliveredUnits - 6000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.21));
    expect(world.ledger()).toMatchObject({ delivered: tally.deliveredUnits, filtered: tally.filtered, inside: 0 });
    expect(world.imbalances()).toEqual([]);
  });

  it('that are refused are tried again message by message', () => {
    const { world, fanOut, first, tally } = build({});
    first.takesRuns = () => true;
    first.takes = (unit, store) => store.units[unit] === 1;
    fanOut.publish(run(world, 4));
    expect(fanOut.heldRecords).toBe(4);
    world.run(10);
    expect(first.calls.slice(1).map(({ isRetry, units }) => [isRetry, units.map(({ entities }) => entities)])).toEqual(
      [0, 1, 2, 3].map((entity) => [true, [[entity]]]),
    );
    expect(tally.deliveredUnits).toBe(4);
    expect(world.imbalances()).toEqual([]);
  });
});

/** A function that asks a cache whether it has worked on a record before: what is left out, what is lost, what passes. */
import { describe, expect, it } from 'vitest';
import { build as buildCache } from '#catalog/components/elasticache/behavior/behavior.ts';
import { config as cacheConfig } from '#catalog/components/elasticache/config.ts';
import type { Config as FunctionConfig } from '#catalog/components/lambda/config.ts';
import { build } from '#catalog/connections/lambda--elasticache/behavior.ts';
import { type Config, config } from '#catalog/connections/lambda--elasticache/config.ts';
import { FLAG_POISON, ParcelList } from '#engine/flow/parcels.ts';
import type { Callee } from '#engine/flow/ports.ts';
import { type BuiltNode, World } from '#test/harness/behavior.ts';
import { Invoker } from '#test/harness/invoker.ts';
import { addFunction, records, sum } from '#test/unit/catalog/components/lambda/behavior/function-fixture.ts';

/** Effect bits: the function has one edge for records, then the call. */
const CALL_BIT = 1;

interface Settings {
  readonly connection?: Partial<Config>;
  readonly fn?: Partial<FunctionConfig>;
  readonly emit?: Record<string, unknown>;
  readonly cache?: Record<string, unknown>;
}

/** A cache that answers in 1 ms; a function of 100 ms and 10 ms a record that sends on to a sink. */
function setUp({ connection = {}, fn = {}, emit = {}, cache = {} }: Settings = {}) {
  const world = new World({ horizonSeconds: 3600 });
  const settings = { commandLatencyMs: 1, commandsPerSecond: 10_000_000, ...cache };
  const store = world.add('cache', buildCache, cacheConfig.parse(settings));
  const sink = world.sink('sink');
  const callee = connect(world, store, config.parse(connection));
  const node = addFunction(world, 'fn', fn, {
    outputs: { output: [{ id: 'on', emit: { callLatencyMs: 0 }, targets: [{ node: sink, port: 'in' }] }] },
    calls: { calls: [{ id: 'lookups', emit: { retryBaseMs: 0, ...emit }, callees: [{ node: store, callee }] }] },
  });
  // The function is the third node after the producer.
  expect(node.index).toBe(3);
  const invoker = new Invoker(world, node, 'kinesis');
  const balanced = (): void => expect(world.imbalances().filter((imbalance) => imbalance !== 0)).toEqual([]);
  return { world, store, sink, fn: node, invoker, balanced };
}

function connect(world: World, store: BuiltNode, settings: Config): Callee {
  const { kernel, flow } = world;
  const { callee } = build({
    node: store.index,
    config: settings,
    kernel,
    flow,
    sourceNode: 3,
    target: store.behavior.inputs['commands'],
    bit: CALL_BIT,
    shared: (_name: string, create: () => unknown) => create(),
    counter: (metric: string) => store.counters.get(metric),
    sample: (metric: string) => store.samples.get(metric),
    log: (level: string, code: string, params: object) =>
      (store.log as unknown[]).push({ t: world.nowSeconds, node: 'seen', level, code, params }),
  } as unknown as Parameters<typeof build>[0]);
  return callee;
}

/** Stored twice: the record and its copy. */
function twice(world: World): [number, number] {
  const p = world.record();
  return [p, world.flow.duplicate(p)];
}

describe('a record that was worked on before', () => {
  it.each(['beforeProcessing', 'afterProcessing'] as const)('is left out as a duplicate, marked %s', (mark) => {
    const { world, store, invoker, balanced } = setUp({ connection: { mark } });
    const [first, second] = twice(world);
    world.at(0, () => invoker.invoke([first]));
    world.at(1, () => invoker.invoke([second]));
    world.run(2);
    const ledger = world.ledger();
    expect(ledger).toMatchObject({ delivered: 1, dropped: 0, duplicates: { made: 1, delivered: 0, removed: 1 } });
    expect([sum(store, 'DuplicatesFound'), sum(store, 'DuplicatesMissed')]).toEqual([1, 0]);
    expect(invoker.outcomes.map(({ succeeded }) => succeeded)).toEqual([true, true]);
    balanced();
  });

  it('passes when its mark has expired', () => {
    const { world, store, invoker, balanced } = setUp({ connection: { timeToLiveSeconds: 5 } });
    const [first, second] = twice(world);
    world.at(0, () => invoker.invoke([first]));
    world.at(6, () => invoker.invoke([second]));
    world.run(7);
    expect(world.ledger().duplicates).toMatchObject({ made: 1, delivered: 1, removed: 0 });
    expect(sum(store, 'DuplicatesMissed')).toBe(1);
    expect(store.samples.get('MissedDuplicateAge')?.histogram.max).toBeCloseTo(6, 1);
    balanced();
  });

  it('passes when the cache came back empty', () => {
    const { world, store, invoker, balanced } = setUp({ cache: { replicasPerNodeGroup: 0 } });
    const [first, second] = twice(world);
    world.at(0, () => invoker.invoke([first]));
    world.at(1, () => world.setFaults(store, { outage: true }));
    world.at(2, () => world.setFaults(store, { outage: false }));
    world.at(3, () => invoker.invoke([second]));
    world.run(4);
    expect(world.ledger().duplicates).toMatchObject({ delivered: 1, removed: 0 });
    balanced();
  });

  it('counts as a duplicate removed when its batch comes again because another record failed', () => {
    const { world, store, invoker, balanced } = setUp();
    const batch = records(world, 2);
    world.flow.store.flags[batch[1]!]! |= FLAG_POISON;
    world.at(0, () => invoker.invoke(batch));
    world.run(1);
    world.flow.store.flags[batch[1]!]! &= ~FLAG_POISON;
    world.at(1, () => invoker.invoke(batch));
    world.run(2);
    // The first took effect before the second failed; the second had been marked, and is lost.
    expect(world.ledger()).toMatchObject({
      delivered: 1,
      dropped: 1,
      duplicates: { made: 1, removed: 1, delivered: 0 },
    });
    expect([sum(store, 'DuplicatesFound'), sum(store, 'RecordsMarkedAndLost')]).toEqual([1, 1]);
    balanced();
  });
});

describe('a failed attempt', () => {
  const failsOnce = (settings: Settings) => {
    const set = setUp(settings);
    const [p] = records(set.world, 1);
    set.world.at(0, () => {
      set.world.setFaults(set.fn, { invocationErrorRatio: 1 });
      set.invoker.invoke([p!]);
      set.world.setFaults(set.fn, { invocationErrorRatio: 0 });
    });
    set.world.at(1, () => set.invoker.invoke([p!]));
    set.world.run(2);
    set.balanced();
    return set;
  };

  it('loses the record silently when it was marked before the work', () => {
    const { world, store, fn, invoker } = failsOnce({});
    const ledger = world.ledger();
    expect(ledger).toMatchObject({ delivered: 0, dropped: 1, droppedBy: { 'marked-not-processed': 1 } });
    expect(ledger.duplicates).toMatchObject({ made: 0, removed: 0 });
    expect(world.flow.ledger.counts.dropped[fn.index]).toBe(1);
    expect(invoker.outcomes.map(({ succeeded }) => succeeded)).toEqual([false, true]);
    expect(sum(store, 'RecordsMarkedAndLost')).toBe(1);
    expect(store.log.map(({ code }) => code)).toEqual(['lambda--elasticache/records-lost']);
  });

  it('loses nothing when records are marked after the work', () => {
    const { world, store } = failsOnce({ connection: { mark: 'afterProcessing' } });
    expect(world.ledger()).toMatchObject({ delivered: 1, dropped: 0 });
    expect(sum(store, 'RecordsMarkedAndLost')).toBe(0);
  });

  it('has marked the records up to the one that failed, when calls are made for each in turn', () => {
    const { world, store, invoker, balanced } = setUp();
    const batch = records(world, 4);
    world.flow.store.flags[batch[1]!]! |= FLAG_POISON;
    world.at(0, () => invoker.invoke(batch));
    world.run(1);
    expect(sum(store, 'SetTypeCmds')).toBe(2);
    balanced();
  });

  it('has marked all of them when calls are pipelined', () => {
    const { world, store, invoker } = setUp({ emit: { order: 'pipelined' } });
    const batch = records(world, 4);
    world.flow.store.flags[batch[1]!]! |= FLAG_POISON;
    world.at(0, () => invoker.invoke(batch));
    world.run(1);
    expect(sum(store, 'SetTypeCmds')).toBe(4);
  });

  it('does not happen to a poison record that an earlier attempt has marked: it is left out, and lost', () => {
    const { world, invoker, balanced } = setUp();
    const [p] = records(world, 1);
    world.flow.store.flags[p!]! |= FLAG_POISON;
    world.at(0, () => invoker.invoke([p!]));
    world.at(1, () => invoker.invoke([p!]));
    world.run(2);
    expect(invoker.outcomes.map(({ succeeded }) => succeeded)).toEqual([false, true]);
    expect(world.ledger()).toMatchObject({ dropped: 1, delivered: 0 });
    balanced();
  });
});

describe('two attempts at once', () => {
  /** A second attempt at the same message 50 ms after the first, which takes 111 ms. */
  const overlapping = (settings: Settings, firstFails = false) => {
    const set = setUp(settings);
    const [p] = records(set.world, 1);
    const invoker = new Invoker(set.world, set.fn, 'sqs', false);
    set.world.at(0, () => {
      if (firstFails) set.world.setFaults(set.fn, { invocationErrorRatio: 1 });
      invoker.invoke([p!]);
      set.world.setFaults(set.fn, { invocationErrorRatio: 0 });
    });
    set.world.at(0.05, () => invoker.invoke([p!]));
    set.world.run(1);
    set.world.flow.settle(p!, set.fn.index, set.world.kernel.nowUs);
    set.balanced();
    return set;
  };

  it('let a duplicate through when records are marked after the work', () => {
    const { world, store } = overlapping({ connection: { mark: 'afterProcessing' } });
    expect(world.ledger()).toMatchObject({ delivered: 1, duplicates: { made: 1, delivered: 1 } });
    expect(sum(store, 'DuplicatesMissed')).toBe(0);
  });

  it('let none through, and lose none, when records are marked before', () => {
    const { world } = overlapping({});
    expect(world.ledger()).toMatchObject({ delivered: 1, dropped: 0, duplicates: { delivered: 0 } });
  });

  it('lose the record when the second leaves it out and the first then fails', () => {
    const { world, store } = overlapping({}, true);
    expect(world.ledger()).toMatchObject({ delivered: 0, dropped: 1, duplicates: { made: 0 } });
    expect(sum(store, 'RecordsMarkedAndLost')).toBe(1);
  });
});

describe('the time of an invocation', () => {
  const durationOf = (settings: Settings, n: number): number => {
    const { world, fn, invoker } = setUp(settings);
    world.at(0, () => invoker.invoke(records(world, n)));
    world.run(10);
    return fn.samples.get('Duration')!.histogram.max;
  };

  it('holds a round trip for each record when calls are made in turn: 100 + 4 x (10 + 1) ms', () => {
    expect(durationOf({}, 4)).toBeCloseTo(144, 1);
  });

  it('holds one round trip when they are pipelined, or one script serves the invocation', () => {
    expect(durationOf({ emit: { order: 'pipelined' } }, 4)).toBeCloseTo(141, 1);
    expect(durationOf({ emit: { callsPer: 'invocation' } }, 4)).toBeCloseTo(141, 1);
  });

  it('holds a second round of calls when records are marked after the work', () => {
    const connection = { mark: 'afterProcessing' } as const;
    expect(durationOf({ connection, emit: { order: 'pipelined' } }, 4)).toBeCloseTo(142, 1);
  });

  it('is shorter by the work on what is left out', () => {
    const { world, fn, invoker } = setUp({ emit: { order: 'pipelined' } });
    const [first, second] = twice(world);
    world.at(0, () => invoker.invoke([first]));
    world.at(1, () => invoker.invoke([second]));
    world.run(2);
    expect(fn.samples.get('Duration')?.histogram.mean).toBeCloseTo((111 + 101) / 2, 1);
  });

  it('ends at the timeout of the function while it waits for the cache', () => {
    const { world, fn, invoker, balanced } = setUp({ fn: { timeoutSeconds: 1 }, cache: { commandLatencyMs: 400 } });
    world.at(0, () => invoker.invoke(records(world, 5)));
    world.run(10);
    expect([sum(fn, 'Timeouts'), sum(fn, 'Errors')]).toEqual([1, 1]);
    expect(fn.samples.get('Duration')?.histogram.max).toBeCloseTo(1000, 1);
    expect(invoker.outcomes).toMatchObject([{ succeeded: false }]);
    balanced();
  });
});

describe('a cache that does not answer', () => {
  it('fails the invocation after the attempts of the output', () => {
    const { world, store, fn, invoker, balanced } = setUp({ emit: { maxAttempts: 2 } });
    world.at(0, () => {
      world.setFaults(store, { outage: true });
      invoker.invoke(records(world, 1));
    });
    world.run(1);
    expect(sum(fn, 'Errors')).toBe(1);
    expect(fn.samples.get('Duration')?.histogram.max).toBeCloseTo(100, 0);
    expect(world.ledger()).toMatchObject({ delivered: 0, dropped: 0 });
    balanced();
  });

  it('is done without when the output drops the call: every record is taken as new', () => {
    const { world, store, invoker, balanced } = setUp({ emit: { maxAttempts: 1, onExhausted: 'drop' } });
    const [first, second] = twice(world);
    world.at(0, () => {
      world.setFaults(store, { outage: true });
      invoker.invoke([first, second]);
    });
    world.run(1);
    expect(world.ledger()).toMatchObject({ delivered: 1, duplicates: { delivered: 1, removed: 0 } });
    balanced();
  });
});

describe('a copy that was worked on first', () => {
  it('stands for the record, which is absorbed and not lost', () => {
    const { world, store, invoker, balanced } = setUp();
    const [first, second] = twice(world);
    world.at(0, () => invoker.invoke([second]));
    world.at(1, () => invoker.invoke([first]));
    world.run(2);
    expect(world.ledger()).toMatchObject({ absorbed: 1, dropped: 0, duplicates: { made: 1, delivered: 1 } });
    expect(sum(store, 'RecordsMarkedAndLost')).toBe(0);
    balanced();
  });
});

describe('two copies in one batch', () => {
  const together = (settings: Settings) => {
    const set = setUp(settings);
    const pair = twice(set.world);
    set.world.at(0, () => set.invoker.invoke(pair));
    set.world.run(1);
    set.balanced();
    return set.world.ledger().duplicates;
  };
  const after = { mark: 'afterProcessing' } as const;

  it('are told apart by a mark before the work, and by marks in turn after it', () => {
    expect(together({})).toMatchObject({ delivered: 0, removed: 1 });
    expect(together({ emit: { order: 'pipelined' } })).toMatchObject({ delivered: 0, removed: 1 });
    expect(together({ connection: after })).toMatchObject({ delivered: 0, removed: 1 });
  });

  it('both pass where all keys are read in one go and marked after the work', () => {
    expect(together({ connection: after, emit: { order: 'pipelined' } })).toMatchObject({ delivered: 1, removed: 0 });
    expect(together({ connection: after, emit: { order: 'parallel' } })).toMatchObject({ delivered: 1, removed: 0 });
  });
});

describe('a batch in part', () => {
  it('goes on without what is left out: only the failing message comes back where each is named', () => {
    const { world, sink, store, invoker, balanced } = setUp({ emit: { order: 'pipelined' } });
    const [first, copy] = twice(world);
    const [good, bad] = records(world, 2);
    world.flow.store.flags[bad!]! |= FLAG_POISON;
    world.at(0, () => invoker.invoke([first]));
    world.at(1, () => invoker.invoke([copy, bad!, good!], 'each'));
    world.run(2);
    expect(invoker.outcomes[1]).toMatchObject({ succeeded: true, failures: [1] });
    expect(world.deliveries.map(({ node }) => node)).toEqual([sink.index, sink.index]);
    expect(sum(store, 'DuplicatesFound')).toBe(1);
    balanced();
  });

  it('goes on past a failing record that was worked on before, where the work stops at the first that fails', () => {
    const { world, invoker, balanced } = setUp();
    const [marked, fresh, bad] = records(world, 3);
    for (const p of [marked!, bad!]) world.flow.store.flags[p]! |= FLAG_POISON;
    world.at(0, () => invoker.invoke([marked!]));
    world.at(1, () => invoker.invoke([marked!, fresh!, bad!], 'first'));
    world.run(2);
    expect(invoker.outcomes.map(({ succeeded, failedAt }) => [succeeded, failedAt])).toEqual([
      [false, 0],
      [true, 2],
    ]);
    expect(world.ledger()).toMatchObject({ delivered: 1, dropped: 1, inside: 1 });
    balanced();
  });

  it('is looked at record by record, also where a message packs several', () => {
    const { world, store, invoker, balanced } = setUp();
    const [first, copy] = twice(world);
    world.at(0, () => invoker.invoke([first]));
    world.at(1, () => {
      const list = new ParcelList(world.flow.store);
      for (const p of [copy, ...records(world, 2)]) list.push(p);
      invoker.invoke([world.flow.pack(list, 20)]);
    });
    world.run(2);
    expect(sum(store, 'SetTypeCmds')).toBe(4);
    expect(world.ledger()).toMatchObject({ delivered: 3, inside: 0, duplicates: { removed: 1, delivered: 0 } });
    balanced();
  });
});

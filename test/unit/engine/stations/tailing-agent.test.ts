import { describe, expect, it } from 'vitest';
import { Emitter } from '#engine/stations/emitter.ts';
import { type AgentSettings, TailingAgent } from '#engine/stations/tailing-agent.ts';
import { emitSchema } from '#schema/emit.ts';
import { SenderWorld, StubOutlet } from './sender-world.ts';

/** An agent that looks at its file every 100 ms, without jitter; one thread. */
function build(given: Partial<AgentSettings> = {}) {
  const world = new SenderWorld();
  const outlet = new StubOutlet(world, 1);
  outlet.latencyMs = 10;
  const agent = new TailingAgent(world, outlet, {
    producers: 1,
    pollUs: 100_000,
    maxRecords: 5,
    maxBytes: 10_000,
    maxAgeUs: 1_000_000,
    maxRecordBytes: 2000,
    hasRandomKeys: true,
    queueBuffers: 3,
    sendingThreads: 1,
    firstWaitUs: 100_000,
    longestWaitUs: 800_000,
    jitterRatio: 0,
    recoveryFactor: 10,
    ...given,
  });
  const write = (count: number, bytes = 100): void => {
    for (let i = 0; i < count; i++) agent.add(world.record(bytes));
  };
  return { world, outlet, agent, write };
}

const sizes = (outlet: StubOutlet): number[] => outlet.calls.map(({ units }) => units.length);

describe('tailing agent', () => {
  it('reads the file at its next look and sends a buffer when it has enough records', () => {
    const { world, outlet, agent, write } = build();
    write(7);
    expect(agent.heldRecords).toBe(7);
    world.run(900);
    expect(sizes(outlet)).toEqual([5]);
    expect(outlet.calls[0]!.ms).toBeLessThanOrEqual(100);
    expect(outlet.calls[0]!.isBatch).toBe(true);
    expect(agent.heldRecords).toBe(2);
    // The rest leaves when the first of it has waited a second.
    world.run(2000);
    expect(sizes(outlet)).toEqual([5, 2]);
    expect(outlet.calls[1]!.ms - outlet.calls[0]!.ms).toBeCloseTo(1000, 6);
    expect(agent.heldRecords).toBe(0);
  });

  it('sends a buffer before it would hold too many bytes', () => {
    const { world, outlet, write } = build({ maxRecords: 500 });
    write(6, 1900);
    world.run(900);
    expect(sizes(outlet)).toEqual([5]);
    world.run(3000);
    expect(sizes(outlet)).toEqual([5, 1]);
  });

  it('cuts lines that are too long, and takes their keys away', () => {
    const { world, outlet, agent } = build();
    const p = world.record(5000);
    world.flow.store.key[p] = 7;
    outlet.takes = (unit, store) => {
      expect(store.key[unit]).toBe(-1);
      return true;
    };
    agent.add(p);
    world.run(2000);
    expect(outlet.units[0]?.bytes).toBe(2000);
  });

  it('keeps keys that are made of the data', () => {
    const { world, outlet, agent } = build({ hasRandomKeys: false });
    const p = world.record();
    world.flow.store.key[p] = 7;
    outlet.takes = (unit, store) => {
      expect(store.key[unit]).toBe(7);
      return true;
    };
    agent.add(p);
    world.run(2000);
    expect(outlet.calls).toHaveLength(1);
  });

  it('sends what was refused again without end, each time after twice the wait, up to the longest', () => {
    const { world, outlet, agent, write } = build();
    outlet.takes = () => outlet.calls.length >= 6;
    write(5);
    world.run(20_000);
    const times = outlet.calls.map(({ ms }) => ms);
    // Ten milliseconds for the answer, then 100, 200, 400, 800 and again 800.
    expect(times.slice(1).map((ms, i) => Math.round(ms - times[i]!))).toEqual([110, 210, 410, 810, 810, 810]);
    expect(outlet.calls.slice(1).every(({ isRetry }) => isRetry)).toBe(true);
    expect(agent.heldRecords).toBe(0);
    expect(world.ledger()).toMatchObject({ delivered: 5, dropped: 0 });
    expect(world.imbalances()).toEqual([]);
  });

  it('counts a part of a call that failed as a part of a failure', () => {
    const { world, outlet, write } = build();
    let refused = 0;
    outlet.takes = () => refused++ > 0;
    write(5);
    world.run(5000);
    // One of five records: 0.2 failures round to none, so that it is sent again at once.
    expect(sizes(outlet)).toEqual([5, 1]);
    expect(outlet.calls[1]!.ms - outlet.calls[0]!.ms).toBeCloseTo(10, 6);
  });

  it('sends old buffers before new ones, and all at once again after a success', () => {
    const { world, outlet, write } = build();
    outlet.takes = () => outlet.calls.length >= 2;
    write(15);
    world.run(5000);
    expect(sizes(outlet)).toEqual([5, 5, 5, 5, 5]);
    expect(outlet.units.slice(10, 15).map(({ entities }) => entities[0])).toEqual([0, 1, 2, 3, 4]);
    const times = outlet.calls.map(({ ms }) => ms);
    expect(times.slice(2).map((ms, i) => Math.round(ms - times[i + 1]!))).toEqual([210, 10, 10]);
  });

  it('leaves in the file what its queue has no room for', () => {
    const { world, outlet, agent, write } = build();
    outlet.takes = () => false;
    write(100);
    world.run(150);
    // Three closed buffers and one under way have been read; the rest is the growing file.
    expect(agent.heldRecords).toBe(100);
    outlet.takes = () => true;
    world.run(10_000);
    expect(agent.heldRecords).toBe(0);
    expect(world.ledger().delivered).toBe(100);
    expect(world.imbalances()).toEqual([]);
  });

  it('follows a file on each host', () => {
    const { world, outlet, write } = build({ producers: 4, maxRecords: 500 });
    write(200);
    world.run(3000);
    expect(outlet.calls).toHaveLength(4);
    expect(outlet.units).toHaveLength(200);
  });

  it('sends several buffers at the same time with several threads', () => {
    const { world, outlet, write } = build({ sendingThreads: 2 });
    outlet.latencyMs = 50;
    write(15);
    world.run(5000);
    const times = outlet.calls.map(({ ms }) => ms);
    expect([times[1]! - times[0]!, Math.round(times[2]! - times[0]!)]).toEqual([0, 50]);
  });

  it('is what an output with this client sends through', () => {
    const world = new SenderWorld();
    const outlet = new StubOutlet(world, 1);
    const emit = emitSchema.parse({ client: 'agent', maxBufferSizeRecords: 3 });
    const emitter = new Emitter(world, [{ id: 'out', emit, outlets: [outlet] }]);
    for (let i = 0; i < 4; i++) emitter.forward(world.record());
    expect(emitter.heldRecords).toBe(4);
    world.run(59_000);
    expect(sizes(outlet)).toEqual([3]);
    world.run(61_000);
    expect(sizes(outlet)).toEqual([3, 1]);
    expect(emitter.heldRecords).toBe(0);
  });

  it.each([
    ['kinesis-put', 1_048_320],
    ['firehose-put', 1_024_000],
  ] as const)('cuts lines to what %s takes', (protocol, bytes) => {
    const world = new SenderWorld();
    const outlet = Object.assign(new StubOutlet(world, 1), { protocol });
    const emitter = new Emitter(world, [{ id: 'out', emit: emitSchema.parse({ client: 'agent' }), outlets: [outlet] }]);
    emitter.forward(world.record(3_000_000));
    world.run(70_000);
    expect(outlet.units.map((unit) => unit.bytes)).toEqual([bytes]);
  });
});

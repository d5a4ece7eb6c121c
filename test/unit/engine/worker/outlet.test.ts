import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { newReply, type Push } from '#engine/flow/ports.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { EdgeCounts, EdgeOutlet } from '#engine/worker/outlet.ts';
import { noFaults } from '#test/harness/behavior.ts';
import { audit } from '#test/unit/engine/flow/books.ts';

const TARGET = 1;

/** An outlet to a target that takes the first `room` units of all that it is offered. */
function setUp(room = Number.POSITIVE_INFINITY, startUs = 0) {
  const kernel = new Kernel(startUs);
  const flow = new Flow(2, () => undefined);
  const counts = new EdgeCounts(kernel);
  const faults = noFaults();
  const offers: { entities: number[]; isBatch: boolean }[] = [];
  const taken = new ParcelList(flow.store);
  const state = { room, latencyUs: 4000 };
  const push: Push = {
    meeting: 'push',
    offer(request, isBatch, reply) {
      const entities: number[] = [];
      for (let p = request.head; p !== NONE; p = flow.store.next[p]!) entities.push(flow.store.entity[p]!);
      offers.push({ entities, isBatch });
      Object.assign(reply, newReply());
      while (request.head !== NONE && state.room > 0) {
        const p = request.shift();
        flow.transfer(p, TARGET);
        taken.push(p);
        state.room -= 1;
        reply.accepted += 1;
      }
      reply.refused = request.units;
      reply.latencyUs = state.latencyUs;
    },
  };
  const duplicate = new DrawStream(1, 'edge', 'duplicate');
  const outlet = new EdgeOutlet({ edge: 0, bit: 0, targetNode: TARGET, flow, counts, faults, duplicate });
  outlet.push = push;
  let entity = 0;
  const request = (n: number): ParcelList => {
    const list = new ParcelList(flow.store);
    for (let i = 0; i < n; i += 1) list.push(flow.create(0, 0, entity++, 0, 100, kernel.nowUs));
    return list;
  };
  return { kernel, flow, counts, faults, offers, taken, outlet, request, state, duplicate };
}

describe('EdgeOutlet', () => {
  it('hands a request on and counts what passed, what was refused and what was tried again', () => {
    const { outlet, request, counts, taken } = setUp(3);
    const list = request(5);
    const reply = newReply();
    outlet.offer(list, true, reply, false);
    expect(reply).toMatchObject({ accepted: 3, refused: 2, failed: 0, latencyUs: 4000 });
    expect([taken.length, list.length]).toEqual([3, 2]);
    outlet.offer(list, true, reply, true);
    outlet.countDropped(2);
    expect(counts.totals).toEqual({
      records: 3,
      units: 3,
      requests: 2,
      bytes: 300,
      retried: 2,
      refused: 4,
      dropped: 2,
    });
  });

  it('counts a request for each unit of a run that is sent in calls of one', () => {
    const { outlet, counts, flow } = setUp();
    outlet.push!.takesRuns = () => true;
    for (const isBatch of [true, false]) {
      const list = new ParcelList(flow.store);
      list.push(flow.createRun(0, 0, 0, 6, 600, 0, 0));
      outlet.offer(list, isBatch, newReply(), false);
    }
    expect(counts.totals).toMatchObject({ records: 12, units: 12, requests: 7 });
  });

  it('hands a single unit over and counts it, or leaves it where the target has no room', () => {
    const { outlet, request, counts, flow, taken } = setUp();
    let room = 1;
    outlet.push = {
      meeting: 'push',
      offer: () => undefined,
      takeOne(parcel) {
        if (room === 0) return false;
        room -= 1;
        flow.transfer(parcel, TARGET);
        taken.push(parcel);
        return true;
      },
    };
    const list = request(2);
    expect([outlet.offerOne(list.shift()), outlet.offerOne(list.head)]).toEqual([true, false]);
    expect(taken.length).toBe(1);
    expect(counts.totals).toMatchObject({ records: 1, units: 1, requests: 1, bytes: 100, refused: 0 });
  });

  it('hands no single unit over where a fault or the target wants it offered', () => {
    const { outlet, request, counts, faults } = setUp();
    const list = request(1);
    expect(outlet.offerOne(list.head)).toBe(false);
    outlet.push = { meeting: 'push', offer: () => undefined, takeOne: () => true };
    faults.outage = true;
    expect(outlet.offerOne(list.head)).toBe(false);
    faults.outage = false;
    faults.duplicateRatio = 0.5;
    expect(outlet.offerOne(list.head)).toBe(false);
    expect(counts.totals.requests).toBe(0);
    faults.duplicateRatio = 0;
    expect(outlet.offerOne(list.head)).toBe(true);
  });

  it('counts nothing before time zero', () => {
    const { outlet, request, counts, taken } = setUp(1, -1000);
    outlet.offer(request(2), false, newReply(), true);
    outlet.countDropped(1);
    expect(taken.length).toBe(1);
    expect(Object.values(counts.totals)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('fails every unit at once during an outage, without asking the target', () => {
    const { outlet, request, offers, faults, counts } = setUp();
    faults.outage = true;
    const list = request(3);
    const reply = newReply();
    outlet.offer(list, true, reply, false);
    expect(reply).toMatchObject({ accepted: 0, refused: 0, failed: 3, latencyUs: 50_000 });
    expect([offers.length, list.length, counts.totals.refused]).toEqual([0, 3, 3]);
    faults.outage = false;
    outlet.offer(list, true, reply, true);
    expect(reply).toMatchObject({ accepted: 3, failed: 0 });
  });

  it('wants runs in an outage where its target does, and fails them whole', () => {
    const { outlet, offers, faults, flow } = setUp();
    faults.outage = true;
    expect(outlet.takesRuns()).toBe(false);
    outlet.push!.takesRuns = () => true;
    expect(outlet.takesRuns()).toBe(true);
    const list = new ParcelList(flow.store);
    list.push(flow.createRun(0, 0, 0, 6, 600, 0, 0));
    const reply = newReply();
    outlet.offer(list, true, reply, false);
    expect(reply).toMatchObject({ accepted: 0, failed: 6 });
    expect([offers.length, list.length, list.units]).toEqual([0, 1, 6]);
  });

  it('multiplies the latency of the target by the factor of its fault', () => {
    const { outlet, request, faults } = setUp();
    faults.latencyFactor = 25;
    const reply = newReply();
    outlet.offer(request(1), false, reply, false);
    expect(reply.latencyUs).toBe(100_000);
    expect(outlet.latencyFactor).toBe(25);
  });

  it('stores a share of what is accepted twice, in a request of its own', () => {
    const { outlet, request, faults, counts, flow, offers } = setUp();
    faults.duplicateRatio = 1;
    const reply = newReply();
    outlet.offer(request(3), true, reply, false);
    expect(reply).toMatchObject({ accepted: 3, refused: 0 });
    expect(offers.map(({ entities }) => entities)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(audit(flow)).toMatchObject({ created: 3, inside: 3, duplicates: { made: 3, inside: 3 } });
    expect(counts.totals).toMatchObject({ records: 6, requests: 2, bytes: 600, retried: 3, refused: 0 });
  });

  it('duplicates only what was accepted; what was refused is not stored at all', () => {
    const { outlet, request, faults, flow, offers, state } = setUp(2);
    faults.duplicateRatio = 1;
    const list = request(4);
    outlet.offer(list, true, newReply(), false);
    // The copies of the first two found no room either and are not sent a third time.
    expect(offers[1]!.entities).toEqual([0, 1]);
    expect(audit(flow)).toMatchObject({ inside: 4, dropped: 0, duplicates: { made: 0, inside: 0 } });
    state.room = 3;
    outlet.offer(list, true, newReply(), true);
    expect(audit(flow)).toMatchObject({ inside: 4, duplicates: { made: 1, inside: 1 } });
    expect(list.length).toBe(0);
    expect(flow.store.liveCount).toBe(5);
  });

  it('duplicates nothing when nothing is accepted', () => {
    const { outlet, request, faults, flow, offers } = setUp(0);
    faults.duplicateRatio = 1;
    outlet.offer(request(2), true, newReply(), false);
    expect(offers).toHaveLength(1);
    expect(audit(flow)).toMatchObject({ inside: 2, duplicates: { made: 0 } });
    expect(flow.store.liveCount).toBe(2);
  });

  it('duplicates about the share that the fault says, and the same records in every run', () => {
    const run = (): number[] => {
      const { outlet, request, faults, offers } = setUp();
      faults.duplicateRatio = 0.25;
      for (let i = 0; i < 100; i += 1) outlet.offer(request(10), true, newReply(), false);
      return offers.filter((_, i) => i > 0).flatMap(({ entities }) => entities);
    };
    const { outlet, request, faults, taken } = setUp();
    faults.duplicateRatio = 0.25;
    for (let i = 0; i < 100; i += 1) outlet.offer(request(10), true, newReply(), false);
    const copies = taken.length - 1000;
    // Binomial: five standard deviations, false alarm rate 6e-7.
    expect(Math.abs(copies - 250)).toBeLessThan(5 * Math.sqrt(1000 * 0.25 * 0.75));
    expect(run()).toEqual(run());
  });

  it('duplicates units with all their records', () => {
    const { outlet, request, faults, flow } = setUp();
    faults.duplicateRatio = 1;
    const list = new ParcelList(flow.store);
    list.push(flow.pack(request(3), 20));
    outlet.offer(list, false, newReply(), false);
    expect(audit(flow)).toMatchObject({ inside: 3, duplicates: { made: 3, inside: 3 } });
  });

  it('fails while it has no target yet', () => {
    const { outlet, request } = setUp();
    outlet.push = undefined;
    const reply = newReply();
    outlet.offer(request(1), false, reply, false);
    expect(reply).toMatchObject({ accepted: 0, failed: 1 });
  });

  it('predicts the partition that its target names, the first where it names none', () => {
    const { outlet, request } = setUp();
    const p = request(1).head;
    expect(outlet.predictPartition(p)).toBe(0);
    outlet.push = { ...outlet.push!, predictPartition: () => 7 };
    expect(outlet.predictPartition(p)).toBe(7);
  });
});

/** A call edge as its source sees it. */
import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import {
  ANSWER_DONE,
  ANSWER_FAILED,
  ANSWER_REFUSED,
  type Callee,
  newCallReply,
  newCallRequest,
} from '#engine/flow/ports.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { EdgeCallOutlet } from '#engine/worker/call-outlet.ts';
import { EdgeCounts } from '#engine/worker/outlet.ts';
import { noFaults } from '#test/harness/behavior.ts';

/** An outlet to a callee that refuses the second record of a request and takes 4 ms. */
function setUp(startUs = 0) {
  const kernel = new Kernel(startUs);
  const flow = new Flow(2, () => undefined);
  const counts = new EdgeCounts(kernel);
  const faults = noFaults();
  const ended: unknown[] = [];
  const callee: Callee = {
    meeting: 'call',
    call(request, reply) {
      reply.answers.fill(ANSWER_DONE, 0, request.count);
      reply.answers[1] = ANSWER_REFUSED;
      Object.assign(reply, { refused: 1, failed: 0, latencyUs: 4000, retryAfterUs: 0, bytes: 120 });
    },
    onEnded: (...args) => ended.push(args),
  };
  const outlet = new EdgeCallOutlet({ edge: 3, bit: 2, targetNode: 1, store: flow.store, counts, faults });
  outlet.served = callee;
  const request = { ...newCallRequest(), count: 3, calls: 3 };
  for (let i = 0; i < 3; i++) request.records[i] = flow.create(0, 0, i, -1, 10, startUs);
  return { outlet, counts, faults, ended, request, reply: newCallReply() };
}

describe('a call edge', () => {
  it('counts what was answered, what was refused and what was asked again', () => {
    const { outlet, counts, request, reply } = setUp();
    outlet.call(request, reply, false);
    expect(counts.totals).toEqual({
      records: 2,
      units: 2,
      requests: 3,
      bytes: 120,
      retried: 0,
      refused: 1,
      dropped: 0,
    });
    outlet.call(request, reply, true);
    expect(counts.totals).toMatchObject({ requests: 6, retried: 3, refused: 2 });
  });

  it('counts nothing before time zero', () => {
    const { outlet, counts, request, reply } = setUp(-1_000_000);
    outlet.call(request, reply, false);
    expect(counts.totals).toMatchObject({ records: 0, requests: 0, refused: 0 });
  });

  it('answers for a target in an outage, within 50 ms, that everything has failed', () => {
    const { outlet, counts, faults, request, reply } = setUp();
    faults.outage = true;
    outlet.call(request, reply, false);
    expect([...reply.answers.subarray(0, 3)]).toEqual([ANSWER_FAILED, ANSWER_FAILED, ANSWER_FAILED]);
    expect(reply).toMatchObject({ refused: 0, failed: 3, latencyUs: 50_000 });
    expect(counts.totals).toMatchObject({ records: 0, requests: 3, refused: 3 });
  });

  it('multiplies the latency under a fault of the target', () => {
    const { outlet, faults, request, reply } = setUp();
    faults.latencyFactor = 5;
    outlet.call(request, reply, false);
    expect(reply.latencyUs).toBe(20_000);
  });

  it('tells the callee what became of a record', () => {
    const { outlet, ended } = setUp();
    outlet.onEnded(7, true, false);
    expect(ended).toEqual([[7, true, false]]);
    expect(outlet.isAskedAfter).toBe(false);
  });
});

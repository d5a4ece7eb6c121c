/** Records that work derives from others, and effects that are on their way when recording begins. */
import { describe, expect, it } from 'vitest';
import type { Flow } from '#engine/flow/flow.ts';
import { FLAG_DUPLICATE, ParcelList } from '#engine/flow/parcels.ts';
import { audit } from './books.ts';
import { A, B, LEFT, newFlow, sendOn, stored, STREAM, WORKER } from './stream-worker.ts';

describe('derived records', () => {
  /** One attempt that makes `n` records of one; returns carrier and records. */
  function derive(flow: Flow, p: number, n: number): { carrier: number; derived: number[] } {
    const carrier = flow.effect(p, A, WORKER);
    const isRepeat = (flow.store.flags[carrier]! & FLAG_DUPLICATE) !== 0;
    const owed = isRepeat ? flow.takeOwed(carrier, A) : 0;
    const derived = Array.from({ length: n }, (_, j) =>
      flow.derive(WORKER, carrier, 1000 + j, 50, 1000, 1000, isRepeat && j >= owed),
    );
    audit(flow);
    return { carrier, derived };
  }

  it('are emitted, and what they were made of is absorbed when the invocation ends', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const { carrier, derived } = derive(flow, p, 3);
    for (const d of derived) flow.transfer(d, LEFT);
    expect(flow.keptDerived(carrier)).toBe(3);
    flow.endCarrier(carrier, A, 'absorbed');
    flow.settle(p, WORKER, 1);
    expect(audit(flow)).toMatchObject({ created: 1, emitted: 3, absorbed: 1, inside: 3 });
    expect(flow.store.liveCount).toBe(3);
  });

  it('leave no trace when none was accepted: the next attempt is the first', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const first = derive(flow, p, 3);
    for (const d of first.derived) expect(flow.revoke(d, A)).toBe(true);
    expect(flow.keptDerived(first.carrier)).toBe(0);
    flow.endCarrier(first.carrier, A, 'revoked');
    expect(audit(flow)).toMatchObject({ created: 1, emitted: 0, absorbed: 0, inside: 1 });
    expect(flow.countInside()[STREAM]!.inside).toBe(1);
    const second = derive(flow, p, 3);
    for (const d of second.derived) flow.transfer(d, LEFT);
    flow.endCarrier(second.carrier, A, 'absorbed');
    flow.settle(p, WORKER, 1);
    expect(audit(flow)).toMatchObject({ emitted: 3, absorbed: 1, inside: 3, dropped: 0, duplicates: { made: 0 } });
  });

  it('of which a part was accepted are completed by the next attempt; only that part is duplicated', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const first = derive(flow, p, 3);
    flow.transfer(first.derived[0]!, LEFT);
    flow.revoke(first.derived[1]!, A);
    flow.revoke(first.derived[2]!, A);
    flow.endCarrier(first.carrier, A, 'absorbed');
    expect(audit(flow)).toMatchObject({ emitted: 1, absorbed: 1, inside: 1 });
    // The second attempt fails altogether, the third succeeds.
    const second = derive(flow, p, 3);
    for (const d of second.derived) flow.revoke(d, A);
    flow.endCarrier(second.carrier, A, 'revoked');
    expect(audit(flow)).toMatchObject({ emitted: 1, duplicates: { made: 0 } });
    const third = derive(flow, p, 3);
    for (const d of third.derived) flow.transfer(d, LEFT);
    flow.endCarrier(third.carrier, A, 'absorbed');
    flow.settle(p, WORKER, 1);
    expect(audit(flow)).toMatchObject({
      emitted: 3,
      absorbed: 1,
      inside: 3,
      // The effect itself was repeated and absorbed, and one of its records sent again.
      duplicates: { made: 2, removed: 1, inside: 1 },
    });
  });

  it('do not take over what an earlier record in the same place was owed', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const { carrier, derived } = derive(flow, p, 2);
    flow.transfer(derived[0]!, LEFT);
    flow.revoke(derived[1]!, A);
    flow.endCarrier(carrier, A, 'absorbed');
    flow.drop(p, 'retries-exhausted');
    const next = stored(flow);
    const again = derive(flow, next, 2);
    for (const d of again.derived) flow.transfer(d, LEFT);
    flow.endCarrier(again.carrier, A, 'absorbed');
    const repeat = derive(flow, next, 2);
    for (const d of repeat.derived) flow.transfer(d, LEFT);
    flow.endCarrier(repeat.carrier, A, 'absorbed');
    expect(audit(flow)).toMatchObject({ emitted: 3, duplicates: { made: 3, removed: 1, inside: 2 } });
  });

  it('that are none are filtered', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const { carrier } = derive(flow, p, 0);
    flow.endCarrier(carrier, A, 'filtered');
    flow.settle(p, WORKER, 1);
    expect(audit(flow)).toMatchObject({ created: 1, filtered: 1, inside: 0 });
  });

  it('of a duplicate are duplicates', () => {
    const { flow } = newFlow();
    const twin = flow.duplicate(stored(flow));
    const { carrier, derived } = derive(flow, twin, 2);
    for (const d of derived) flow.transfer(d, LEFT);
    flow.endCarrier(carrier, A, 'absorbed');
    expect(audit(flow)).toMatchObject({ inside: 1, emitted: 0, duplicates: { made: 3, removed: 1, inside: 2 } });
  });
});

describe('effects on their way across time zero', () => {
  it('are carried in where they are; what stays behind is not', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const q = flow.effect(p, A, WORKER);
    flow.startRecording();
    expect(audit(flow)).toMatchObject({ carriedIn: 1, inside: 1 });
    flow.transfer(q, LEFT);
    flow.settle(p, WORKER, 1);
    expect(audit(flow)).toMatchObject({ carriedIn: 1, inside: 1 });
  });

  it('can be taken back afterwards without a negative count, in any order', () => {
    for (const first of [A, B]) {
      const { flow } = newFlow();
      const p = stored(flow);
      const sent = [flow.effect(p, A, WORKER), flow.effect(p, B, WORKER)];
      flow.startRecording();
      expect(audit(flow)).toMatchObject({ carriedIn: 2, inside: 2 });
      flow.revoke(sent[first]!, first);
      expect(audit(flow)).toMatchObject({ carriedIn: 1, copied: 0, inside: 1 });
      flow.revoke(sent[1 - first]!, 1 - first);
      expect(audit(flow)).toMatchObject({ carriedIn: 1, copied: 0, inside: 1 });
      expect(flow.countInside()[STREAM]!.inside).toBe(1);
    }
  });

  it('mix with effects of the same record taken after it', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const before = flow.effect(p, A, WORKER);
    flow.startRecording();
    const after = flow.effect(p, B, WORKER);
    expect(audit(flow)).toMatchObject({ carriedIn: 1, copied: 1, inside: 2 });
    flow.revoke(before, A);
    expect(audit(flow)).toMatchObject({ inside: 1 });
    flow.revoke(after, B);
    expect(audit(flow)).toMatchObject({ inside: 1 });
  });

  it('are repeated as duplicates, packed or not', () => {
    const { flow } = newFlow();
    const [p, other] = [stored(flow), stored(flow)];
    const list = new ParcelList(flow.store);
    list.push(flow.effect(p, A, WORKER));
    list.push(flow.effect(other, A, WORKER));
    const message = flow.pack(list, 0);
    flow.startRecording();
    expect(audit(flow)).toMatchObject({ carriedIn: 2, inside: 2 });
    flow.transfer(message, LEFT);
    sendOn(flow, p, A, LEFT);
    expect(audit(flow)).toMatchObject({ carriedIn: 2, inside: 2, duplicates: { made: 1, inside: 1 } });
    flow.deliver(message, LEFT, 5);
    flow.settle(p, WORKER, 6);
    flow.settle(other, WORKER, 6);
    expect(audit(flow)).toMatchObject({ delivered: 2, inside: 0, duplicates: { made: 1, inside: 1 } });
  });

  it('and their derived records can be taken back afterwards', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const carrier = flow.effect(p, A, WORKER);
    const derived = [0, 1].map((j) => flow.derive(WORKER, carrier, 10 + j, 5, 0, 0, false));
    flow.startRecording();
    expect(audit(flow)).toMatchObject({ carriedIn: 3, inside: 3 });
    for (const d of derived) flow.revoke(d, A);
    flow.endCarrier(carrier, A, 'revoked');
    expect(audit(flow)).toMatchObject({ carriedIn: 1, emitted: 0, inside: 1 });
    expect(flow.countInside()[STREAM]!.inside).toBe(1);
  });

  it('of duplicates can be taken back afterwards', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    sendOn(flow, p, A, LEFT);
    const repeat = flow.effect(p, A, WORKER);
    flow.startRecording();
    expect(audit(flow)).toMatchObject({ carriedIn: 1, duplicates: { made: 1, inside: 1 } });
    flow.revoke(repeat, A);
    expect(audit(flow)).toMatchObject({ carriedIn: 1, inside: 1, duplicates: { made: 0 } });
  });
});

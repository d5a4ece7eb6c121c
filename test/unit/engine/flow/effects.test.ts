/** What work sends on while its originals stay: identity, repetition, taking back, derived records, recording in between. */
import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { FLAG_DUPLICATE, ParcelList } from '#engine/flow/parcels.ts';
import { audit } from './books.ts';

const [SOURCE, STREAM, WORKER, LEFT, RIGHT, DEAD] = [0, 1, 2, 3, 4, 5];
const [A, B] = [0, 1];

function newFlow(): { flow: Flow; delivered: number[] } {
  const delivered: number[] = [];
  const flow = new Flow(6, (_parcel, node) => delivered.push(node));
  return { flow, delivered };
}

let nextEntity = 1;

/** A record that rests in the stream. */
function stored(flow: Flow): number {
  const p = flow.create(SOURCE, 0, nextEntity++, 1, 100, 1000);
  flow.transfer(p, STREAM);
  return p;
}

/** An effect that is accepted at once. */
function sendOn(flow: Flow, p: number, bit: number, to: number): number {
  const q = flow.effect(p, bit, WORKER);
  audit(flow);
  flow.transfer(q, to);
  audit(flow);
  return q;
}

describe('identity', () => {
  it('moves on with the first effect; what stays is not counted and is freed when the work is done', () => {
    const { flow, delivered } = newFlow();
    const p = stored(flow);
    const q = flow.effect(p, A, WORKER);
    expect(audit(flow)).toMatchObject({ inside: 1, copied: 0 });
    expect(flow.countInside().map(({ inside }) => inside)).toEqual([0, 0, 1, 0, 0, 0]);
    flow.transfer(q, LEFT);
    flow.settle(p, WORKER, 5);
    expect(delivered).toEqual([]);
    flow.deliver(q, LEFT, 9);
    expect(audit(flow)).toMatchObject({ created: 1, delivered: 1, inside: 0 });
    expect(flow.store.liveCount).toBe(0);
  });

  it('is copied by a second outlet, in either order of acceptance', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const left = flow.effect(p, A, WORKER);
    const right = flow.effect(p, B, WORKER);
    expect(audit(flow)).toMatchObject({ inside: 2, copied: 1 });
    flow.transfer(right, RIGHT);
    flow.transfer(left, LEFT);
    flow.settle(p, WORKER, 5);
    expect(audit(flow)).toMatchObject({ created: 1, copied: 1, inside: 2, duplicates: { made: 0 } });
  });

  it('is repeated, as a duplicate, when the same work takes effect again', () => {
    const { flow, delivered } = newFlow();
    const p = stored(flow);
    const first = sendOn(flow, p, A, LEFT);
    const second = sendOn(flow, p, A, LEFT);
    expect(audit(flow)).toMatchObject({ inside: 1, copied: 0, duplicates: { made: 1, inside: 1 } });
    flow.deliver(first, LEFT, 1);
    flow.deliver(second, LEFT, 2);
    flow.settle(p, WORKER, 3);
    expect(audit(flow)).toMatchObject({ delivered: 1, inside: 0, duplicates: { made: 1, delivered: 1 } });
    expect(delivered).toEqual([LEFT]);
  });

  it('delivers at the node itself what never took effect', () => {
    const { flow, delivered } = newFlow();
    flow.settle(stored(flow), WORKER, 5);
    expect(delivered).toEqual([WORKER]);
    expect(audit(flow)).toMatchObject({ delivered: 1 });
    expect(flow.ledger.counts.delivered[WORKER]).toBe(1);
  });

  it('is delivered once however often a sink works on it', () => {
    const { flow, delivered } = newFlow();
    const p = stored(flow);
    flow.deliverEffect(p, WORKER, 5);
    expect(audit(flow)).toMatchObject({ delivered: 1, inside: 0 });
    flow.deliverEffect(p, WORKER, 6);
    expect(audit(flow)).toMatchObject({ delivered: 1, duplicates: { made: 1, delivered: 1, inside: 0 } });
    flow.settle(p, WORKER, 7);
    expect(audit(flow)).toMatchObject({ delivered: 1, duplicates: { made: 1 } });
    expect(delivered).toEqual([WORKER]);
    expect(flow.store.liveCount).toBe(0);
  });

  it('of a duplicate stays a duplicate through every outlet', () => {
    const { flow } = newFlow();
    const twin = flow.duplicate(stored(flow));
    sendOn(flow, twin, A, LEFT);
    expect(audit(flow)).toMatchObject({ inside: 1, copied: 0, duplicates: { made: 1, inside: 1 } });
    sendOn(flow, twin, B, RIGHT);
    expect(audit(flow)).toMatchObject({ copied: 0, duplicates: { made: 2, inside: 2 } });
    flow.settle(twin, WORKER, 5);
    expect(audit(flow)).toMatchObject({ inside: 1, delivered: 0, duplicates: { made: 2, inside: 2 } });
  });

  it('is not counted again when what stays expires or is dropped', () => {
    for (const end of ['expire', 'drop'] as const) {
      const { flow } = newFlow();
      const p = stored(flow);
      sendOn(flow, p, A, LEFT);
      if (end === 'drop') flow.drop(p, 'retries-exhausted');
      else flow.expire(p);
      expect(audit(flow)).toMatchObject({ inside: 1, dropped: 0, expired: 0 });
    }
  });

  it('of a message that took effect and is handed on all the same goes as a duplicate', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    sendOn(flow, p, A, LEFT);
    flow.transfer(p, DEAD);
    expect(audit(flow)).toMatchObject({ inside: 1, duplicates: { made: 1, inside: 1 } });
  });
});

describe('taking effects back', () => {
  it('returns the identity of a first effect to its original', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    expect(flow.revoke(flow.effect(p, A, WORKER), A)).toBe(true);
    expect(audit(flow)).toMatchObject({ inside: 1, copied: 0, duplicates: { made: 0 } });
    expect(flow.countInside()[STREAM]!.inside).toBe(1);
    sendOn(flow, p, A, LEFT);
    flow.settle(p, WORKER, 1);
    expect(audit(flow)).toMatchObject({ inside: 1, duplicates: { made: 0 } });
  });

  it('leaves the identity with whichever effect stands, whatever the order of taking back', () => {
    for (const first of [A, B]) {
      const { flow } = newFlow();
      const p = stored(flow);
      const sent = [flow.effect(p, A, WORKER), flow.effect(p, B, WORKER)];
      flow.revoke(sent[first]!, first);
      expect(audit(flow)).toMatchObject({ inside: 1, copied: 0 });
      expect(flow.countInside()[WORKER]!.inside).toBe(1);
      flow.revoke(sent[1 - first]!, 1 - first);
      expect(audit(flow)).toMatchObject({ inside: 1, copied: 0 });
      expect(flow.countInside()[STREAM]!.inside).toBe(1);
    }
  });

  it('keeps every count right when two consumers work on one message and both give up', () => {
    for (const first of [0, 1]) {
      const { flow } = newFlow();
      const p = stored(flow);
      const sent = [flow.effect(p, A, WORKER), flow.effect(p, B, RIGHT)];
      expect(audit(flow)).toMatchObject({ inside: 2, copied: 1 });
      flow.revoke(sent[first]!, first);
      expect(audit(flow)).toMatchObject({ inside: 1, copied: 0 });
      flow.revoke(sent[1 - first]!, 1 - first);
      expect(audit(flow)).toMatchObject({ inside: 1, copied: 0 });
      expect(flow.countInside()[STREAM]!.inside).toBe(1);
    }
  });

  it('keeps what was accepted: only the other outlet is tried again, and nothing is a duplicate of it', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    sendOn(flow, p, A, LEFT);
    flow.revoke(flow.effect(p, B, WORKER), B);
    expect(audit(flow)).toMatchObject({ inside: 1, copied: 0 });
    sendOn(flow, p, A, LEFT);
    sendOn(flow, p, B, RIGHT);
    flow.settle(p, WORKER, 1);
    expect(audit(flow)).toMatchObject({ inside: 2, copied: 1, duplicates: { made: 1, inside: 1 } });
  });

  it('takes a repetition back without touching what it repeats', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    sendOn(flow, p, A, LEFT);
    flow.revoke(flow.effect(p, A, WORKER), A);
    expect(audit(flow)).toMatchObject({ inside: 1, duplicates: { made: 0 } });
    sendOn(flow, p, A, LEFT);
    expect(audit(flow)).toMatchObject({ duplicates: { made: 1 } });
  });

  it('takes the repetition of a duplicate back: the duplicate itself has moved on and does not come to life again', () => {
    const { flow, delivered } = newFlow();
    const twin = flow.duplicate(stored(flow));
    sendOn(flow, twin, A, LEFT);
    flow.revoke(flow.effect(twin, A, WORKER), A);
    expect(audit(flow)).toMatchObject({ duplicates: { made: 1, inside: 1 } });
    flow.settle(twin, WORKER, 1);
    expect(delivered).toEqual([]);
    expect(audit(flow)).toMatchObject({ duplicates: { made: 1, inside: 1, delivered: 0 } });
  });

  it('takes the effects of a duplicate back through one outlet after the other', () => {
    const { flow } = newFlow();
    const twin = flow.duplicate(stored(flow));
    const sent = [flow.effect(twin, A, WORKER), flow.effect(twin, B, WORKER)];
    flow.revoke(sent[0]!, A);
    expect(audit(flow)).toMatchObject({ duplicates: { made: 1, inside: 1 } });
    flow.revoke(sent[1]!, B);
    expect(audit(flow)).toMatchObject({ duplicates: { made: 1, inside: 1 } });
  });

  it('refuses what carries no effect, and what was accepted', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    expect(flow.revoke(p, A)).toBe(false);
    const q = sendOn(flow, p, A, LEFT);
    expect(flow.revoke(q, A)).toBe(false);
    expect(audit(flow)).toMatchObject({ inside: 1 });
  });

  it('works record by record inside a unit', () => {
    const { flow } = newFlow();
    const list = new ParcelList(flow.store);
    const sources = [stored(flow), stored(flow), stored(flow)];
    for (const p of sources) list.push(flow.effect(p, A, WORKER));
    const message = flow.pack(list, 0);
    audit(flow);
    flow.unpack(message, list);
    for (let i = 0; i < 3; i += 1) {
      expect(flow.revoke(list.shift(), A)).toBe(true);
      audit(flow);
    }
    expect(flow.countInside()[STREAM]!.inside).toBe(3);
    expect(flow.store.liveCount).toBe(3);
  });
});

describe('a message sent elsewhere while attempts work on it', () => {
  it('is what it was; what attempts still send on repeats it', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const moved = flow.detach(p);
    flow.transfer(moved, DEAD);
    expect(audit(flow)).toMatchObject({ inside: 1, duplicates: { made: 0 } });
    expect(flow.countInside()[DEAD]!.inside).toBe(1);
    const q = sendOn(flow, p, A, LEFT);
    expect(audit(flow)).toMatchObject({ inside: 1, copied: 0, duplicates: { made: 1, inside: 1 } });
    flow.deliver(q, LEFT, 4);
    flow.drop(p, 'done');
    expect(audit(flow)).toMatchObject({ inside: 1, dropped: 0, duplicates: { made: 1, delivered: 1 } });
  });

  it('takes back what an attempt could not send on', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    flow.transfer(flow.detach(p), DEAD);
    flow.revoke(flow.effect(p, A, WORKER), A);
    flow.drop(p, 'done');
    expect(audit(flow)).toMatchObject({ inside: 1, dropped: 0, duplicates: { made: 0 } });
  });

  it('has its identity back when an effect under way at that moment is taken back, and can pass it on again', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const pending = flow.effect(p, A, WORKER);
    flow.transfer(flow.detach(p), DEAD);
    expect(audit(flow)).toMatchObject({ inside: 1, duplicates: { made: 1, inside: 1 } });
    flow.revoke(pending, A);
    audit(flow);
    sendOn(flow, p, A, LEFT);
    flow.settle(p, WORKER, 5);
    expect(audit(flow)).toMatchObject({ inside: 1, duplicates: { made: 1, inside: 1 } });
  });

  it('goes on as a duplicate when it had taken effect before, record by record in a unit', () => {
    const { flow } = newFlow();
    const list = new ParcelList(flow.store);
    const [done, open] = [stored(flow), stored(flow)];
    sendOn(flow, done, A, LEFT);
    list.push(done);
    list.push(open);
    const message = flow.pack(list, 0);
    flow.transfer(flow.detach(message), DEAD);
    expect(audit(flow)).toMatchObject({ inside: 2, duplicates: { made: 1, inside: 1 } });
    expect(flow.countInside()[DEAD]).toMatchObject({ inside: 1, duplicates: 1 });
    flow.settle(message, WORKER, 1);
    expect(audit(flow)).toMatchObject({ inside: 2, delivered: 0 });
  });

  it('counts a delivery by an attempt that still runs as a duplicate', () => {
    const { flow, delivered } = newFlow();
    const p = stored(flow);
    flow.transfer(flow.detach(p), DEAD);
    flow.deliverEffect(p, WORKER, 4);
    flow.settle(p, WORKER, 5);
    expect(audit(flow)).toMatchObject({ inside: 1, delivered: 0, duplicates: { made: 1, delivered: 1 } });
    expect(delivered).toEqual([]);
  });
});

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

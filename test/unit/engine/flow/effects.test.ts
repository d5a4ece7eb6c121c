/** What work sends on while its originals stay: identity, repetition, taking back. */
import { describe, expect, it } from 'vitest';
import { ParcelList } from '#engine/flow/parcels.ts';
import { audit } from './books.ts';
import { A, B, DEAD, LEFT, newFlow, RIGHT, sendOn, stored, STREAM, WORKER } from './stream-worker.ts';

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

  it('stays with what goes on beside its effects, as a copy', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    sendOn(flow, p, A, LEFT);
    flow.goOn(p);
    expect(audit(flow)).toMatchObject({ created: 1, copied: 1, inside: 2, duplicates: { made: 0 } });
    flow.transfer(p, RIGHT);
    flow.deliver(p, RIGHT, 5);
    expect(audit(flow)).toMatchObject({ delivered: 1, inside: 1, duplicates: { made: 0 } });
  });

  it('is not copied where nothing was sent on', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    flow.goOn(p);
    flow.transfer(p, RIGHT);
    expect(audit(flow)).toMatchObject({ created: 1, copied: 0, inside: 1 });
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
    // The way there and back is struck from the books.
    expect([flow.ledger.counts.out[STREAM], flow.ledger.counts.in[WORKER], flow.ledger.counts.out[WORKER]]).toEqual([
      0, 0, 0,
    ]);
    sendOn(flow, p, A, LEFT);
    flow.settle(p, WORKER, 1);
    expect(audit(flow)).toMatchObject({ inside: 1, duplicates: { made: 0 } });
    expect([flow.ledger.counts.out[STREAM], flow.ledger.counts.in[WORKER], flow.ledger.counts.out[WORKER]]).toEqual([
      1, 1, 1,
    ]);
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

  it('gets its identity back in full when the effect from before is taken back, whatever was repeated since', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const pending = flow.effect(p, A, WORKER);
    flow.transfer(flow.detach(p), DEAD);
    sendOn(flow, p, B, RIGHT);
    flow.revoke(pending, A);
    expect(audit(flow)).toMatchObject({ inside: 1, copied: 0, duplicates: { made: 2, inside: 2 } });
    expect(flow.countInside()[STREAM]!.inside).toBe(1);
    flow.drop(p, 'dead-lettered-while-processed');
    expect(audit(flow)).toMatchObject({ inside: 0, dropped: 1 });
  });

  it('counts copies right that are made after a delivery at the node itself', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    flow.deliverEffect(p, WORKER, 3);
    flow.revoke(flow.effect(p, A, RIGHT), A);
    expect(audit(flow)).toMatchObject({ delivered: 1, copied: 0, inside: 0 });
    sendOn(flow, p, A, LEFT);
    expect(audit(flow)).toMatchObject({ delivered: 1, copied: 1, inside: 1 });
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

/** Work that is left undone because it has been done before: what the books say of the record. */
import { describe, expect, it } from 'vitest';
import { audit } from './books.ts';
import { A, B, LEFT, newFlow, sendOn, SOURCE, stored, STREAM, WORKER } from './stream-worker.ts';

describe('a record that is left out', () => {
  it('counts as a duplicate removed when it has taken effect before', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    sendOn(flow, p, A, LEFT);
    expect(flow.leaveOut(p, B, WORKER, 'marked-not-processed')).toBe(false);
    expect(audit(flow)).toMatchObject({ dropped: 0, inside: 1, duplicates: { made: 1, removed: 1 } });
    flow.settle(p, WORKER, 5);
    expect(audit(flow)).toMatchObject({ dropped: 0, inside: 1, duplicates: { made: 1, removed: 1 } });
  });

  it('is removed when it is a stored duplicate', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const twin = flow.duplicate(p);
    expect(flow.leaveOut(twin, B, WORKER, 'marked-not-processed')).toBe(false);
    expect(audit(flow)).toMatchObject({ dropped: 0, inside: 1, duplicates: { made: 1, removed: 1 } });
    flow.settle(twin, WORKER, 5);
    expect(audit(flow).duplicates).toMatchObject({ made: 1, removed: 1, delivered: 0, inside: 0 });
  });

  it('is lost at the node that leaves it out when it never took effect', () => {
    const { flow, delivered } = newFlow();
    const p = stored(flow);
    expect(flow.leaveOut(p, B, WORKER, 'marked-not-processed')).toBe(true);
    flow.settle(p, WORKER, 5);
    const ledger = audit(flow);
    expect(ledger).toMatchObject({ created: 1, dropped: 1, inside: 0, droppedBy: { 'marked-not-processed': 1 } });
    expect(flow.ledger.counts.dropped[WORKER]).toBe(1);
    expect(flow.ledger.counts.dropped[STREAM]).toBe(0);
    expect(delivered).toEqual([]);
    expect(flow.store.liveCount).toBe(0);
  });

  it('is absorbed, not lost, when a copy of it was worked on', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    expect(flow.leaveOut(p, B, WORKER, undefined)).toBe(true);
    flow.settle(p, WORKER, 5);
    expect(audit(flow)).toMatchObject({ dropped: 0, absorbed: 1, duplicates: { made: 0 } });
  });

  it('is counted once, however often it is left out after it was lost', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    flow.leaveOut(p, B, WORKER, 'marked-not-processed');
    flow.leaveOut(p, B, WORKER, 'marked-not-processed');
    expect(audit(flow)).toMatchObject({ dropped: 1, duplicates: { made: 0, removed: 0 } });
  });

  it('keeps the books when an effect that was under way is taken back afterwards', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    const effect = flow.effect(p, A, WORKER);
    flow.leaveOut(p, B, WORKER, 'marked-not-processed');
    expect(audit(flow).duplicates).toMatchObject({ made: 1, removed: 1 });
    flow.revoke(effect, A);
    expect(audit(flow)).toMatchObject({ inside: 1, dropped: 0 });
    flow.leaveOut(p, B, WORKER, 'marked-not-processed');
    expect(audit(flow)).toMatchObject({ inside: 0, dropped: 1 });
  });

  it('keeps the books when it is worked on after all', () => {
    const { flow } = newFlow();
    const p = stored(flow);
    flow.leaveOut(p, B, WORKER, 'marked-not-processed');
    const late = sendOn(flow, p, A, LEFT);
    flow.deliver(late, LEFT, 7);
    flow.settle(p, WORKER, 8);
    expect(audit(flow)).toMatchObject({ created: 1, copied: 1, dropped: 1, delivered: 1, inside: 0 });
    expect(flow.ledger.counts.created[SOURCE]).toBe(1);
  });
});

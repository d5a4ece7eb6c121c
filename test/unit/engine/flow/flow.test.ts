import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { rest } from '#engine/flow/rest.ts';
import { FLAG_DEAD_LETTERED, FLAG_DUPLICATE, FLAG_POISON, NONE, ParcelList } from '#engine/flow/parcels.ts';
import { audit } from './books.ts';

const [SOURCE, QUEUE, WORKER, SINK] = [0, 1, 2, 3];

interface Delivery {
  readonly entity: number;
  readonly node: number;
  readonly nowUs: number;
}

function newFlow(): { flow: Flow; deliveries: Delivery[] } {
  const deliveries: Delivery[] = [];
  const flow = new Flow(4, (parcel, node, nowUs) => {
    deliveries.push({ entity: flow.store.entity[parcel]!, node, nowUs });
  });
  return { flow, deliveries };
}

let nextEntity = 1;

function create(flow: Flow, bytes = 100, eventUs = 1000): number {
  return flow.create(SOURCE, 0, nextEntity++, 7, bytes, eventUs);
}

/** A unit of `n` records at the source. */
function unitOf(flow: Flow, n: number, overheadBytes = 0): { unit: number; records: number[] } {
  const list = new ParcelList(flow.store);
  const records = Array.from({ length: n }, (_, i) => create(flow, 100 + i, 1000 * (i + 1)));
  for (const p of records) list.push(p);
  return { unit: flow.pack(list, overheadBytes), records };
}

describe('creation and hand-over', () => {
  it('creates records at their node with the event time in both ends of the interval', () => {
    const { flow } = newFlow();
    const p = create(flow, 250, 5_000_000);
    const { store } = flow;
    expect([store.records[p], store.units[p], store.bytes[p], store.owner[p]]).toEqual([1, 1, 250, SOURCE]);
    expect([store.e0[p], store.e1[p], store.a0[p]]).toEqual([5_000_000, 5_000_000, 5_000_000]);
    expect(audit(flow)).toMatchObject({ created: 1, inside: 1 });
  });

  it('books a hand-over as out of one node and into the next', () => {
    const { flow } = newFlow();
    const p = create(flow);
    flow.transfer(p, QUEUE);
    expect(flow.ledger.counts.out[SOURCE]).toBe(1);
    expect(flow.ledger.counts.in[QUEUE]).toBe(1);
    expect(audit(flow).inside).toBe(1);
    expect(flow.countInside()[QUEUE]!.inside).toBe(1);
  });

  it('books nothing when a parcel is handed to the node that has it', () => {
    const { flow } = newFlow();
    const p = create(flow);
    flow.transfer(p, SOURCE);
    expect([flow.ledger.counts.out[SOURCE], flow.ledger.counts.in[SOURCE]]).toEqual([0, 0]);
    audit(flow);
  });

  it('hands every record of a unit over with the unit', () => {
    const { flow } = newFlow();
    const { unit } = unitOf(flow, 3);
    flow.transfer(unit, QUEUE);
    expect(flow.ledger.counts.in[QUEUE]).toBe(3);
    expect(flow.store.owner[unit]).toBe(QUEUE);
    audit(flow);
  });
});

describe('fates', () => {
  it('delivers a record once, tells the listener and frees it', () => {
    const { flow, deliveries } = newFlow();
    const p = create(flow);
    const entity = flow.store.entity[p]!;
    flow.deliver(p, SINK, 42);
    expect(deliveries).toEqual([{ entity, node: SINK, nowUs: 42 }]);
    expect(audit(flow)).toMatchObject({ created: 1, delivered: 1, inside: 0 });
    expect(flow.store.liveCount).toBe(0);
  });

  it('counts a delivered duplicate apart and does not tell the listener', () => {
    const { flow, deliveries } = newFlow();
    const p = create(flow);
    const twin = flow.duplicate(p);
    expect(audit(flow)).toMatchObject({ inside: 1, duplicates: { made: 1, inside: 1 } });
    flow.deliver(p, SINK, 1);
    flow.deliver(twin, SINK, 2);
    expect(audit(flow)).toMatchObject({ delivered: 1, duplicates: { made: 1, delivered: 1, inside: 0 } });
    expect(flow.ledger.duplicatesDeliveredAt[SINK]).toBe(1);
    expect(deliveries).toHaveLength(1);
  });

  it('takes a duplicate back as if it had not been made', () => {
    const { flow } = newFlow();
    const { unit } = unitOf(flow, 4);
    const twin = flow.duplicate(unit);
    expect(audit(flow).duplicates.made).toBe(4);
    flow.unduplicate(twin);
    expect(audit(flow)).toMatchObject({ inside: 4, duplicates: { made: 0, inside: 0 } });
    expect(flow.store.liveCount).toBe(5);
  });

  it('drops with a reason, filters, absorbs and expires, each in its column', () => {
    const { flow } = newFlow();
    flow.drop(create(flow), 'first');
    flow.drop(create(flow), 'second');
    flow.drop(create(flow), 'first');
    flow.filter(create(flow));
    flow.absorb(create(flow));
    flow.expire(create(flow));
    expect(audit(flow)).toMatchObject({
      created: 6,
      dropped: 3,
      filtered: 1,
      absorbed: 1,
      expired: 1,
      inside: 0,
      droppedBy: { first: 2, second: 1 },
    });
    expect(flow.store.liveCount).toBe(0);
  });

  it('removes a duplicate that is dropped, without a reason in the books', () => {
    const { flow } = newFlow();
    const p = create(flow);
    flow.drop(flow.duplicate(p), 'why');
    expect(audit(flow)).toMatchObject({ dropped: 0, droppedBy: {}, inside: 1, duplicates: { made: 1, removed: 1 } });
  });

  it('counts every record of a unit that ends, and frees all of them', () => {
    for (const end of ['drop', 'filter', 'absorb', 'expire'] as const) {
      const { flow } = newFlow();
      const { unit } = unitOf(flow, 5, 20);
      if (end === 'drop') flow.drop(unit, 'gone');
      else flow[end](unit);
      const ledger = audit(flow);
      expect(ledger.dropped + ledger.filtered + ledger.absorbed + ledger.expired, end).toBe(5);
      expect(flow.store.liveCount, end).toBe(0);
    }
  });

  it('copies records and units deeply, counted where they lie', () => {
    const { flow } = newFlow();
    const { unit } = unitOf(flow, 3);
    flow.transfer(unit, QUEUE);
    const q = flow.copy(unit);
    expect(flow.ledger.counts.copied[QUEUE]).toBe(3);
    expect(audit(flow)).toMatchObject({ copied: 3, inside: 6 });
    flow.drop(unit, 'one of two');
    expect(audit(flow)).toMatchObject({ dropped: 3, inside: 3 });
    flow.deliver(q, SINK, 9);
    expect(audit(flow)).toMatchObject({ delivered: 3, inside: 0 });
    expect(flow.store.liveCount).toBe(0);
  });

  it('makes the copy of a duplicate a duplicate', () => {
    const { flow } = newFlow();
    const twin = flow.duplicate(create(flow));
    flow.copy(twin);
    expect(audit(flow)).toMatchObject({ copied: 0, inside: 1, duplicates: { made: 2, inside: 2 } });
  });

  it('emits derived records with the event interval they are given, absorbed ones beside them', () => {
    const { flow } = newFlow();
    const p = create(flow, 100, 500);
    const d = flow.emit(SOURCE, p, 99, 50, 200, 500, false);
    flow.absorb(p);
    const { store } = flow;
    expect([store.e0[d], store.e1[d], store.bytes[d], store.key[d]]).toEqual([200, 500, 50, 7]);
    expect(audit(flow)).toMatchObject({ created: 1, emitted: 1, absorbed: 1, inside: 1 });
    const twin = flow.emit(SOURCE, d, 100, 50, 200, 500, true);
    expect(flow.store.flags[twin]! & FLAG_DUPLICATE).toBe(FLAG_DUPLICATE);
    expect(audit(flow)).toMatchObject({ emitted: 1, duplicates: { made: 1, inside: 1 } });
  });

  it('counts what rests in a dead-letter queue by a walk, and moves it back to inside when it is redriven', () => {
    const { flow } = newFlow();
    const { unit } = unitOf(flow, 2);
    flow.transfer(unit, QUEUE);
    flow.markDeadLettered(unit, true);
    expect(audit(flow)).toMatchObject({ deadLettered: 2, inside: 0 });
    flow.markDeadLettered(unit, false);
    expect(audit(flow)).toMatchObject({ deadLettered: 0, inside: 2 });
    expect(flow.store.flags[unit]! & FLAG_DEAD_LETTERED).toBe(0);
  });
});

describe('units', () => {
  it('packs records into one unit: bytes with framing, the earliest and latest event, no change in the books', () => {
    const { flow } = newFlow();
    const { unit, records } = unitOf(flow, 3, 20);
    const { store } = flow;
    expect([store.records[unit], store.units[unit], store.bytes[unit]]).toEqual([3, 1, 100 + 101 + 102 + 20]);
    expect([store.e0[unit], store.e1[unit]]).toEqual([1000, 3000]);
    expect(store.key[unit]).toBe(store.key[records[0]!]);
    expect(audit(flow)).toMatchObject({ created: 3, inside: 3 });
  });

  it('leaves a single record as it is when there is no framing, and wraps it when there is', () => {
    const { flow } = newFlow();
    const plain = unitOf(flow, 1);
    expect(plain.unit).toBe(plain.records[0]);
    const wrapped = unitOf(flow, 1, 10);
    expect(flow.store.child[wrapped.unit]).toBe(wrapped.records[0]);
    expect(flow.store.bytes[wrapped.unit]).toBe(110);
    audit(flow);
  });

  it('gives the records back in order and frees the unit', () => {
    const { flow } = newFlow();
    const { unit, records } = unitOf(flow, 3, 20);
    const into = new ParcelList(flow.store);
    flow.unpack(unit, into);
    const found: number[] = [];
    for (let p = into.shift(); p !== NONE; p = into.shift()) found.push(p);
    expect(found).toEqual(records);
    expect(flow.store.liveCount).toBe(3);
    audit(flow);
  });

  it('unpacks a plain record to itself', () => {
    const { flow } = newFlow();
    const into = new ParcelList(flow.store);
    const p = create(flow);
    flow.unpack(p, into);
    expect(into.shift()).toBe(p);
  });

  it('is poison when one of its records is', () => {
    const { flow } = newFlow();
    const list = new ParcelList(flow.store);
    const [good, bad] = [create(flow), create(flow)];
    flow.store.flags[bad]! |= FLAG_POISON;
    list.push(good);
    list.push(bad);
    const unit = flow.pack(list, 0);
    expect(flow.isPoison(unit)).toBe(true);
    expect(flow.isPoison(good)).toBe(false);
    expect(flow.isPoison(flow.copy(unit))).toBe(true);
  });

  it('delivers and settles all its records', () => {
    const { flow, deliveries } = newFlow();
    const first = unitOf(flow, 3);
    const second = unitOf(flow, 2);
    flow.deliver(first.unit, SINK, 5);
    flow.settle(second.unit, SINK, 6);
    expect(audit(flow)).toMatchObject({ delivered: 5, inside: 0 });
    expect(deliveries).toHaveLength(5);
    expect(flow.store.liveCount).toBe(0);
  });
});

describe('rest', () => {
  const SPAN_US = 1_000_000;

  it('joins what lies within the span and keeps count, bytes and the event interval', () => {
    const { flow } = newFlow();
    const list = new ParcelList(flow.store);
    for (const [bytes, eventUs] of [
      [10, 300_000],
      [20, 100_000],
      [30, 900_000],
    ] as const) {
      rest(create(flow, bytes, eventUs), list, SPAN_US);
    }
    const { store } = flow;
    expect([list.length, list.records, list.units, list.bytes]).toEqual([1, 3, 3, 60]);
    expect([store.e0[list.head], store.e1[list.head]]).toEqual([100_000, 900_000]);
    expect(audit(flow)).toMatchObject({ created: 3, inside: 3 });
    expect(store.liveCount).toBe(1);
  });

  it('begins a new parcel after the span, for another owner and for another flag', () => {
    const { flow } = newFlow();
    const list = new ParcelList(flow.store);
    rest(create(flow, 1, 0), list, SPAN_US);
    rest(create(flow, 1, SPAN_US), list, SPAN_US);
    expect(list.length).toBe(1);
    rest(create(flow, 1, SPAN_US + 1), list, SPAN_US);
    expect(list.length).toBe(2);
    const elsewhere = create(flow, 1, SPAN_US + 1);
    flow.transfer(elsewhere, QUEUE);
    rest(elsewhere, list, SPAN_US);
    expect(list.length).toBe(3);
    const dead = create(flow, 1, SPAN_US + 1);
    flow.transfer(dead, QUEUE);
    flow.markDeadLettered(dead, true);
    rest(dead, list, SPAN_US);
    expect([list.length, list.records]).toEqual([4, 5]);
    expect(audit(flow)).toMatchObject({ inside: 4, deadLettered: 1 });
  });

  it('takes units apart: their records rest at the time the unit became available', () => {
    const { flow } = newFlow();
    const list = new ParcelList(flow.store);
    const { unit } = unitOf(flow, 3, 20);
    flow.store.a0[unit] = 9_000_000;
    rest(unit, list, SPAN_US);
    expect([list.length, list.records, list.bytes]).toEqual([1, 3, 303]);
    expect(flow.store.a0[list.head]).toBe(9_000_000);
    expect(flow.store.liveCount).toBe(1);
    audit(flow);
  });

  it('ends joined records by their number', () => {
    const { flow } = newFlow();
    const list = new ParcelList(flow.store);
    for (let i = 0; i < 4; i += 1) rest(create(flow, 1, i), list, SPAN_US);
    flow.expire(list.shift());
    expect(audit(flow)).toMatchObject({ expired: 4, inside: 0 });
  });
});

describe('recording', () => {
  it('makes carried in of what is inside at time zero and forgets the rest', () => {
    const { flow } = newFlow();
    flow.deliver(create(flow), SINK, -5);
    const waiting = create(flow);
    flow.transfer(waiting, QUEUE);
    const { unit } = unitOf(flow, 3);
    const twin = flow.duplicate(waiting);
    flow.startRecording();
    expect(audit(flow)).toMatchObject({
      carriedIn: 4,
      created: 0,
      delivered: 0,
      inside: 4,
      duplicates: { made: 1, delivered: 0, inside: 1 },
    });
    expect(flow.ledger.counts.carriedIn[QUEUE]).toBe(1);
    expect(flow.ledger.counts.in[QUEUE]).toBe(0);
    flow.deliver(waiting, SINK, 1);
    flow.deliver(twin, SINK, 2);
    flow.transfer(unit, WORKER);
    flow.drop(unit, 'late');
    expect(audit(flow)).toMatchObject({ carriedIn: 4, delivered: 1, dropped: 3, inside: 0 });
  });

  it('carries dead letters in, which may be redriven afterwards', () => {
    const { flow } = newFlow();
    const p = create(flow);
    flow.transfer(p, QUEUE);
    flow.markDeadLettered(p, true);
    flow.startRecording();
    expect(audit(flow)).toMatchObject({ carriedIn: 1, deadLettered: 1, inside: 0 });
    flow.markDeadLettered(p, false);
    flow.deliver(p, SINK, 1);
    expect(audit(flow)).toMatchObject({ carriedIn: 1, delivered: 1 });
  });
});

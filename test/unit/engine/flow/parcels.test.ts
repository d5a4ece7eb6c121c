import { describe, expect, it } from 'vitest';
import {
  FLAG_DEAD_LETTERED,
  FLAG_DUPLICATE,
  FLAG_ECHO,
  FLAG_POISON,
  FLAG_RETRIED,
  NONE,
  ParcelList,
  ParcelStore,
} from '#engine/flow/parcels.ts';

/** A parcel of one record of `bytes` bytes. */
function record(store: ParcelStore, bytes: number): number {
  const p = store.allocate();
  store.records[p] = 1;
  store.bytes[p] = bytes;
  return p;
}

/** Totals of a list counted by walking it. */
function walked(list: ParcelList): {
  length: number;
  records: number;
  units: number;
  bytes: number;
  handles: number[];
} {
  const { store } = list;
  const found = { length: 0, records: 0, units: 0, bytes: 0, handles: [] as number[] };
  for (let p = list.head; p !== NONE; p = store.next[p]!) {
    found.length += 1;
    found.records += store.records[p]!;
    found.units += store.units[p]!;
    found.bytes += store.bytes[p]!;
    found.handles.push(p);
  }
  return found;
}

function expectWalkAgrees(list: ParcelList): void {
  const { handles, ...totals } = walked(list);
  expect({ length: list.length, records: list.records, units: list.units, bytes: list.bytes }).toEqual(totals);
  expect(list.tail).toBe(handles.at(-1) ?? NONE);
}

describe('ParcelStore', () => {
  it('grows past its capacity and keeps every field', () => {
    const store = new ParcelStore(2);
    for (let i = 0; i < 100; i += 1) {
      const p = record(store, 10 + i);
      store.units[p] = 2 * i;
      store.e0[p] = -i;
      store.e1[p] = i;
      store.a0[p] = 3 * i;
      store.entity[p] = 2 ** 40 + i;
      store.key[p] = 1_000_000 + i;
      store.load[p] = i;
      store.owner[p] = 2 * i;
      store.flags[p] = i;
      store.attempts[p] = 70_000 + i;
      store.effects[p] = 2 ** 30 + i;
      store.next[p] = i - 1;
      store.child[p] = i + 1;
      store.origin[p] = i + 2;
    }
    for (let p = 0; p < 100; p += 1) {
      expect([store.records[p], store.units[p], store.bytes[p]]).toEqual([1, 2 * p, 10 + p]);
      expect([store.e0[p], store.e1[p], store.a0[p]].map((us) => (us ?? 0) + 0)).toEqual([0 - p, p, 3 * p]);
      expect([store.entity[p], store.key[p], store.load[p], store.owner[p]]).toEqual([
        2 ** 40 + p,
        1_000_000 + p,
        p,
        2 * p,
      ]);
      expect([store.flags[p], store.attempts[p], store.effects[p]]).toEqual([p, 70_000 + p, 2 ** 30 + p]);
      expect([store.next[p], store.child[p], store.origin[p]]).toEqual([p - 1, p + 1, p + 2]);
    }
    expect(store.liveCount).toBe(100);
    expect(store.highWater).toBe(100);
  });

  it('takes released handles before new ones and resets what a new owner must not see', () => {
    const store = new ParcelStore();
    const first = record(store, 5);
    const second = record(store, 6);
    store.flags[first] = FLAG_POISON | FLAG_ECHO;
    store.attempts[first] = 7;
    store.effects[first] = 3;
    store.child[first] = second;
    store.origin[first] = second;
    store.key[first] = 9;
    store.units[first] = 4;
    store.release(first);
    expect(store.liveCount).toBe(1);
    expect(store.records[first]).toBe(0);
    const again = store.allocate();
    expect(again).toBe(first);
    expect([store.flags[again], store.attempts[again], store.effects[again], store.key[again]]).toEqual([0, 0, 0, -1]);
    expect([store.child[again], store.origin[again], store.next[again], store.units[again]]).toEqual([
      NONE,
      NONE,
      NONE,
      1,
    ]);
    expect(store.highWater).toBe(2);
  });

  it('reuses handles for ever: a store that is never full does not grow', () => {
    const store = new ParcelStore(8);
    const held: number[] = [];
    for (let i = 0; i < 10_000; i += 1) {
      held.push(record(store, i));
      if (held.length > 5) store.release(held.splice(i % 5, 1)[0]!);
    }
    expect(store.highWater).toBeLessThanOrEqual(8);
    expect(store.liveCount).toBe(held.length);
    expect(new Set(held).size).toBe(held.length);
  });

  it('clones content and identity, and of the flags only duplicate and poison', () => {
    const store = new ParcelStore();
    const p = record(store, 77);
    store.entity[p] = 12;
    store.key[p] = 3;
    store.load[p] = 2;
    store.owner[p] = 4;
    store.e0[p] = 1;
    store.e1[p] = 2;
    store.a0[p] = 5;
    store.attempts[p] = 6;
    store.effects[p] = 1;
    store.flags[p] = FLAG_DUPLICATE | FLAG_POISON | FLAG_ECHO | FLAG_DEAD_LETTERED | FLAG_RETRIED;
    const q = store.clone(p);
    expect(q).not.toBe(p);
    for (const column of ['records', 'units', 'bytes', 'entity', 'key', 'load', 'owner', 'e0', 'e1', 'a0'] as const) {
      expect(store[column][q], column).toBe(store[column][p]);
    }
    expect([store.flags[q], store.attempts[q], store.effects[q], store.origin[q]]).toEqual([
      FLAG_DUPLICATE | FLAG_POISON,
      0,
      0,
      NONE,
    ]);
  });

  it('clones across a growth of its arrays', () => {
    const store = new ParcelStore(1);
    const p = record(store, 41);
    const q = store.clone(p);
    expect(store.bytes[q]).toBe(41);
  });
});

describe('ParcelList', () => {
  it('gives parcels back first in, first out, and keeps its totals', () => {
    const store = new ParcelStore();
    const list = new ParcelList(store);
    const handles = [record(store, 1), record(store, 20), record(store, 300)];
    for (const p of handles) list.push(p);
    expectWalkAgrees(list);
    expect(list.bytes).toBe(321);
    expect([list.shift(), list.shift()]).toEqual(handles.slice(0, 2));
    expectWalkAgrees(list);
    expect(list.shift()).toBe(handles[2]);
    expect(list.shift()).toBe(NONE);
    expect([list.head, list.tail, list.length, list.bytes]).toEqual([NONE, NONE, 0, 0]);
  });

  it('puts a parcel in front of the others, also of none', () => {
    const store = new ParcelStore();
    const list = new ParcelList(store);
    const [a, b, c] = [record(store, 1), record(store, 2), record(store, 3)];
    list.pushFront(b);
    list.push(c);
    list.pushFront(a);
    expect(walked(list).handles).toEqual([a, b, c]);
    expectWalkAgrees(list);
  });

  it('moves everything from another list to its end and leaves that one empty and usable', () => {
    const store = new ParcelStore();
    const [one, other, empty] = [new ParcelList(store), new ParcelList(store), new ParcelList(store)];
    const [a, b, c, d] = [record(store, 1), record(store, 2), record(store, 3), record(store, 4)];
    one.push(a);
    other.push(b);
    other.push(c);
    one.append(other);
    one.append(empty);
    expect(walked(one).handles).toEqual([a, b, c]);
    expectWalkAgrees(one);
    expectWalkAgrees(other);
    other.push(d);
    empty.append(other);
    expect(walked(empty).handles).toEqual([d]);
    expectWalkAgrees(empty);
  });

  it('forgets its parcels without freeing them', () => {
    const store = new ParcelStore();
    const list = new ParcelList(store);
    list.push(record(store, 8));
    list.forget();
    expect([list.head, list.tail, list.length, list.records, list.units, list.bytes]).toEqual([NONE, NONE, 0, 0, 0, 0]);
    expect(store.liveCount).toBe(1);
  });

  it('counts units and records of packed parcels, not parcels', () => {
    const store = new ParcelStore();
    const list = new ParcelList(store);
    const p = record(store, 100);
    store.records[p] = 25;
    store.units[p] = 3;
    list.push(p);
    expect([list.length, list.records, list.units, list.bytes]).toEqual([1, 25, 3, 100]);
  });

  it('stays right when the store grows while it holds parcels', () => {
    const store = new ParcelStore(1);
    const list = new ParcelList(store);
    for (let i = 1; i <= 50; i += 1) list.push(record(store, i));
    expectWalkAgrees(list);
    expect(list.bytes).toBe((50 * 51) / 2);
  });
});

import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { KeyedStore, type KeyedStoreLimits } from '#engine/stations/keyed-store.ts';

function build(limits: Partial<KeyedStoreLimits> = {}): KeyedStore {
  return new KeyedStore({
    ttlUs: Number.POSITIVE_INFINITY,
    maxBytes: Number.POSITIVE_INFINITY,
    whenFull: 'evict',
    ...limits,
  });
}

/** The same by brute force: an array in the order of use. */
class Model {
  entries: { id: string; putUs: number; bytes: number }[] = [];
  evictions = 0;
  expired = 0;
  private readonly limits: KeyedStoreLimits;

  constructor(limits: KeyedStoreLimits) {
    this.limits = limits;
  }

  get bytes(): number {
    return this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  has(id: string, nowUs: number): boolean {
    this.expire(nowUs);
    const at = this.entries.findIndex((entry) => entry.id === id);
    if (at === -1) return false;
    this.entries.push(...this.entries.splice(at, 1));
    return true;
  }

  put(id: string, nowUs: number, bytes: number): boolean {
    this.expire(nowUs);
    const { maxBytes, whenFull } = this.limits;
    const others = this.entries.filter((entry) => entry.id !== id);
    const taken = others.reduce((sum, entry) => sum + entry.bytes, 0);
    if (bytes > maxBytes || (whenFull === 'refuse' && taken + bytes > maxBytes)) return false;
    this.entries = [...others, { id, putUs: nowUs, bytes }];
    for (; this.bytes > maxBytes; this.evictions += 1) this.entries.shift();
    return true;
  }

  remove(id: string, nowUs: number): boolean {
    this.expire(nowUs);
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    return this.entries.length < before;
  }

  private expire(nowUs: number): void {
    const before = this.entries.length;
    this.entries = this.entries.filter(({ putUs }) => nowUs - putUs < this.limits.ttlUs);
    this.expired += before - this.entries.length;
  }
}

describe('KeyedStore', () => {
  it('knows a key until its time to live ends, which a hit does not prolong and a put does', () => {
    const store = build({ ttlUs: 100 });
    expect(store.put(7, 0, 10)).toBe(true);
    expect(store.has(7, 99)).toBe(true);
    expect(store.has(7, 100)).toBe(false);
    store.put(7, 200, 10);
    store.put(7, 250, 10);
    expect(store.has(7, 349)).toBe(true);
    expect(store.has(7, 350)).toBe(false);
    expect([store.hits, store.misses, store.expired, store.size, store.bytes]).toEqual([2, 2, 2, 0, 0]);
  });

  it('evicts the least recently used keys, as many as a new one needs', () => {
    const store = build({ maxBytes: 100 });
    for (const key of [1, 2, 3, 4]) store.put(key, key, 25);
    store.has(1, 10);
    store.put(5, 11, 50);
    expect([1, 2, 3, 4, 5].map((key) => store.bytesOf(key, 12))).toEqual([25, -1, -1, 25, 50]);
    expect([store.evictions, store.bytes, store.size]).toEqual([2, 100, 3]);
  });

  it('refuses new keys instead when it is told to, and keeps what it has', () => {
    const store = build({ maxBytes: 100, whenFull: 'refuse', ttlUs: 1000 });
    expect(store.put(1, 0, 60)).toBe(true);
    expect(store.put(2, 1, 60)).toBe(false);
    expect(store.put(1, 2, 101)).toBe(false);
    expect(store.put(1, 3, 90)).toBe(true);
    expect([store.refusals, store.evictions, store.bytesOf(1, 4)]).toEqual([2, 0, 90]);
    expect(store.put(2, 1003, 60)).toBe(true);
  });

  it('refuses a key larger than itself even when it evicts', () => {
    const store = build({ maxBytes: 100 });
    store.put(1, 0, 100);
    expect(store.put(2, 1, 101)).toBe(false);
    expect(store.has(1, 2)).toBe(true);
  });

  it('tells equal keys of two spaces apart, and keys beyond 32 bits', () => {
    const store = build();
    const large = 2 ** 45 + 5;
    store.put(5, 0, 1, 0);
    store.put(large, 0, 2, 3);
    expect(store.has(5, 1, 3)).toBe(false);
    expect(store.has(large, 1, 0)).toBe(false);
    expect(store.bytesOf(large, 1, 3)).toBe(2);
    expect(store.remove(5, 1, 0)).toBe(true);
    expect(store.remove(5, 1, 0)).toBe(false);
    expect(store.size).toBe(1);
  });

  it('forgets everything but its counters when it is cleared', () => {
    const store = build();
    for (let key = 0; key < 5000; key++) store.put(key, 0, 1);
    store.has(1, 0);
    store.clear();
    expect([store.size, store.bytes, store.has(1, 0), store.hits]).toEqual([0, 0, false, 1]);
    for (let key = 0; key < 5000; key++) store.put(key, 0, 1);
    expect(store.size).toBe(5000);
  });

  it.each([
    { ttlUs: 400, maxBytes: Number.POSITIVE_INFINITY, whenFull: 'evict' },
    { ttlUs: Number.POSITIVE_INFINITY, maxBytes: 900, whenFull: 'evict' },
    { ttlUs: 700, maxBytes: 1500, whenFull: 'evict' },
    { ttlUs: 700, maxBytes: 1500, whenFull: 'refuse' },
  ] as const)('does what an array in order of use does, over 4,000 random calls: %o', (limits) => {
    const store = new KeyedStore(limits);
    const model = new Model(limits);
    const draw = new DrawStream(1, 'store', 'calls');
    for (let i = 0; i < 4000; i++) {
      // Keys that a shift by 2^32 would confuse, in two spaces.
      const rank = Math.floor(draw.uniformPair(i, 0) ** 2 * 150);
      const key = (rank % 50) + (rank % 3) * 2 ** 32;
      const space = rank % 2;
      const id = `${space}/${key}`;
      const kind = draw.uniformPair(i, 1);
      const bytes = Math.floor(draw.uniformPair(i, 2) * 40);
      if (kind < 0.5) expect(store.has(key, i, space)).toBe(model.has(id, i));
      else if (kind < 0.95) expect(store.put(key, i, bytes, space)).toBe(model.put(id, i, bytes));
      else expect(store.remove(key, i, space)).toBe(model.remove(id, i));
      expect([store.size, store.bytes]).toEqual([model.entries.length, model.bytes]);
    }
    expect([store.evictions, store.expired]).toEqual([model.evictions, model.expired]);
  });

  it('grows and shrinks without losing a key, a hundred thousand at a time', () => {
    const store = build({ ttlUs: 150_000 });
    for (let key = 0; key < 400_000; key++) store.put(key * 2_097_152, key, 1);
    expect(store.size).toBe(150_000);
    let found = 0;
    for (let key = 0; key < 400_000; key++) if (store.has(key * 2_097_152, 399_999)) found += 1;
    expect(found).toBe(150_000);
  });

  it('fails without a time to live', () => {
    expect(() => build({ ttlUs: 0 })).toThrow('keeps keys for a time');
  });
});

describe('a store with several times to live', () => {
  it('ends each key after its own', () => {
    const store = build({ ttlUs: 100 });
    store.put(1, 0, 10);
    store.put(2, 0, 10, 0, 50);
    store.put(3, 0, 10, 0, Number.POSITIVE_INFINITY);
    expect([store.has(1, 60), store.has(2, 60), store.has(3, 60)]).toEqual([true, false, true]);
    expect([store.has(1, 100), store.has(3, 1e12)]).toEqual([false, true]);
    expect([store.expired, store.size, store.bytes]).toEqual([2, 1, 10]);
  });

  it('gives a key that is written anew its new time to live', () => {
    const store = build({ ttlUs: 100 });
    store.put(1, 0, 10, 0, 50);
    store.put(1, 40, 10);
    expect(store.has(1, 139)).toBe(true);
    expect(store.has(1, 140)).toBe(false);
  });

  it('evicts the key whose life ends first, when told to, however recently it was used', () => {
    const store = build({ ttlUs: 1000, maxBytes: 30, whenFull: 'evictEndingFirst' });
    store.put(1, 0, 10);
    store.put(2, 1, 10, 0, 100);
    store.put(3, 2, 10);
    store.has(2, 3);
    store.put(4, 4, 10);
    expect([1, 2, 3, 4].map((key) => store.has(key, 5))).toEqual([true, false, true, true]);
  });

  it('spares keys that live for ever, when told to, and refuses when only these are left', () => {
    const store = build({ ttlUs: 1000, maxBytes: 30, sparesLasting: true });
    store.put(1, 0, 10, 0, Number.POSITIVE_INFINITY);
    store.put(2, 0, 10);
    store.put(3, 0, 10, 0, Number.POSITIVE_INFINITY);
    expect(store.put(4, 1, 10, 0, Number.POSITIVE_INFINITY)).toBe(true);
    expect([1, 2, 3, 4].map((key) => store.has(key, 2))).toEqual([true, false, true, true]);
    expect(store.put(5, 3, 10)).toBe(false);
    expect([store.refusals, store.evictions, store.bytes]).toEqual([1, 1, 30]);
  });
});

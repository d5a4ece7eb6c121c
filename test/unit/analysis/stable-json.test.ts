import { describe, expect, it } from 'vitest';
import { stableJson } from '#analysis/stable-json.ts';

describe('stableJson', () => {
  it('sorts keys at every depth and keeps the order of lists', () => {
    expect(stableJson({ b: [{ d: 1, c: 2 }], a: 1 })).toBe('{"a":1,"b":[{"c":2,"d":1}]}');
  });

  it('tells numbers apart that JSON cannot write', () => {
    const texts = [Number.NaN, Number.POSITIVE_INFINITY, null, 0].map((x) => stableJson({ x }));
    expect(new Set(texts).size).toBe(4);
  });

  it('reads typed arrays as lists', () => {
    expect(stableJson({ a: Float64Array.of(1, 2.5) })).toBe('{"a":[1,2.5]}');
  });
});

import { describe, expect, it } from 'vitest';
import { threefry2x32, threefryKeyParity, threefryWords } from '#engine/kernel/threefry.ts';

function encrypt(c0: number, c1: number, k0: number, k1: number): string[] {
  threefry2x32(c0, c1, k0, k1, threefryKeyParity(k0, k1));
  return Array.from(threefryWords, (word) => (word >>> 0).toString(16).padStart(8, '0'));
}

describe('threefry2x32', () => {
  // Random123 tests/kat_vectors, lines "threefry2x32 13 ...": counter, key, expected.
  it('gives the known answers of Random123 for 13 rounds', () => {
    expect(encrypt(0, 0, 0, 0)).toEqual(['9d1c5ec6', '8bd50731']);
    expect(encrypt(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff)).toEqual(['fd36d048', '2d17272c']);
    expect(encrypt(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344)).toEqual(['ba3e4725', 'f27d669e']);
  });

  it('changes half of the output bits when one bit of counter or key changes', () => {
    const inputs = [0x01234567, 0x89abcdef, 0x13198a2e, 0x03707344];
    const run = (words: readonly number[]): number[] => {
      const [c0 = 0, c1 = 0, k0 = 0, k1 = 0] = words;
      threefry2x32(c0, c1, k0, k1, threefryKeyParity(k0, k1));
      return Array.from(threefryWords);
    };
    let flipped = 0;
    for (let sample = 0; sample < 50; sample += 1) {
      const base = inputs.map((word, i) => word + sample * (i + 1));
      const before = run(base);
      for (let bit = 0; bit < 128; bit += 1) {
        const changed = base.map((word, i) => (i === bit >> 5 ? word ^ (1 << (bit & 31)) : word));
        const after = run(changed);
        for (let i = 0; i < 2; i += 1) {
          for (let x = (before[i] ?? 0) ^ (after[i] ?? 0); x !== 0; x &= x - 1) flipped += 1;
        }
      }
    }
    // 50 * 128 * 64 = 409,600 bits, standard deviation of the share 0.0008.
    expect(flipped / (50 * 128 * 64)).toBeGreaterThan(0.496);
    expect(flipped / (50 * 128 * 64)).toBeLessThan(0.504);
  });
});

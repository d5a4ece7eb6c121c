import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { md5Fraction, md5Words } from '#engine/workload/md5.ts';

const words = new Uint32Array(4);

function hex(text: string): string {
  md5Words(text, words);
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
}

describe('md5', () => {
  it('reproduces the test suite of RFC 1321', () => {
    const suite: [string, string][] = [
      ['', 'd41d8cd98f00b204e9800998ecf8427e'],
      ['a', '0cc175b9c0f1b6a831c399e269772661'],
      ['abc', '900150983cd24fb0d6963f7d28e17f72'],
      ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
      ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
      ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
      ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
    ];
    for (const [text, digest] of suite) expect(hex(text)).toBe(digest);
  });

  it('agrees with another implementation at every length around the block borders', () => {
    for (let length = 0; length <= 200; length += 1) {
      const text = 'x'.repeat(length);
      expect(hex(text)).toBe(createHash('md5').update(text).digest('hex'));
    }
  });

  it('hashes the UTF-8 bytes of any text', () => {
    for (const text of ['caudal ñ', '€ 5', '水', '😀 key', 'a\u0000b']) {
      expect(hex(text)).toBe(createHash('md5').update(text, 'utf8').digest('hex'));
    }
  });

  it('takes an unpaired surrogate as the replacement character', () => {
    expect(hex('a\ud800b')).toBe(createHash('md5').update('a\ufffdb', 'utf8').digest('hex'));
  });

  it('gives the top 53 bits of the digest as a fraction', () => {
    for (let n = 0; n < 200; n += 1) {
      const digest = createHash('md5').update(`key-${n}`).digest('hex');
      const top = Number(BigInt(`0x${digest}`) >> 75n);
      expect(md5Fraction(`key-${n}`)).toBe(top / 2 ** 53);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { cacheAt, expiryByFunction, REWRITES } from '#test/emulator/adapt-template.ts';
import { read } from './files.ts';

describe('docs/aws.md', () => {
  it('lists every rewrite of a template for the emulator, and no other', () => {
    const rows = [...read('docs/aws.md').matchAll(/^\| `([a-z-]+)` \| (.+) \| (.+) \|$/gm)].map(
      ([, id, lacks, instead]) => ({
        id,
        lacks,
        instead,
      }),
    );
    const rewrites = [...REWRITES, cacheAt(0), expiryByFunction].map(({ id, lacks, instead }) => ({
      id,
      lacks,
      instead,
    }));
    expect(rows).toEqual(rewrites);
  });
});

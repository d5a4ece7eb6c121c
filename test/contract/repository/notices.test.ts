import { describe, expect, it } from 'vitest';
import { isAllowed, listPackages, noticesText, readLock, refusedPackages } from '#tools/notices.mjs';
import { read } from './files.ts';

describe('THIRD-PARTY-NOTICES', () => {
  it('is what `npm run notices` writes', () => {
    expect(read('THIRD-PARTY-NOTICES') === noticesText(readLock())).toBe(true);
  });

  it('covers only licences on the list', () => {
    const packages = listPackages(readLock());
    expect(packages.length).toBeGreaterThan(50);
    expect(refusedPackages(packages)).toEqual([]);
  });
});

describe('the list of licences', () => {
  it('accepts a choice of which one is allowed', () => {
    expect(isAllowed('a', '(GPL-3.0 OR MIT)')).toBe(true);
  });

  it('fails when no choice is allowed', () => {
    expect(isAllowed('a', 'GPL-3.0')).toBe(false);
    expect(isAllowed('a', 'MIT AND GPL-3.0')).toBe(false);
    expect(isAllowed('a', 'MPL-2.0')).toBe(false);
  });

  it('fails when the metadata names none', () => {
    expect(isAllowed('a', undefined)).toBe(false);
  });
});

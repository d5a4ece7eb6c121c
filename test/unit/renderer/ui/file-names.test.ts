import { describe, expect, it } from 'vitest';
import { fileFault, withEnding } from '#renderer/ui/file-names.ts';

describe('file names', () => {
  it('get the ending of a document once', () => {
    for (const name of ['orders', 'orders.json', 'orders.caudal.json', ' orders ']) {
      expect(withEnding(name)).toBe('orders.caudal.json');
      expect(fileFault(name)).toBeUndefined();
    }
  });

  it('fails on names that no file, or only some systems, can have', () => {
    for (const name of [
      '',
      '  ',
      '.caudal.json',
      'a/b',
      'a\\b',
      'a:b',
      'what?',
      '.hidden',
      'x'.repeat(300),
      'a\u0007',
    ]) {
      expect(fileFault(name)).toMatch(/name/);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { freeId } from '#renderer/state/edits/free-id.ts';
import { idSchema } from '#schema/document.ts';

describe('freeId', () => {
  it('takes the base where it is free and counts on where it is not', () => {
    expect(freeId('lambda', new Set())).toBe('lambda');
    expect(freeId('lambda', new Set(['lambda']))).toBe('lambda-2');
    expect(freeId('lambda-2', new Set(['lambda', 'lambda-2']))).toBe('lambda-3');
  });

  it('makes a legal id of any text, however long', () => {
    for (const text of ['Orders Queue!', '', '***', 'x'.repeat(200)]) {
      const id = freeId(text, new Set());
      expect(idSchema.safeParse(id).success).toBe(true);
      expect(idSchema.safeParse(freeId(text, new Set([id]))).success).toBe(true);
      expect(freeId(text, new Set([id]))).not.toBe(id);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { followPath, pathText } from '#analysis/paths.ts';

const root = { nodes: [{ id: 'a', config: { x: [10, 20] } }, { type: 'b' }], account: { quotas: { 'a.b': 1 } } };

describe('paths', () => {
  it('writes ids for items that have one and indices for the others', () => {
    expect(pathText(root, ['nodes', 0, 'config', 'x', 1])).toBe('nodes.a.config.x.1');
    expect(pathText(root, ['nodes', 1, 'type'])).toBe('nodes.1.type');
  });

  it('leads back to the place it was written for', () => {
    for (const pointer of [
      ['nodes', 0, 'config', 'x', 1],
      ['nodes', 1, 'type'],
      ['account', 'quotas', 'a.b'],
    ]) {
      expect(followPath(root, pathText(root, pointer))).toEqual({ pointer, rest: [] });
    }
  });

  it('says how far a path leads', () => {
    expect(followPath(root, 'nodes.a.config.y.z')).toEqual({ pointer: ['nodes', 0, 'config'], rest: ['y', 'z'] });
  });
});

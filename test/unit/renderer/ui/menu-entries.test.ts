import { describe, expect, it } from 'vitest';
import { menuEntries } from '#renderer/ui/menu-entries.ts';

const ids = (...args: Parameters<typeof menuEntries>): string[] =>
  menuEntries(...args)
    .flat()
    .map(({ id }) => id);

describe('the menu over the canvas', () => {
  it('offers for one node what is done with one, and for several what is done with several', () => {
    expect(ids('node', { nodes: 1 })).toEqual(['cut', 'copy', 'duplicate', 'delete', 'connect', 'break', 'selectAll']);
    expect(ids('node', { nodes: 3 })).toEqual(expect.arrayContaining(['cut', 'layOut', 'group']));
    expect(ids('node', { nodes: 3 })).not.toContain('break');
  });

  it('offers for a connection that it is deleted, unless cards are selected with it', () => {
    expect(ids('edge', { nodes: 0 })).toEqual(['delete', 'selectAll', 'fit']);
    expect(ids('edge', { nodes: 2 })).toContain('copy');
  });

  it('offers over empty canvas what needs a place, or is about the whole design', () => {
    expect(ids('canvas', { nodes: 0 })).toEqual(['addHere', 'pasteHere', 'selectAll', 'layOut', 'fit']);
  });
});

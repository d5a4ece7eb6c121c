import { describe, expect, it } from 'vitest';
import { cardSize } from '#drawing/node-card.ts';
import { groupBoxes } from '#renderer/state/edits/groups.ts';
import { packedLayout } from '#renderer/state/edits/packed-layout.ts';

function chains(count: number, length: number): { ids: string[]; links: { source: string; target: string }[] } {
  const ids: string[] = [];
  const links: { source: string; target: string }[] = [];
  for (let chain = 0; chain < count; chain += 1) {
    for (let place = 0; place < length; place += 1) {
      ids.push(`n${chain}-${place}`);
      if (place > 0) links.push({ source: `n${chain}-${place - 1}`, target: `n${chain}-${place}` });
    }
  }
  return { ids, links };
}

describe('packed layout', () => {
  it('sets parts that are not linked side by side, in rows, so that the whole fits a screen', () => {
    const { ids, links } = chains(60, 5);
    const places = [...packedLayout(ids, links).values()];
    expect(places).toHaveLength(300);
    const width = Math.max(...places.map(({ x }) => x)) + cardSize.width;
    const height = Math.max(...places.map(({ y }) => y)) + cardSize.height;
    expect(width / height).toBeGreaterThan(1);
    expect(width / height).toBeLessThan(3.2);
  });

  it('covers no card with another', () => {
    const { ids, links } = chains(7, 3);
    const all = [...packedLayout([...ids, 'alone', 'lonely'], links).values()];
    for (const [index, a] of all.entries()) {
      for (const b of all.slice(index + 1)) {
        expect(Math.abs(a.x - b.x) >= cardSize.width || Math.abs(a.y - b.y) >= cardSize.height).toBe(true);
      }
    }
  });

  it('keeps a group together, with no other card inside its box', () => {
    const links = [
      { source: 'a', target: 'b' },
      { source: 'b', target: 'c' },
      { source: 'a', target: 'd' },
      { source: 'd', target: 'c' },
      { source: 'c', target: 'e' },
    ];
    const groups = [
      ['a', 'b'],
      ['c', 'e'],
    ];
    const places = packedLayout(['a', 'b', 'c', 'd', 'e', 'f'], links, groups);
    expect(places.size).toBe(6);
    const boxes = groupBoxes(
      groups.map((nodes, index) => ({ id: `g${index}`, label: '', kind: 'group' as const, nodes })),
      (id) => places.get(id),
    );
    for (const box of boxes) {
      for (const [id, { x, y }] of places) {
        if (box.nodes.includes(id)) continue;
        const isApart =
          x >= box.x + box.width ||
          x + cardSize.width <= box.x ||
          y >= box.y + box.height ||
          y + cardSize.height <= box.y;
        expect(isApart).toBe(true);
      }
    }
    expect(places.get('a')?.x).toBeLessThan(places.get('b')?.x ?? 0);
    expect(places.get('b')?.x).toBeLessThan(places.get('c')?.x ?? 0);
  });

  it('keeps the order along each link, and takes cycles and links from elsewhere as they come', () => {
    const links = [
      { source: 'a', target: 'b' },
      { source: 'b', target: 'c' },
      { source: 'c', target: 'b' },
      { source: 'x', target: 'a' },
    ];
    const places = packedLayout(['a', 'b', 'c'], links);
    expect(places.get('a')?.x).toBeLessThan(places.get('b')?.x ?? 0);
    expect(places.get('b')?.x).toBeLessThan(places.get('c')?.x ?? 0);
    expect(packedLayout([], [])).toEqual(new Map());
  });
});

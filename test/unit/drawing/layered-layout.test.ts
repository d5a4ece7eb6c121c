import { describe, expect, it } from 'vitest';
import { isUnplaced, layeredLayout } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';

const links = (...pairs: readonly string[]) => pairs.map((pair) => ({ source: pair[0] ?? '', target: pair[1] ?? '' }));

describe('the layered layout', () => {
  it('puts each node right of all that lead to it', () => {
    const edges = links('ab', 'bc', 'ac', 'cd', 'bd');
    const places = layeredLayout(['d', 'c', 'b', 'a'], edges);
    for (const { source, target } of edges) {
      expect(places.get(source)?.x ?? 0).toBeLessThan(places.get(target)?.x ?? 0);
    }
  });

  it('lets no two cards overlap', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    const places = [...layeredLayout(ids, links('ab', 'ac', 'ad', 'be', 'cf', 'dg', 'eh', 'fh', 'gh', 'hi')).values()];
    expect(places).toHaveLength(ids.length);
    for (const [index, one] of places.entries()) {
      for (const other of places.slice(index + 1)) {
        const isApart = Math.abs(one.x - other.x) >= cardSize.width || Math.abs(one.y - other.y) >= cardSize.height;
        expect(isApart).toBe(true);
      }
    }
  });

  it('draws a chain in one straight line', () => {
    const places = layeredLayout(['a', 'b', 'c'], links('ab', 'bc'));
    expect(new Set([...places.values()].map(({ y }) => y)).size).toBe(1);
  });

  it('uncrosses two lines that can run side by side', () => {
    const places = layeredLayout(['a', 'b', 'c', 'd'], links('ad', 'bc'));
    const rowOf = (id: string): number => places.get(id)?.y ?? Number.NaN;
    expect(Math.sign(rowOf('a') - rowOf('b'))).toBe(Math.sign(rowOf('d') - rowOf('c')));
  });

  it('comes to an end for cycles, loops and links to nowhere', () => {
    const places = layeredLayout(['a', 'b', 'c'], links('ab', 'bc', 'ca', 'aa', 'az'));
    expect(places.size).toBe(3);
    expect(new Set([...places.values()].map(({ x }) => x)).size).toBe(3);
  });

  it('knows documents in which nothing was placed', () => {
    expect(
      isUnplaced([
        { x: 0, y: 0 },
        { x: 0, y: 0 },
      ]),
    ).toBe(true);
    expect(
      isUnplaced([
        { x: 0, y: 0 },
        { x: 220, y: 0 },
      ]),
    ).toBe(false);
    expect(isUnplaced([{ x: 0, y: 0 }])).toBe(false);
  });
});

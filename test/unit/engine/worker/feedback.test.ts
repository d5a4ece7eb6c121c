import { describe, expect, it } from 'vitest';
import { feedbackOf } from '#engine/worker/feedback.ts';

/** Arcs as `a>b`; returns those that lie on a cycle. */
function feedback(...arcs: string[]): string[] {
  const parsed = arcs.map((arc) => ({ source: arc.charAt(0), target: arc.charAt(2) }));
  const nodes = [...new Set(arcs.flatMap((arc) => [arc.charAt(0), arc.charAt(2)]))];
  const isFeedback = feedbackOf(nodes, parsed);
  return arcs.filter((_, i) => isFeedback(parsed[i]!));
}

describe('feedbackOf', () => {
  it('finds none in a chain, a fan and a diamond', () => {
    expect(feedback('a>b', 'b>c', 'a>c', 'b>d', 'c>d')).toEqual([]);
  });

  it('finds the arcs of a loop and not those that lead to it, from it or past it', () => {
    expect(feedback('s>a', 'a>b', 'b>a', 'b>c', 's>c')).toEqual(['a>b', 'b>a']);
  });

  it('finds an arc from a node to itself', () => {
    expect(feedback('a>a', 'a>b')).toEqual(['a>a']);
  });

  it('finds loops within loops and loops that only touch', () => {
    expect(feedback('a>b', 'b>c', 'c>a', 'c>d', 'd>e', 'e>d', 'b>d', 'e>f')).toEqual([
      'a>b',
      'b>c',
      'c>a',
      'd>e',
      'e>d',
    ]);
    expect(feedback('a>b', 'b>a', 'b>c', 'c>b')).toEqual(['a>b', 'b>a', 'b>c', 'c>b']);
  });

  it('agrees with a search from every node on random graphs', () => {
    let state = 1;
    const random = (n: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % n;
    };
    for (let graph = 0; graph < 200; graph += 1) {
      const nodes = Array.from({ length: 2 + random(9) }, (_, i) => `n${i}`);
      const arcs = Array.from({ length: random(16) }, () => ({
        source: nodes[random(nodes.length)]!,
        target: nodes[random(nodes.length)]!,
      }));
      const reaches = (from: string, to: string): boolean => {
        const seen = new Set([from]);
        for (const id of seen) for (const arc of arcs) if (arc.source === id) seen.add(arc.target);
        return seen.has(to);
      };
      const isFeedback = feedbackOf(nodes, arcs);
      for (const arc of arcs) expect(isFeedback(arc)).toBe(reaches(arc.target, arc.source));
    }
  });

  it('takes a ring of two thousand nodes and eight thousand arcs in its stride', () => {
    const nodes = Array.from({ length: 2000 }, (_, i) => `n${i}`);
    const arcs = Array.from({ length: 8000 }, (_, i) => ({ source: `n${i % 2000}`, target: `n${(i * 7 + 1) % 2000}` }));
    const isFeedback = feedbackOf(nodes, [
      ...arcs,
      ...nodes.map((source, i) => ({ source, target: `n${(i + 1) % 2000}` })),
    ]);
    expect(arcs.every((arc) => isFeedback(arc))).toBe(true);
  });
});

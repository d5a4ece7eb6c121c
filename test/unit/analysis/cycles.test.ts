import { describe, expect, it } from 'vitest';
import { runawayCycles } from '#analysis/cycles.ts';
import { documentSchema } from '#schema/document.ts';
import { catalog } from './fixture-catalog.ts';

/** Workers in a graph of `from -> to: selectivity`; each arc is an output of its own. */
function graph(arcs: readonly (readonly [string, string, number, number?])[]) {
  const ids = [...new Set(arcs.flatMap(([from, to]) => [from, to]))];
  return documentSchema.parse({
    schemaVersion: 1,
    name: 'graph',
    nodes: ids.map((id) => ({
      id,
      type: 'worker',
      outputs: arcs.flatMap(([from, to, selectivity, weight], index) =>
        from === id
          ? [{ id: `o-${index}-${to}`, emit: { selectivity, ...(weight === undefined ? {} : { weight }) } }]
          : [],
      ),
    })),
    edges: arcs.map(([source, target], index) => ({
      id: `e-${index}`,
      source,
      output: `o-${index}-${target}`,
      target,
      port: 'requests',
    })),
  });
}

describe('runawayCycles', () => {
  it('finds nothing in a graph without cycles, whatever its gains', () => {
    expect(
      runawayCycles(
        catalog,
        graph([
          ['a', 'b', 5],
          ['a', 'c', 5],
          ['b', 'c', 5],
        ]),
      ),
    ).toEqual([]);
  });

  it('accepts a ring just below 1 and refuses one at 1, however long', () => {
    const ring = (n: number, last: number) =>
      graph(Array.from({ length: n }, (_, i) => [`n-${i}`, `n-${(i + 1) % n}`, i === n - 1 ? last : 1] as const));
    expect(runawayCycles(catalog, ring(500, 0.999))).toEqual([]);
    const [cycle] = runawayCycles(catalog, ring(500, 1));
    expect(cycle?.nodes).toHaveLength(500);
    expect(cycle?.gain).toBeCloseTo(1, 9);
  });

  it('refuses two loops that are each below 1 but reach 1 together', () => {
    // From a: 0.6 back through b and 0.5 back through c; each alone dies out, together 1.1 come back.
    const both = graph([
      ['a', 'b', 0.6],
      ['b', 'a', 1],
      ['a', 'c', 0.5],
      ['c', 'a', 1],
    ]);
    expect(
      runawayCycles(
        catalog,
        graph([
          ['a', 'b', 0.6],
          ['b', 'a', 1],
        ]),
      ),
    ).toEqual([]);
    expect(runawayCycles(catalog, both)).toHaveLength(1);
  });

  it('takes alternatives by their routing probability', () => {
    const routed = (weightBack: number) =>
      graph([
        ['a', 'b', 1.5, weightBack],
        ['a', 'c', 1, 1],
        ['b', 'a', 1],
      ]);
    expect(runawayCycles(catalog, routed(1))).toEqual([]);
    expect(runawayCycles(catalog, routed(3))).toHaveLength(1);
  });

  it('names the nodes of the cycle and an edge in it', () => {
    const [cycle] = runawayCycles(
      catalog,
      graph([
        ['x', 'a', 1],
        ['a', 'b', 2],
        ['b', 'a', 1],
        ['b', 'y', 1],
      ]),
    );
    expect([...(cycle?.nodes ?? [])].sort()).toEqual(['a', 'b']);
    expect(['e-1', 'e-2']).toContain(cycle?.edge);
  });
});

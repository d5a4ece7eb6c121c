import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import type { Catalog } from '#analysis/catalog.ts';
import type { Fault } from '#schema/errors.ts';
import { catalog, design } from './fixture-catalog.ts';

/** The catalogue in which shards are set apart from a quota of 10, of which 2 are kept. */
function claiming(): Catalog {
  const stream = catalog.components.get('stream')!;
  const declaration = {
    ...stream.declaration,
    quotas: ['stream/shards'],
    claims: (config: Readonly<Record<string, unknown>>) => [
      {
        quota: 'stream/shards',
        amount: Number(config['shardCount']),
        keep: 2,
        byDefault: 10,
        path: 'config.shardCount',
      },
    ],
  };
  return { ...catalog, components: new Map([...catalog.components, ['stream', { ...stream, declaration }]]) };
}

function faultsOf(shards: readonly number[], quotas: Readonly<Record<string, number>> = {}): readonly Fault[] {
  const plain = design();
  const nodes = (plain['nodes'] as { id: string }[]).filter(({ id }) => id !== 'clicks');
  const streams = shards.map((shardCount, index) => ({
    id: index === 0 ? 'clicks' : `clicks-${index}`,
    type: 'stream',
    config: { shardCount },
  }));
  const validated = validateDocument(design({ nodes: [...nodes, ...streams], account: { quotas } }), claiming());
  return 'faults' in validated ? validated.faults : [];
}

describe('the quotas of the account', () => {
  it('are not judged for nodes that share an id, whose settings cannot be told apart', () => {
    const plain = design();
    const twin = { id: 'clicks', type: 'source' };
    const validated = validateDocument(design({ nodes: [...(plain['nodes'] as object[]), twin] }), claiming());
    const codes = 'faults' in validated ? validated.faults.map(({ code }) => code) : [];
    expect(codes).toContain('document/duplicate-id');
    expect(codes).not.toContain('document/quota-exceeded');
  });

  it('may be claimed by all nodes together up to what AWS keeps', () => {
    expect(faultsOf([5, 3])).toEqual([]);
    expect(faultsOf([6, 5], { 'stream/shards': 13 })).toEqual([]);
  });

  it('fails at the largest claim when the nodes together claim too much', () => {
    expect(faultsOf([3, 6])).toMatchObject([
      {
        code: 'document/quota-exceeded',
        path: 'nodes.clicks-1.config.shardCount',
        received: '6',
        allowed: 'at most 8 over all nodes',
      },
    ]);
  });

  it('fails at as many claims as it takes for the others to fit', () => {
    expect(faultsOf([4, 4, 4, 4]).map(({ path }) => path)).toEqual([
      'nodes.clicks.config.shardCount',
      'nodes.clicks-1.config.shardCount',
    ]);
    expect(faultsOf([1, 1], { 'stream/shards': 1 })).toHaveLength(2);
  });

  it('fails for a quota that no component reads, and suggests the right one', () => {
    const [fault, ...others] = faultsOf([1], { 'stream/shard': 20 });
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ code: 'document/unknown-quota', path: 'account.quotas.stream/shard' });
    expect(fault?.message).toContain('did you mean `stream/shards`');
  });
});

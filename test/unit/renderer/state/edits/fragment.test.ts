import { describe, expect, it } from 'vitest';
import { faultsOf, validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { fragmentOf, fragmentText, insertFragment, readFragment } from '#renderer/state/edits/fragment.ts';
import { documentLimits } from '#schema/document.ts';
import { chain } from './edits-fixture.ts';

const all = ['traffic-source', 'kinesis-data-streams', 'lambda'];

describe('fragment', () => {
  it('has the nodes, the edges among them and their loads', () => {
    const part = fragmentOf(chain(), ['kinesis-data-streams', 'lambda']);
    expect(part?.edges.map(({ source, target }) => [source, target])).toEqual([['kinesis-data-streams', 'lambda']]);
    expect(part?.workloads).toEqual([]);
    expect(fragmentOf(chain(), all)?.workloads).toHaveLength(1);
    expect(fragmentOf(chain(), [])).toBeUndefined();
  });

  it('comes back from its text, and is set in under new ids as a valid design', () => {
    const document = chain();
    const fragment = fragmentOf(document, all);
    const read = fragment && readFragment(fragmentText(fragment));
    expect(read).toEqual(fragment);
    const inserted = read && insertFragment(document, read, { x: 40, y: 40 });
    expect(inserted?.ids).toEqual(['traffic-source-2', 'kinesis-data-streams-2', 'lambda-2']);
    expect(inserted?.document.nodes[3]?.position).toEqual({ x: 40, y: 40 });
    expect(inserted?.document.workloads[1]).toMatchObject({ node: 'traffic-source-2' });
    expect(faultsOf(validateDocument(inserted?.document, catalog))).toEqual([]);
    expect(inserted?.document.edges.slice(0, 2)).toEqual(document.edges);
  });

  it('fails to read other text', () => {
    for (const text of ['', 'hello', '{', '[]', '{"caudal":"fragment","nodes":[]}', '{"nodes":[{"id":"A b"}]}']) {
      expect(readFragment(text)).toBeUndefined();
    }
  });

  it('fails to grow a document beyond its limits', () => {
    const document = chain();
    const [node] = document.nodes;
    const fragment = fragmentOf(document, all);
    if (node === undefined || fragment === undefined) throw new Error('the chain has nodes');
    const full = { ...document, nodes: Array.from({ length: documentLimits.nodes - 1 }, () => node) };
    expect(insertFragment(full, fragment, { x: 0, y: 0 })).toBeUndefined();
  });
});

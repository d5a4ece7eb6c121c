import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { withFault } from '#renderer/charts/fault-edits.ts';
import { idFault, renameItem, renameNode, renameOutput } from '#renderer/inspector/edits/rename.ts';
import { addObjective } from '#renderer/workload/other-objectives.ts';
import { chain } from '#test/unit/renderer/state/edits/edits-fixture.ts';

function rich() {
  const broken = withFault(chain(), 'outage', 'lambda', 10);
  const promised = addObjective(broken, 'latency', 'lambda', '');
  const groups = [{ id: 'lane', label: 'Speed', kind: 'lane' as const, nodes: ['lambda', 'kinesis-data-streams'] }];
  return { ...promised, groups };
}

describe('a node that is renamed', () => {
  it('takes links, loads, faults, objectives and groups along', () => {
    let document = renameNode(rich(), 'lambda', 'enrich');
    document = renameNode(document, 'traffic-source', 'web-app');
    expect(document.nodes.map(({ id }) => id)).toEqual(['web-app', 'kinesis-data-streams', 'enrich']);
    expect(document.edges.map(({ source, target }) => [source, target])).toEqual([
      ['web-app', 'kinesis-data-streams'],
      ['kinesis-data-streams', 'enrich'],
    ]);
    expect(document.workloads[0]?.node).toBe('web-app');
    expect(document.faults[0]?.node).toBe('enrich');
    expect(document.objectives[0]).toMatchObject({ node: 'enrich' });
    expect(document.groups[0]?.nodes).toEqual(['enrich', 'kinesis-data-streams']);
    expect(validateDocument(document, catalog)).toMatchObject({ document: { nodes: expect.anything() } });
  });
});

describe('an output that is renamed', () => {
  it('takes the links along that leave by it, and no others', () => {
    const before = rich();
    const [output] = before.nodes[0]?.outputs ?? [];
    const document = renameOutput(before, 'traffic-source', output?.id ?? '', 'views');
    expect(document.nodes[0]?.outputs[0]?.id).toBe('views');
    expect(document.edges.map((edge) => edge.output)).toEqual(['views', 'consumers']);
    expect(validateDocument(document, catalog)).toMatchObject({ document: { nodes: expect.anything() } });
  });
});

describe('an id', () => {
  it('can be changed where nothing else names the thing', () => {
    expect(renameItem(rich(), 'workloads', 'traffic-source-load', 'visitors').workloads[0]?.id).toBe('visitors');
    expect(renameItem(rich(), 'faults', 'outage', 'crash').faults[0]?.id).toBe('crash');
  });

  it('fails when it is taken or has a sign that paths cannot have', () => {
    expect(idFault('orders', new Set())).toBeUndefined();
    expect(idFault('orders', new Set(['orders']))).toContain('taken');
    for (const id of ['', 'Orders', 'a.b', 'a b', 'x'.repeat(65)])
      expect(idFault(id, new Set())).toContain('lower-case');
  });
});

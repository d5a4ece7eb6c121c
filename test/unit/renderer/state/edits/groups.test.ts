import { describe, expect, it } from 'vitest';
import { faultsOf, validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { cardSize } from '#drawing/node-card.ts';
import { groupBoxes, groupNodes, renameGroup, ungroupNodes } from '#renderer/state/edits/groups.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { chain } from './edits-fixture.ts';

function grouped(document: CaudalDocument, ...ids: readonly string[]): CaudalDocument {
  return groupNodes(document, ids)?.document ?? document;
}

describe('groups', () => {
  it('take nodes over from the group they were in', () => {
    const first = grouped(chain(), 'traffic-source', 'kinesis-data-streams');
    const second = grouped(first, 'kinesis-data-streams', 'lambda');
    expect(second.groups).toMatchObject([
      { id: 'group', label: 'Group', nodes: ['traffic-source'] },
      { id: 'group-2', label: 'Group 2', nodes: ['kinesis-data-streams', 'lambda'] },
    ]);
    expect(grouped(second, 'traffic-source', 'lambda', 'kinesis-data-streams').groups).toHaveLength(1);
    expect(faultsOf(validateDocument(second, catalog))).toEqual([]);
  });

  it('are named and taken away without their nodes', () => {
    const document = grouped(chain(), 'lambda');
    expect(renameGroup(document, 'group', 'Ingest').groups[0]?.label).toBe('Ingest');
    expect(renameGroup(document, 'group', 'Group')).toBe(document);
    const without = ungroupNodes(document, ['lambda']);
    expect(without.groups).toEqual([]);
    expect(without.nodes).toBe(document.nodes);
    expect(ungroupNodes(document, ['traffic-source'])).toBe(document);
  });

  it('are drawn around their cards, wherever these are', () => {
    const document = grouped(chain(), 'traffic-source', 'lambda');
    const places = new Map([
      ['traffic-source', { x: 0, y: 0 }],
      ['lambda', { x: 440, y: 300 }],
    ]);
    const [box] = groupBoxes(document.groups, (node) => places.get(node));
    expect(box?.x).toBeLessThan(0);
    expect(box?.y).toBeLessThan(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeGreaterThan(440 + cardSize.width);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan(300 + cardSize.height);
  });

  it('fails to group what is not there', () => {
    expect(groupNodes(chain(), ['none'])).toBeUndefined();
    expect(groupNodes(chain(), [])).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { type ChoosableNode, choiceName, suggestedCharts } from '#drawing/chart-choice.ts';
import type { MetricDeclaration } from '#schema/component.ts';
import { nodeResult } from './result-samples.ts';

function node(id: string, metrics: readonly Partial<MetricDeclaration>[], max = 1): ChoosableNode {
  const declared = metrics.map((metric) => ({ unit: 'Count', series: 'counter', ...metric }));
  const summaries = Object.fromEntries(declared.map(({ name = '' }) => [name, { unit: 'Count', mean: 0, max }]));
  return { id, spec: { metrics: declared } as never, result: { ...nodeResult({}), metrics: summaries } };
}

const names = (nodes: readonly ChoosableNode[], selected?: string): string[] =>
  suggestedCharts(nodes, selected).map(choiceName);

const stream = node('stream', [
  { name: 'Derived', derived: true },
  { name: 'Incoming' },
  { name: 'OldestAge', badge: 'age', derived: true, series: 'gauge' },
  { name: 'IteratorAge', badge: 'age', series: 'sample' },
]);

describe('the charts that are suggested', () => {
  it('begin with what the first node carries, then what tells of trouble under its official name, then more flow', () => {
    const source = node('source', [{ name: 'Created' }]);
    expect(names([source, stream])).toEqual(['source · Created', 'stream · IteratorAge', 'stream · Incoming']);
  });

  it('are those of the selected node, official names first', () => {
    expect(names([stream], 'stream')).toEqual([
      'stream · Incoming',
      'stream · IteratorAge',
      'stream · Derived',
      'stream · OldestAge',
    ]);
  });

  it('leave out what stayed at zero', () => {
    expect(names([node('idle', [{ name: 'Created' }], 0)])).toEqual([]);
  });

  it('are few in a large design, and some of them show how much flows', () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      node(`n${index}`, [{ name: 'Records' }, { name: 'Errors', badge: 'errors' }]),
    );
    const found = names(many);
    expect(found).toHaveLength(6);
    expect(found.filter((name) => name.endsWith('Records')).length).toBeGreaterThanOrEqual(2);
  });
});

import { describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import { addObjective, metricsOf, objectiveKinds } from '#renderer/workload/other-objectives.ts';
import { objectiveSchema } from '#schema/objectives.ts';
import { chain } from '#test/unit/renderer/state/edits/edits-fixture.ts';

describe('a new objective', () => {
  it('is valid for every kind, and has an id of its own', () => {
    let document = chain();
    for (const kind of [...objectiveKinds, ...objectiveKinds])
      document = addObjective(document, kind, 'lambda', 'Errors');
    for (const objective of document.objectives) expect(objectiveSchema.safeParse(objective).success).toBe(true);
    expect(new Set(document.objectives.map(({ id }) => id)).size).toBe(2 * objectiveKinds.length);
  });

  it('is set where records arrive when no node is named', () => {
    expect(addObjective(chain(), 'latency', undefined, '').objectives[0]).toMatchObject({ node: 'lambda' });
  });
});

describe('the metrics for an objective', () => {
  it('are those that the node has as it is set', () => {
    const node = chain().nodes.find(({ id }) => id === 'lambda');
    const names = metricsOf(components.get('lambda'), node).map(({ name }) => name);
    expect(names).toContain('Errors');
    expect(metricsOf(undefined, node)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import { addOutput, removeOutput } from '#renderer/inspector/edits/outputs.ts';
import { emitSchema } from '#schema/emit.ts';
import { chain } from '#test/unit/renderer/state/edits/edits-fixture.ts';

const ports = components.get('lambda')?.declaration.ports ?? [];

describe('the outputs of a node', () => {
  it('get one more, with a name that neither outputs nor ports have', () => {
    const once = addOutput(chain(), 'lambda', 'output', ports);
    const twice = addOutput(once, 'lambda', 'output', ports);
    const node = twice.nodes.find(({ id }) => id === 'lambda');
    expect(node?.outputs).toEqual([
      { id: 'output-2', port: 'output', emit: emitSchema.parse({}) },
      { id: 'output-3', port: 'output', emit: emitSchema.parse({}) },
    ]);
  });

  it('go together with the links that leave by them', () => {
    const before = chain();
    const [output] = before.nodes[0]?.outputs ?? [];
    const after = removeOutput(before, 'traffic-source', output?.id ?? '');
    expect(after.nodes[0]?.outputs).toEqual([]);
    expect(after.edges.map(({ source }) => source)).toEqual(['kinesis-data-streams']);
  });
});

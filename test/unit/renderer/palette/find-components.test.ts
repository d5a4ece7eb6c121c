import { describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import { sectionsOf } from '#renderer/palette/find-components.ts';

function found(query: string): readonly string[] {
  return sectionsOf(components.values(), query).flatMap((section) => section.components.map(({ type }) => type));
}

describe('palette', () => {
  it('lists every component once, sources first and consumers last', () => {
    expect([...found('')].sort()).toEqual([...components.keys()].sort());
    const categories = sectionsOf(components.values(), '').map(({ category }) => category);
    expect(categories[0]).toBe('Sources');
    expect(categories.at(-1)).toBe('Consumers');
    expect(new Set(categories).size).toBe(categories.length);
  });

  it('finds by title, type, category and summary, the best first', () => {
    expect(found('kinesis data')[0]).toBe('kinesis-data-streams');
    expect(found('sqs')[0]).toBe('sqs');
    expect(found('LAMB')[0]).toBe('lambda');
    expect(found('shards')).toContain('kinesis-data-streams');
    expect(found('streams and')).toContain('sqs');
  });

  it('fails to find what no component has', () => {
    expect(found('mainframe')).toEqual([]);
    expect(found('sqs mainframe')).toEqual([]);
  });
});

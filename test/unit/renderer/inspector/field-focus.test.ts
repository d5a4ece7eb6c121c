import { describe, expect, it } from 'vitest';
import { isWithin, nearestPath } from '#renderer/inspector/field-focus.ts';

describe('the way to a field', () => {
  it('ends at the field itself, or at the closest around it', () => {
    const shown = ['nodes.a', 'nodes.a.config.steps', 'nodes.a.config.steps.0', 'nodes.b.config.x'];
    expect(nearestPath('nodes.a.config.steps.0.atSeconds', shown)).toBe('nodes.a.config.steps.0');
    expect(nearestPath('nodes.a.config.steps', shown)).toBe('nodes.a.config.steps');
    expect(nearestPath('nodes.a.config.gone', shown)).toBe('nodes.a');
    expect(nearestPath('edges.put', shown)).toBeUndefined();
  });

  it('does not take a name for another that begins like it', () => {
    expect(isWithin('nodes.ab', 'nodes.a')).toBe(false);
    expect(isWithin('nodes.a.config', 'nodes.a')).toBe(true);
  });
});

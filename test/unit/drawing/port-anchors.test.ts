import { describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import { cardSize } from '#drawing/node-card.ts';
import { portAnchors } from '#drawing/port-anchors.ts';

describe('port anchors', () => {
  it('are on the border of the card, each port shown at a place of its own', () => {
    for (const { declaration } of components.values()) {
      const anchors = portAnchors(declaration.ports);
      expect(anchors.map(({ port }) => port.id)).toEqual(declaration.ports.map(({ id }) => id));
      const shown = new Set(anchors.map(({ shownX, shownY }) => `${shownX},${shownY}`));
      expect(shown.size).toBe(anchors.length);
      for (const { x, y, shownX, shownY } of anchors) {
        expect(x === 0 || x === cardSize.width || y === 0 || y === cardSize.height).toBe(true);
        expect(shownX).toBeGreaterThanOrEqual(0);
        expect(shownX).toBeLessThanOrEqual(cardSize.width);
        expect(shownY).toBeGreaterThanOrEqual(0);
        expect(shownY).toBeLessThanOrEqual(cardSize.height);
      }
    }
  });

  it('let ordinary data pass along the middle and failures below it', () => {
    const anchors = portAnchors(components.get('sqs')?.declaration.ports ?? []);
    const at = Object.fromEntries(anchors.map(({ port, side, y }) => [port.id, [side, y]]));
    expect(at['messages']).toEqual(['left', cardSize.height / 2]);
    expect(at['consumers']).toEqual(['right', cardSize.height / 2]);
    expect(at['dead-letter']?.[1]).toBeGreaterThan(cardSize.height / 2);
    expect(at['dead-letters']?.[1]).toBe(at['dead-letter']?.[1]);
  });
});

import { describe, expect, it } from 'vitest';
import { cardSize } from '#drawing/node-card.ts';
import { isInView, middleOf } from '#renderer/canvas/view-geometry.ts';

const view = { x: 0, y: 0, zoom: 1, width: 800, height: 600 };

describe('view', () => {
  it('holds a card that is wholly inside it', () => {
    expect(isInView({ x: 100, y: 100 }, view)).toBe(true);
    expect(isInView({ x: 5, y: 100 }, view)).toBe(false);
    expect(isInView({ x: 800 - cardSize.width, y: 100 }, view)).toBe(false);
    expect(isInView({ x: 100, y: 590 }, view)).toBe(false);
  });

  it('moves and zooms', () => {
    expect(isInView({ x: 900, y: 100 }, { ...view, x: -500 })).toBe(true);
    expect(isInView({ x: 900, y: 100 }, { ...view, zoom: 0.5 })).toBe(true);
    expect(isInView({ x: 500, y: 100 }, { ...view, zoom: 2 })).toBe(false);
  });

  it('has its middle between the outer cards', () => {
    const places = [
      { x: 0, y: 0 },
      { x: 300, y: 100 },
      { x: 100, y: 40 },
    ];
    expect(middleOf(places)).toEqual({ x: (300 + cardSize.width) / 2, y: (100 + cardSize.height) / 2 });
  });
});

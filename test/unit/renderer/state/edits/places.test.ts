import { describe, expect, it } from 'vitest';
import { cardSize } from '#drawing/node-card.ts';
import {
  alignNodes,
  freePlace,
  moveNodes,
  nudgeNodes,
  onGrid,
  placeAfter,
  settledPlaces,
  withPlaces,
} from '#renderer/state/edits/places.ts';
import { chain, withNodes } from './edits-fixture.ts';

describe('places', () => {
  it('keeps a new card off every other', () => {
    const taken = [
      { x: 0, y: 0 },
      { x: 0, y: 150 },
    ];
    for (const wanted of [
      { x: 3, y: 4 },
      { x: -20, y: 130 },
      { x: 500, y: 500 },
    ]) {
      const place = freePlace(taken, wanted);
      expect(place).toEqual(onGrid(place));
      for (const { x, y } of taken) {
        expect(Math.abs(place.x - x) >= cardSize.width || Math.abs(place.y - y) >= cardSize.height).toBe(true);
      }
    }
    expect(freePlace([], { x: 3, y: 4 })).toEqual({ x: 0, y: 0 });
  });

  it('has room even where many cards stand', () => {
    const taken = Array.from({ length: 400 }, (_, index) => ({
      x: (index % 20) * 150,
      y: Math.floor(index / 20) * 115,
    }));
    const place = freePlace(taken, { x: 0, y: 0 });
    expect(taken.some(({ x, y }) => Math.abs(place.x - x) < 148 && Math.abs(place.y - y) < 112)).toBe(false);
  });

  it('moves what is named and leaves the rest, the document too where nothing moves', () => {
    const document = chain();
    const moved = moveNodes(document, new Map([['lambda', { x: 1, y: 2 }]]));
    expect(moved.nodes[2]?.position).toEqual({ x: 1, y: 2 });
    expect(moved.nodes[0]).toBe(document.nodes[0]);
    expect(moveNodes(document, new Map([['lambda', { x: 440, y: 0 }]]))).toBe(document);
    expect(nudgeNodes(document, ['lambda'], { x: -10, y: 0 }).nodes[2]?.position).toEqual({ x: 430, y: 0 });
  });

  it('aligns the chosen cards', () => {
    const document = moveNodes(chain(), new Map([['lambda', { x: 440, y: 80 }]]));
    const ys = (alignment: 'top' | 'middle' | 'bottom'): number[] =>
      alignNodes(document, ['kinesis-data-streams', 'lambda'], alignment).nodes.map(({ position }) => position.y);
    expect(ys('top')).toEqual([0, 0, 0]);
    expect(ys('middle')).toEqual([0, 40, 40]);
    expect(ys('bottom')).toEqual([0, 80, 80]);
    expect(alignNodes(document, ['lambda'], 'top')).toBe(document);
  });

  it('takes a layout from the corner of the canvas, or of a part where that stands', () => {
    const document = moveNodes(chain(), new Map([['lambda', { x: -300, y: 40 }]]));
    const places = new Map([
      ['kinesis-data-streams', { x: 12, y: 12 }],
      ['lambda', { x: 233, y: 96 }],
    ]);
    expect(settledPlaces(document, places).get('lambda')).toEqual({ x: 220, y: 80 });
    const part = settledPlaces(document, places, ['kinesis-data-streams', 'lambda']);
    expect(part.get('kinesis-data-streams')).toEqual({ x: -300, y: 0 });
    expect(moveNodes(document, part).nodes[0]).toBe(document.nodes[0]);
  });

  it('places nodes that have no place, and leaves others alone', () => {
    const unplaced = moveNodes(withNodes('traffic-source', 'sqs'), new Map([['sqs', { x: 0, y: 0 }]]));
    expect(new Set(withPlaces(unplaced).nodes.map(({ position }) => `${position.x},${position.y}`)).size).toBe(2);
    expect(withPlaces(chain())).toEqual(chain());
    expect(placeAfter({ x: 0, y: 5 }).x).toBeGreaterThan(cardSize.width);
  });
});

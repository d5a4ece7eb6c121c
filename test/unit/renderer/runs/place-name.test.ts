import { describe, expect, it } from 'vitest';
import { placeName } from '#renderer/runs/place-name.ts';

const design = {
  nodes: [
    { id: 'web-shop', label: 'Web shop' },
    { id: 'logs', label: '' },
  ],
  edges: [{ id: 'put', source: 'web-shop', target: 'logs' }],
} as unknown as Parameters<typeof placeName>[0];

describe('the name of a place', () => {
  it('is the label of a node, or its id where it has none', () => {
    expect(placeName(design, 'web-shop')).toBe('Web shop');
    expect(placeName(design, 'logs')).toBe('logs');
  });

  it('names a link by the nodes it joins', () => {
    expect(placeName(design, 'put')).toBe('Web shop → logs');
  });

  it('is the id of what the design no longer has', () => {
    expect(placeName(design, 'gone')).toBe('gone');
  });
});

import { describe, expect, it } from 'vitest';
import { objectiveName, placeKind, placeName } from '#renderer/runs/place-name.ts';

const design = {
  nodes: [
    { id: 'web-shop', label: 'Web shop' },
    { id: 'logs', label: '' },
    { id: 'worker', label: 'Worker' },
    { id: 'worker-2', label: 'Worker' },
  ],
  edges: [{ id: 'put', source: 'web-shop', target: 'logs' }],
} as unknown as Parameters<typeof placeName>[0];

describe('the name of a place', () => {
  it('is the label of a node, or its id where it has none', () => {
    expect(placeName(design, 'web-shop')).toBe('Web shop');
    expect(placeName(design, 'logs')).toBe('logs');
  });

  it('says the id beside a label that two nodes have', () => {
    expect(placeName(design, 'worker')).toBe('Worker (worker)');
    expect(placeName(design, 'worker-2')).toBe('Worker (worker-2)');
  });

  it('tells nodes from links', () => {
    expect([placeKind(design, 'logs'), placeKind(design, 'put')]).toEqual(['node', 'edge']);
    expect([placeKind(design, 'account'), placeKind(design, null)]).toEqual([undefined, undefined]);
  });

  it('names a link by the nodes it joins', () => {
    expect(placeName(design, 'put')).toBe('Web shop → logs');
  });

  it('is the id of what the design no longer has', () => {
    expect(placeName(design, 'gone')).toBe('gone');
  });
});

describe('the name of an objective', () => {
  it('is its words, or its id where it has none', () => {
    const objectives = [
      { id: 'fresh', label: 'Alerts are fresh' },
      { id: 'cheap', label: '' },
    ] as Parameters<typeof objectiveName>[0]['objectives'];
    expect(objectiveName({ objectives }, 'fresh')).toBe('Alerts are fresh');
    expect(objectiveName({ objectives }, 'cheap')).toBe('cheap');
  });
});

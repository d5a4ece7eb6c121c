import { describe, expect, it } from 'vitest';
import { documentText } from '#analysis/document-text.ts';
import { catalog, design } from './fixture-catalog.ts';

describe('documentText', () => {
  it('writes the same design in the same way, whatever the order of its keys', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, held]) => [key, shuffled(held)]),
      );
    };
    const text = documentText(design(), catalog);
    expect(documentText(shuffled(design()) as Record<string, unknown>, catalog)).toBe(text);
    expect(JSON.parse(text)).toEqual(design());
  });

  it('writes one item a line, settings in the order of their declaration', () => {
    const nodes = [
      { type: 'stream', config: { retentionHours: 48, shardCount: 2 }, id: 'clicks' },
      { id: 'shop', type: 'sink' },
    ];
    expect(documentText({ name: 'x', nodes, edges: [], schemaVersion: 1 }, catalog)).toBe(
      [
        '{',
        '  "schemaVersion": 1,',
        '  "name": "x",',
        '  "nodes": [',
        '    { "id": "clicks", "type": "stream", "config": { "shardCount": 2, "retentionHours": 48 } },',
        '    { "id": "shop", "type": "sink" }',
        '  ],',
        '  "edges": []',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('keeps fields that no schema knows', () => {
    expect(documentText({ zebra: 1, name: 'x', apple: [1, 2] }, catalog)).toBe(
      '{\n  "name": "x",\n  "apple": [\n    1,\n    2\n  ],\n  "zebra": 1\n}\n',
    );
  });
});

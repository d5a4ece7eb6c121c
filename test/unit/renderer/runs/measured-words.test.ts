import { describe, expect, it } from 'vitest';
import { measuredWords } from '#renderer/runs/measured-words.ts';

const design = { nodes: [{ id: 'app', label: 'Analytics' }], edges: [] } as unknown as Parameters<
  typeof measuredWords
>[0];
const base = { id: 'x', label: '' };

describe('what an objective measures', () => {
  it('names the quantity and the label of the node', () => {
    const latency = { ...base, kind: 'latency', node: 'app', maxSeconds: 1 } as const;
    expect(measuredWords(design, { ...latency, quantile: 0.99 })).toBe('p99 latency to Analytics');
    expect(measuredWords(design, { ...latency, quantile: 0.999 })).toBe('p99.9 latency to Analytics');
    expect(measuredWords(design, { ...base, kind: 'metric', node: 'app', metric: 'Duration', max: 1 })).toBe(
      'Largest Duration at Analytics',
    );
  });

  it('names the whole design where there is no node', () => {
    expect(measuredWords(design, { ...base, kind: 'duplicates', maxRatio: 0 })).toBe('Duplicates delivered');
    expect(measuredWords(design, { ...base, kind: 'duplicates', node: 'app', maxRatio: 0 })).toBe(
      'Duplicates delivered at Analytics',
    );
    expect(measuredWords(design, { ...base, kind: 'loss', maxRatio: 0 })).toBe('Records lost, of those created');
    expect(measuredWords(design, { ...base, kind: 'monthlyCost', maxUsd: 9 })).toBe('Cost of a month at this load');
  });
});

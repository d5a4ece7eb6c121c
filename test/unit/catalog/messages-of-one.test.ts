/** Sentences that speak of one thing otherwise than of several: numbers reach them as text. */
import { describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import { sentence } from '#analysis/sentences.ts';

const said = (code: string, params: Readonly<Record<string, number>>): string =>
  sentence(components.get(code.split('/')[0] ?? '')?.messages, code, params);

describe('sentences about one', () => {
  it('speak of one worker and of several', () => {
    const code = 'consumer-application/workers-busy';
    expect(said(code, { utilisation: 89, workers: 1, to: 2 })).toMatch(/^The worker was busy 89 %/);
    expect(said(code, { utilisation: 89, workers: 3, to: 4 })).toMatch(/^The 3 workers were busy/);
    expect(said('consumer-application/workers-saturated', { workers: 1, to: 2 })).toMatch(/^The worker was busy/);
  });

  it('speak of one prefix, and of a cache without replicas', () => {
    const slow = { refused: 5, perSecond: 3500, prefixes: 1, to: 2 };
    expect(said('s3/too-few-partitions', slow)).toContain('begin with one prefix,');
    expect(said('elasticache/keys-lost', { lost: 9, replicas: 0 })).toContain('empty, as it has no replica');
    expect(said('elasticache/keys-lost', { lost: 9, replicas: 1 })).toContain('from a replica');
  });
});

import { describe, expect, it } from 'vitest';
import { linkRefusal } from '#analysis/links.ts';
import { documentSchema } from '#schema/document.ts';
import { catalog, design } from './fixture-catalog.ts';

const document = documentSchema.parse(design());

describe('linkRefusal', () => {
  it('allows a link whose ends speak the same protocol', () => {
    expect(linkRefusal(catalog, document, 'enrich', 'orders', 'clicks', 'records')).toBeUndefined();
    expect(linkRefusal(catalog, document, 'enrich', 'on-failure', 'shop', 'requests')).toBeUndefined();
  });

  it('refuses a link that exists already, unless it is the one being redrawn', () => {
    const ends = ['app', 'clicks', 'clicks', 'records'] as const;
    expect(linkRefusal(catalog, document, ...ends)?.code).toBe('document/duplicate-link');
    expect(linkRefusal(catalog, document, ...ends, 'put')).toBeUndefined();
  });

  it('says what the port takes and what to do instead', () => {
    const refusal = linkRefusal(catalog, document, 'app', 'clicks', 'enrich', 'polled');
    expect(refusal).toMatchObject({
      code: 'document/illegal-link',
      remedy: 'Link the consumers port of a Kinesis data stream to it.',
    });
    expect(refusal?.message).toContain('records read from a stream');
  });

  it('refuses what points the wrong way and what does not exist', () => {
    const codes = [
      linkRefusal(catalog, document, 'shop', 'requests', 'enrich', 'requests'),
      linkRefusal(catalog, document, 'app', 'clicks', 'clicks', 'consumers'),
      linkRefusal(catalog, document, 'nobody', 'x', 'clicks', 'records'),
      linkRefusal(catalog, document, 'app', 'click', 'clicks', 'records'),
      linkRefusal(catalog, document, 'app', 'clicks', 'clicks', 'record'),
    ].map((refusal) => refusal?.code);
    expect(codes).toEqual([
      'document/wrong-direction',
      'document/wrong-direction',
      'document/unknown-node',
      'document/unknown-output',
      'document/unknown-port',
    ]);
  });

  it('refuses the 31st link that leaves a node', () => {
    const nodes = Array.from({ length: 31 }, (_, index) => ({ id: `s-${index}`, type: 'sink' }));
    const edges = nodes
      .slice(0, 30)
      .map(({ id }) => ({ id: `e-${id}`, source: 'enrich', output: 'orders', target: id, port: 'requests' }));
    const wide = documentSchema.parse(design({ nodes: [...(design()['nodes'] as object[]), ...nodes], edges }));
    expect(linkRefusal(catalog, wide, 'enrich', 'orders', 's-30', 'requests')?.code).toBe('document/too-many-links');
  });
});

import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { type Written, writtenForm } from '#host/documents/written-form.ts';
import type { CaudalDocument } from '#schema/document.ts';

const written = {
  schemaVersion: 1,
  name: 'small',
  nodes: [
    { id: 'visitors', type: 'traffic-source', outputs: [{ id: 'requests' }] },
    { id: 'service', type: 'custom-service', config: { servers: 2 } },
  ],
  edges: [{ id: 'ask', source: 'visitors', output: 'requests', target: 'service', port: 'requests' }],
  workloads: [
    {
      id: 'load',
      node: 'visitors',
      arrivals: { kind: 'poisson', recordsPerSecond: 40 },
      recordSize: { kind: 'constant', bytes: 500 },
      partitionKey: { kind: 'uniform', keys: 100 },
    },
  ],
};

function complete(document: unknown): CaudalDocument {
  const validated = validateDocument(document, catalog);
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

const baseline = { written, complete: complete(written) };
const form = (change: (document: CaudalDocument) => CaudalDocument): Written =>
  writtenForm(change(complete(written)) as unknown as Written, baseline);

describe('writtenForm', () => {
  it('gives back what the author wrote when nothing has changed', () => {
    expect(form((document) => document)).toEqual(written);
  });

  it('adds only what was changed', () => {
    const changed = form((document) => ({ ...document, run: { ...document.run, seed: 9 } }));
    expect(changed).toEqual({ ...written, run: { seed: 9 } });
  });

  it('writes a setting of a node beside those its author wrote', () => {
    const changed = form((document) => ({
      ...document,
      nodes: document.nodes.map((node) =>
        node.id === 'service' ? { ...node, config: { ...node.config, meanServiceTimeMs: 30 } } : node,
      ),
    }));
    expect((changed['nodes'] as unknown[])[1]).toEqual({
      id: 'service',
      type: 'custom-service',
      config: { servers: 2, meanServiceTimeMs: 30 },
    });
  });

  it('keeps a default that the author wrote out', () => {
    const explicit = { ...written, run: { seed: 1 } };
    const whole = complete(explicit);
    const changed = writtenForm({ ...whole, name: 'other' } as unknown as Written, {
      written: explicit,
      complete: whole,
    });
    expect(changed).toEqual({ ...explicit, name: 'other' });
  });

  it('leaves out nodes that are gone and writes new ones whole', () => {
    const added = {
      id: 'extra',
      type: 'custom-service',
      label: 'new',
      position: { x: 1, y: 2 },
      config: {},
      outputs: [],
    };
    const changed = form((document) => ({
      ...document,
      nodes: [added, ...document.nodes.filter(({ id }) => id !== 'service')],
      edges: [],
    }));
    expect(changed['nodes']).toEqual([added, written.nodes[0]]);
    expect(changed['edges']).toEqual([]);
  });

  it('means the same after any change of kind', () => {
    const changed = form((document) => ({
      ...document,
      workloads: document.workloads.map((workload) => ({
        ...workload,
        arrivals: { kind: 'constant' as const, recordsPerSecond: 40, spacing: 'random' as const },
      })),
    }));
    expect(complete(changed).workloads[0]?.arrivals).toEqual({
      kind: 'constant',
      recordsPerSecond: 40,
      spacing: 'random',
    });
  });

  it('writes a document without a baseline as it is', () => {
    const document = complete(written) as unknown as Written;
    expect(writtenForm(document, undefined)).toBe(document);
  });

  it('writes a draft as shortly', () => {
    const changed = form((document) => ({ ...document, run: { ...document.run, horizonSeconds: -1 } }));
    expect(changed).toEqual({ ...written, run: { horizonSeconds: -1 } });
  });

  it('keeps a document whole that it cannot compare', () => {
    const whole = { ...complete(written), schemaVersion: 99 } as unknown as Written;
    expect(writtenForm(whole, baseline)).toBe(whole);
  });
});

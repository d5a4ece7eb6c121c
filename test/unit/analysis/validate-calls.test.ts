/** Outputs that ask instead of sending: their port, their kind of link, and the settings that count there. */
import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import { components, connections } from '#catalog/specs.ts';

/** A function that asks a cache, by an output with this emit block. */
function faultsOf(emit: object, { port = 'calls', kind = 'call' }: { port?: string | undefined; kind?: string } = {}) {
  const lookups = port === '' ? { id: 'lookups', emit } : { id: 'lookups', port, emit };
  const validated = validateDocument(
    {
      schemaVersion: 1,
      name: 'calls',
      nodes: [
        { id: 'source', type: 'traffic-source', outputs: [{ id: 'out' }] },
        { id: 'function', type: 'lambda', outputs: [lookups, { id: 'on' }] },
        { id: 'cache', type: 'elasticache' },
        { id: 'sink', type: 'consumer-application' },
      ],
      edges: [
        { id: 'a', source: 'source', output: 'out', target: 'function', port: 'events' },
        { id: 'b', source: 'function', output: 'lookups', target: 'cache', port: 'commands', kind },
        { id: 'c', source: 'function', output: 'on', target: 'sink', port: 'deliveries' },
      ],
      workloads: [
        {
          id: 'load',
          node: 'source',
          arrivals: { kind: 'constant', recordsPerSecond: 1, spacing: 'paced' },
          recordSize: { kind: 'constant', bytes: 100 },
          partitionKey: { kind: 'uniform', keys: 10 },
        },
      ],
    },
    { components, connections },
  );
  return 'faults' in validated ? validated.faults.map(({ code, path }) => `${code} ${path}`) : [];
}

describe('an output of a port of kind call', () => {
  it('is valid with the settings of a call, beside an output that names no port and sends records', () => {
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ callsPer: 'invocation', order: 'pipelined', maxAttempts: 2, onExhausted: 'drop' })).toEqual([]);
  });

  it('fails when it has settings that only count for records that are sent on', () => {
    expect(faultsOf({ selectivity: 0.5, batchSize: 10 })).toEqual([
      'document/field-not-in-use nodes.function.outputs.lookups.emit.selectivity',
      'document/field-not-in-use nodes.function.outputs.lookups.emit.batchSize',
    ]);
  });

  it('fails when its link is not of that kind, as a link is not unless it says so', () => {
    expect(faultsOf({}, { kind: 'data' })).toEqual(['document/wrong-kind edges.b.kind']);
  });

  it('fails when it names no port: it is then taken to send records, which a cache does not take', () => {
    expect(faultsOf({}, { port: '' })).toEqual(['document/illegal-link edges.b.port']);
  });
});

describe('an output that sends records', () => {
  it('fails when it has settings of calls', () => {
    expect(faultsOf({ callsPer: 'invocation', order: 'pipelined' }, { port: '' })).toEqual([
      'document/field-not-in-use nodes.function.outputs.lookups.emit.callsPer',
      'document/field-not-in-use nodes.function.outputs.lookups.emit.order',
      'document/illegal-link edges.b.port',
    ]);
  });
});

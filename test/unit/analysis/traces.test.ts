import { describe, expect, it } from 'vitest';
import { inlineTraces, traceFiles } from '#analysis/traces.ts';
import { validateDocument } from '#analysis/validate.ts';
import { catalog, design } from './fixture-catalog.ts';

function traced() {
  const workload = (design()['workloads'] as object[])[0];
  const arrivals = { kind: 'trace', csv: { path: 'black-friday.csv' } };
  const validated = validateDocument(design({ workloads: [{ ...workload, arrivals }] }), catalog);
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

describe('traces', () => {
  it('names the files that a document needs', () => {
    expect(traceFiles(traced())).toEqual([{ workload: 'visits', path: 'black-friday.csv' }]);
  });

  it('puts the counts of a file into the document', () => {
    const inlined = inlineTraces(traced(), new Map([['visits', 'minute,records\n0,10\n1,20\n']]));
    expect('document' in inlined && inlined.document.workloads[0]?.arrivals).toMatchObject({
      binSeconds: 60,
      counts: [10, 20],
    });
  });

  it('fails with the line of the file and the place in the document', () => {
    const inlined = inlineTraces(traced(), new Map([['visits', 'minute,records\n0,10\n1,many\n']]));
    if (!('faults' in inlined)) throw new Error('a count must be a number');
    expect(inlined.faults).toMatchObject([
      { code: 'trace/count', path: 'workloads.visits.arrivals.csv.path', received: 'many' },
    ]);
    expect(inlined.faults[0]?.message).toMatch(/^black-friday\.csv:3:3: /);
  });

  it('fails with the first faults of a file that repeats them, and says how many more there are', () => {
    const rows = Array.from({ length: 1000 }, (_, minute) => `${minute},many`).join('\n');
    const inlined = inlineTraces(traced(), new Map([['visits', `minute,records\n${rows}\n`]]));
    const faults = 'faults' in inlined ? inlined.faults : [];
    expect(faults).toHaveLength(51);
    expect(faults.at(-1)?.message).toBe('black-friday.csv has the same fault in 950 more places');
  });

  it('fails for a file with more rows than a trace may have, without reading them', () => {
    const inlined = inlineTraces(traced(), new Map([['visits', `minute,records\n${'x\n'.repeat(1_000_200)}`]]));
    expect('faults' in inlined && inlined.faults.map(({ code }) => code)).toEqual(['trace/long']);
  });
});

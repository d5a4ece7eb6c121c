import { describe, expect, it } from 'vitest';
import { FaultList } from '#analysis/document-fault.ts';

describe('FaultList', () => {
  it('tells a fault of one place once', () => {
    const faults = new FaultList({ a: 1 });
    faults.refuse('document/out-of-range', ['a'], 'is too large');
    faults.refuse('document/out-of-range', ['a'], 'is too large');
    expect(faults.items).toMatchObject([{ path: 'a', received: '1' }]);
  });

  it('ends with a sentence when a document has more faults than anyone reads', () => {
    const faults = new FaultList({});
    for (let index = 0; index < 60_000; index += 1) faults.add('document/invalid', ['list', index], 'is wrong');
    expect(faults.items).toHaveLength(50_001);
    expect(faults.items.at(-1)?.code).toBe('document/too-many-faults');
  });
});

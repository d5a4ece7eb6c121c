/** What becomes of records on their way out: their number, size, key and packing. */
import { type Entry, fraction, type WireRecord } from '../client.ts';
import type { Emit } from './plan.ts';

/** Outputs with a weight are alternatives: each record takes one of them. */
export function chooser(
  node: string,
  outputs: readonly { readonly emit: Emit }[],
): (record: WireRecord, index: number) => boolean {
  const total = outputs.reduce((sum, { emit }) => sum + (emit.weight ?? 0), 0);
  return ({ id }, index) => {
    if (outputs[index]?.emit.weight === undefined) return true;
    let left = fraction(`${node}/route/${id}`) * total;
    for (const [k, { emit }] of outputs.entries()) {
      left -= emit.weight ?? 0;
      if (emit.weight !== undefined && left < 0) return k === index;
    }
    return false;
  };
}

/** Selectivity, size and key of an output. What comes of one record keeps its identity where it is the only one. */
export function shape(records: readonly WireRecord[], emit: Emit, salt: string): WireRecord[] {
  const derived = emit.per === 'batch' ? summary(records) : records;
  return derived.flatMap((record) => {
    const whole = Math.floor(emit.selectivity);
    const copies = whole + (fraction(`${salt}/${record.id}`) < emit.selectivity - whole ? 1 : 0);
    return Array.from({ length: copies }, (_, i) => ({
      id: copies > 1 || emit.selectivity > 1 ? `${record.id}.${i}` : record.id,
      t: record.t,
      k: emit.key === 'keep' ? record.k : String(fraction(`${salt}/key/${record.id}/${i}`)),
      p: resize(record.p, emit.sizeFactor),
    }));
  });
}

/** One record for a whole batch, as old as its oldest. */
function summary(records: readonly WireRecord[]): WireRecord[] {
  const [first] = records;
  if (first === undefined) return [];
  const bytes = records.reduce((sum, { p }) => sum + p.length, 0);
  return [
    {
      id: `${first.id}+${records.length}`,
      t: Math.min(...records.map(({ t }) => t)),
      k: first.k,
      p: 'x'.repeat(bytes),
    },
  ];
}

export function resize(padding: string, factor: number): string {
  const length = Math.round(padding.length * factor);
  return length <= padding.length ? padding.slice(0, length) : padding.padEnd(length, 'x');
}

/** Units of an output: records packed into messages. */
export function packed(records: readonly WireRecord[], recordsPerMessage: number): Entry[] {
  const entries: Entry[] = [];
  for (let i = 0; i < records.length; i += recordsPerMessage) {
    const part = records.slice(i, i + recordsPerMessage);
    entries.push({ body: part.map((record) => JSON.stringify(record)).join('\n'), key: part[0]?.k ?? '0' });
  }
  return entries;
}

import { describe, expect, it } from 'vitest';
import { dropReasons, isBalanced, ledgerRows, usedColumns } from '#renderer/runs/ledger-rows.ts';
import type { RunReport } from '#schema/result.ts';
import { ledger, nodeResult } from '#test/unit/drawing/result-samples.ts';

const duplicates = { made: 0, delivered: 0, removed: 0, inside: 0 };

function report(delivered: number): Pick<RunReport, 'ledger' | 'nodes'> {
  const { in: _, out: __, ...totals } = ledger({ carriedIn: 5, created: 100, delivered, filtered: 20, inside: 6 });
  return {
    ledger: { ...totals, droppedBy: {}, duplicates },
    nodes: {
      source: nodeResult({ created: 100, out: 98, inside: 2 }),
      sink: nodeResult({ carriedIn: 5, in: 98, delivered: 79, filtered: 20, inside: 4 }),
    },
  };
}

describe('the rows of the ledger', () => {
  it('begin with the whole run, then hold each node', () => {
    expect(ledgerRows(report(79)).map(({ id, incoming, outgoing }) => [id, incoming, outgoing])).toEqual([
      ['Whole run', 105, 105],
      ['source', 100, 100],
      ['sink', 103, 103],
    ]);
  });

  it('show columns in which something happened, in the order of the ledger', () => {
    expect(usedColumns(ledgerRows(report(79)))).toEqual([
      'carriedIn',
      'in',
      'created',
      'out',
      'delivered',
      'filtered',
      'inside',
    ]);
  });

  it('tell in words why records were lost', () => {
    const droppedBy = { 'retries-exhausted': 3, 'sent-before': 0 };
    expect(dropReasons({ droppedBy }, String)).toEqual(['3 (every retry failed)']);
  });

  it('balance only when every row does', () => {
    expect(isBalanced(ledgerRows(report(79)))).toBe(true);
    expect(isBalanced(ledgerRows(report(78)))).toBe(false);
  });
});

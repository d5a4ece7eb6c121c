/** Audits a flow: the ledger's equations against a walk over the live parcels. */
import { expect } from 'vitest';
import type { Flow } from '#engine/flow/flow.ts';
import { imbalance, nodeImbalance } from '#engine/flow/ledger.ts';
import type { RunLedger } from '#schema/result.ts';

/** The run's ledger with what is inside counted; fails when it or a node's does not balance, or a count is not a whole number >= 0. */
export function audit(flow: Flow): RunLedger {
  const found = flow.countInside();
  const sum = (of: (inside: (typeof found)[number]) => number): number =>
    found.reduce((n, inside) => n + of(inside), 0);
  const ledger = flow.ledger.run(
    sum(({ inside }) => inside),
    sum(({ deadLettered }) => deadLettered),
    sum(({ duplicates }) => duplicates),
  );
  expect(imbalance(ledger), 'imbalance of the run').toBe(0);
  const { made, delivered, removed, inside } = ledger.duplicates;
  expect(made, 'duplicates made').toBe(delivered + removed + inside);
  found.forEach((at, node) => {
    const own = flow.ledger.node(node, at.inside, at.deadLettered);
    expect(nodeImbalance(own), `imbalance of node ${node}`).toBe(0);
    for (const [column, count] of Object.entries(own)) checkCount(`${column} of node ${node}`, count);
  });
  for (const [column, count] of Object.entries(ledger.duplicates)) checkCount(`duplicates ${column}`, count);
  return ledger;
}

function checkCount(name: string, count: number): void {
  expect(Number.isSafeInteger(count) && count >= 0, `${name} is ${count}`).toBe(true);
}

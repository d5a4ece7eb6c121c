/** What driving costs, from the usage of a simulated run of the same load: an estimate that grows with records and with time. */
import { billOf } from '#analysis/bill.ts';
import * as catalog from '#catalog/specs.ts';
import { ratesOf } from '#host/prices/stored-prices.ts';
import { runOptionsOf } from '#host/runs/run-service.ts';
import { startWorkerRun } from '#host/runs/worker-run.ts';
import type { UsageDeclaration } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';

/** Simulated seconds from which the usage of a record is known well enough. */
const MOST_SECONDS = 300;

/** US dollars after so many records and seconds of the clock. */
export type Spending = (records: number, wallSeconds: number) => number;

/** Simulates a few minutes of the load and prices what they use: what goes by records by their number, the rest by time. */
export async function spendingOf(document: CaudalDocument, region: string, seconds: number): Promise<Spending> {
  const horizonSeconds = Math.max(1, Math.min(MOST_SECONDS, seconds));
  const { result } = await startWorkerRun(
    { ...document, faults: [] },
    { ...runOptionsOf(document), horizonSeconds, preRollSeconds: 0 },
  ).finished;
  const rates = await ratesOf(region);
  const created = Math.max(1, result.ledger.created);
  return (records, wallSeconds) => {
    const byLoad = records / created;
    const byTime = wallSeconds / horizonSeconds;
    const usage = Object.fromEntries(
      Object.entries(result.usage).map(([id, quantities]) => {
        const declared = usagesOf(document, id);
        const isOfTime = (name: string): boolean => {
          const scalesWith = declared.find((one) => one.id === name)?.scalesWith;
          return scalesWith === 'time' || scalesWith === 'perCycle';
        };
        const scaled = Object.entries(quantities).map(([name, quantity]) => [
          name,
          quantity * (isOfTime(name) ? byTime : byLoad),
        ]);
        return [id, Object.fromEntries(scaled)];
      }),
    );
    return billOf({ document, catalog, rates, usage, horizonSeconds: Math.max(1, wallSeconds) }).run;
  };
}

function usagesOf(document: CaudalDocument, id: string): readonly UsageDeclaration[] {
  const type = document.nodes.find((node) => node.id === id)?.type;
  return catalog.components.get(type ?? '')?.usage ?? [];
}

/** How much the numbers of a run owe to its aggregation: the run again with every quantum and slice halved. */
import { headlinesOf, type Shift, shiftsBetween } from '#analysis/headlines.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { RunReport } from '#schema/result.ts';
import { startRun } from './run-service.ts';

export interface QuantumCheck {
  /** Quantum of the first run; 0 where every record was simulated by itself, so that nothing can be halved. */
  readonly quantumSeconds: number;
  readonly shifts: readonly Shift[];
}

export async function verifyQuantum(document: CaudalDocument, report: RunReport): Promise<QuantumCheck> {
  const { quantumSeconds } = report.fidelity;
  if (quantumSeconds === 0) return { quantumSeconds, shifts: [] };
  const finer = await startRun(document, {}, { quantumFactor: 0.5 }).finished;
  return { quantumSeconds, shifts: shiftsBetween(headlinesOf(report), headlinesOf(finer.report)) };
}

/** A report as `--json` prints it: everything but the series. */
import { printedReport as withoutSeries } from '#analysis/report.ts';
import type { RunReport } from '#schema/result.ts';

export function printedReport(report: RunReport): RunReport {
  return withoutSeries(report);
}

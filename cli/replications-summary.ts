/** The readable summary of replications: every number with its 95 % confidence interval. */
import type { ReplicatedReport, Stat } from '#host/runs/replicate.ts';
import { warningTexts } from '#host/runs/run-service.ts';
import { durationText } from './durations.ts';
import { adviceText, type Clock, bottlenecksText, section } from './summary.ts';
import { showNumber, showPercent, showSeconds, showUsd, table } from './table.ts';

export function replicationsText(report: ReplicatedReport, clock: Clock): string {
  const seeds = `${report.replications} replications, seeds ${report.seed} to ${report.seed + report.replications - 1}`;
  const times = `${durationText(report.horizonSeconds)} simulated after a pre-roll of ${durationText(report.preRollSeconds)}`;
  return [
    `${report.scenario}: ${seeds}\n${times}; mean and half width of the 95 % confidence interval\n`,
    section('Records', recordsText(report)),
    section('Latency from event time to delivery', pathsText(report)),
    section('Objectives', objectivesText(report)),
    section('Cost in USD', costText(report)),
    section(`Bottlenecks of seed ${report.seed}`, bottlenecksText(report, clock)),
    section(`Advice of seed ${report.seed}`, adviceText(report)),
    section(
      'Notes',
      warningTexts(report)
        .map((text) => `  ${text}\n`)
        .join(''),
    ),
  ].join('');
}

function interval(stat: Stat, show: (value: number) => string): string {
  return `${show(stat.mean)} +- ${stat.halfWidth95 === null ? '?' : show(stat.halfWidth95)}`;
}

function recordsText({ ledger }: ReplicatedReport): string {
  const { duplicates, droppedBy: _, ...totals } = ledger;
  const rows = Object.entries({ ...totals, 'duplicates delivered': duplicates.delivered })
    .filter(([, stat]) => stat.mean !== 0)
    .map(([name, stat]) => [name, interval(stat, showNumber)]);
  return table(['count', 'records'], rows, ['records']);
}

function pathsText({ paths }: ReplicatedReport): string {
  if (paths.length === 0) return '';
  const head = ['from', 'to', 'records', 'mean', 'p50', 'p99', 'p99.9'];
  const rows = paths.map(({ source, sink, count, latencySeconds: l }) => [
    source,
    sink,
    interval(count, showNumber),
    ...[l.mean, l.p50, l.p99, l.p999].map((stat) => interval(stat, showSeconds)),
  ]);
  return table(head, rows, head.slice(2));
}

function objectivesText({ objectives }: ReplicatedReport): string {
  if (objectives.length === 0) return '';
  const rows = objectives.map(({ id, pass, measured, target, unit, passShare, interval: [low, high] }) => [
    id,
    pass ? 'met' : 'MISSED',
    measured === null ? 'not measured' : interval(measured, showNumber),
    showNumber(target),
    unit,
    `${showPercent(passShare)} (${showPercent(low)} to ${showPercent(high)})`,
  ]);
  return table(['objective', '', 'measured', 'target', 'unit', 'met in'], rows, ['measured', 'target']);
}

function costText({ cost }: ReplicatedReport): string {
  if (cost.lines.length === 0) return '';
  const rows = cost.lines.map((line) => [
    line.node,
    line.dimension,
    interval(line.usdRun, showUsd),
    interval(line.usdPerMonth, showUsd),
    line.rateDate,
    line.confidence,
  ]);
  const total = ['total', '', interval(cost.run, showUsd), interval(cost.perMonth, showUsd), '', ''];
  const head = ['node', 'charge', 'this run', 'per month', 'price of', 'confidence'];
  return table(head, [...rows, total], ['this run', 'per month']);
}

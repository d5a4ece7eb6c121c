/** The readable summary of replications: every number with its 95 % confidence interval. */
import type { ReplicatedReport, Stat } from '#host/runs/replicate.ts';
import { warningTexts } from '#host/runs/run-service.ts';
import { durationText } from './durations.ts';
import { toldTotals } from './ledger-text.ts';
import { oneLine, wrapped } from './plain-text.ts';
import { adviceText, bottlenecksText, type Clock, priceWords, section } from './summary.ts';
import { showAmount, showInterval, showPercent, showWords, table } from './table.ts';

export function replicationsText(report: ReplicatedReport, clock: Clock): string {
  const { replications: n, seed } = report;
  const seeds = n === 1 ? `1 replication, seed ${seed}` : `${n} replications, seeds ${seed} to ${seed + n - 1}`;
  const times = `${durationText(report.horizonSeconds)} simulated after a pre-roll of ${durationText(report.preRollSeconds)}`;
  const kind = n === 1 ? 'one run has no interval; ask for more replications' : 'mean ± half the 95 % interval';
  return [
    `${oneLine(report.scenario)}: ${seeds}\n${times}; ${kind}\n`,
    section('Records', recordsText(report)),
    section('Latency from the creation of a record to its delivery', pathsText(report)),
    section('Objectives', objectivesText(report)),
    section('Cost in USD; a month has 730 h of this load', costText(report)),
    section(`Bottlenecks of seed ${seed}`, bottlenecksText(report, clock)),
    section(`Advice of seed ${seed}`, adviceText(report)),
    section(
      'Notes',
      warningTexts(report)
        .map((text) => wrapped('  ', text, 4))
        .join(''),
    ),
  ].join('');
}

function interval({ mean, halfWidth95 }: Stat, unit: string): string {
  return showInterval(mean, halfWidth95, unit);
}

function recordsText({ ledger }: ReplicatedReport): string {
  const { duplicates } = ledger;
  const rows = toldTotals((name) => ledger[name].mean === 0).map(([name, words]) => [
    words,
    interval(ledger[name], 'Count'),
  ]);
  if (duplicates.delivered.mean > 0) rows.push(['duplicates delivered', interval(duplicates.delivered, 'Count')]);
  return table(['', 'records'], rows, ['records']);
}

function pathsText({ paths }: ReplicatedReport): string {
  if (paths.length === 0) return '';
  const head = ['from', 'to', 'records', 'mean', 'p50', 'p99', 'p99.9'];
  const rows = paths.map(({ source, sink, count, latencySeconds: l }) => [
    source,
    sink,
    interval(count, 'Count'),
    ...[l.mean, l.p50, l.p99, l.p999].map((stat) => interval(stat, 's')),
  ]);
  return table(head, rows, head.slice(2));
}

function objectivesText({ objectives }: ReplicatedReport): string {
  if (objectives.length === 0) return '';
  const rows = objectives.map(({ id, pass, measured, target, unit, passShare, interval: [low, high] }) => [
    id,
    pass ? 'met' : 'MISSED',
    measured === null ? 'not measured' : interval(measured, unit),
    showAmount(target, unit),
    `${showPercent(passShare)} (${showPercent(low)} to ${showPercent(high)})`,
  ]);
  return table(['objective', '', 'measured', 'at most', 'met in (95 % interval)'], rows, ['measured', 'at most']);
}

function costText({ cost }: ReplicatedReport): string {
  if (cost.lines.length === 0) return '';
  const rows = cost.lines.map((line) => [
    line.node,
    showWords(line.dimension),
    interval(line.usdRun, 'USD'),
    interval(line.usdPerMonth, 'USD'),
    priceWords(line),
  ]);
  const total = ['total', '', interval(cost.run, 'USD'), interval(cost.perMonth, 'USD'), ''];
  const head = ['node', 'charge', 'this run', 'per month', 'price from'];
  return table(head, [...rows, total], ['this run', 'per month']);
}

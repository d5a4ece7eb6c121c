/** What was measured, and how far the simulation is from it, as text and as CSV. */
import type { Observed } from '#schema/deployment-measure.ts';
import { section } from './summary.ts';
import { showAmount, showNumber, showPercent, showSeconds, showUsd, showWords, table } from './table.ts';

type Cost = NonNullable<Observed['cost']>;

export function observedText(observed: Observed): string {
  const { stackName, region, since, until, lagSeconds, nodes, silent, comparison } = observed;
  if (until === null) {
    return `${stackName} in ${region}: CloudWatch shows nothing since ${since} yet; metrics come some minutes late, so try again in five minutes\n`;
  }
  const late =
    lagSeconds >= 60
      ? `The last ${Math.round(lagSeconds / 60)} min are not there yet: metrics come some minutes late; ask again for the rest\n`
      : '';
  const none =
    silent.length === 0
      ? ''
      : `\nNothing measured: ${silent.map(({ node, metric }) => `${node} ${metric}`).join(', ')}\n`;
  const body =
    comparison.length > 0
      ? comparisonText(comparison) + percentilesNote(comparison)
      : seriesText(nodes) + percentilesText(observed.percentiles);
  const cost = observed.cost === null ? '' : costText(observed.cost);
  return `${stackName} in ${region}, measured from ${since} to ${until}\n${late}\n${body}${none}${cost}`;
}

function percentilesText(percentiles: Observed['percentiles']): string {
  const rows = percentiles.map(({ node, metric, unit, p50, p99, samples }) => [
    node,
    metric,
    showAmount(p50, unit),
    showAmount(p99, unit),
    showNumber(samples),
  ]);
  const head = ['node', 'metric', 'p50', 'p99', 'samples'];
  return rows.length === 0 ? '' : section('Of all samples', table(head, rows, ['p50', 'p99', 'samples']));
}

/** What percentiles are of: of all samples, so of the whole time on each side. */
function percentilesNote(comparison: Observed['comparison']): string {
  const row = comparison.find(({ simulatedSeconds }) => simulatedSeconds !== undefined);
  if (row?.simulatedSeconds === undefined) return '';
  const { seconds, simulatedSeconds, periods } = row;
  const parts = periods === undefined ? '' : `, as the mean of ${periods} parts by their samples`;
  return `  p50 and p99 are of all samples: simulated of ${showSeconds(simulatedSeconds)}, measured of ${showSeconds(seconds)}${parts}\n`;
}

function costText({ lines, unmeasured, measuredUsd, simulatedUsd, unmeasuredUsd, oldestRateDate }: Cost): string {
  const money = (amount: { readonly usd: number } | null): string => (amount === null ? '-' : showUsd(amount.usd));
  const rows = lines.map(({ node, dimension, unit, simulated, measured, errorRatio, by, note }) => [
    node,
    showWords(dimension),
    measured === null ? '-' : `${showNumber(measured.quantity)} ${unit}`,
    money(simulated),
    money(measured),
    errorRatio === null ? '-' : showPercent(errorRatio),
    [by === 'settings' ? 'by the settings' : '', note ?? ''].filter((part) => part !== '').join('; '),
  ]);
  const head = ['node', 'charge', 'used', 'simulated', 'measured', 'difference', ''];
  const total = [
    'total of what is known',
    '',
    '',
    simulatedUsd === null ? '-' : showUsd(simulatedUsd),
    showUsd(measuredUsd),
    '',
    '',
  ];
  const rest =
    unmeasuredUsd === null || unmeasuredUsd === 0
      ? ''
      : `  not measured, and ${showUsd(unmeasuredUsd)} USD by the simulation: the charges with - for what was measured\n`;
  const reasons = [...new Set(unmeasured.map(({ node, reason }) => `  ${node}: ${reason}\n`))];
  const unknown = reasons.length === 0 ? '' : `  Not measured:\n${reasons.map((line) => `  ${line}`).join('')}`;
  const title = `Cost of this time in USD${oldestRateDate === null ? '' : `, with prices of ${oldestRateDate} and later`}`;
  return section(
    title,
    table(head, [...rows, total], ['used', 'simulated', 'measured', 'difference']) + rest + unknown,
  );
}

function comparisonText(comparison: Observed['comparison']): string {
  const head = ['node', 'metric', 'of', 'simulated', 'measured', 'difference', 'over time'];
  const ratio = (value: number | null): string => (value === null ? '-' : showPercent(value));
  const rows = comparison.map(({ node, metric, unit, statistic, simulated, measured, errorRatio, shapeErrorRatio }) => [
    node,
    metric,
    statistic.toLowerCase(),
    showAmount(simulated, unit),
    showAmount(measured, unit),
    ratio(errorRatio),
    ratio(shapeErrorRatio),
  ]);
  return table(head, rows, ['simulated', 'measured', 'difference', 'over time']);
}

function seriesText(nodes: Observed['nodes']): string {
  const rows = Object.entries(nodes).flatMap(([node, series]) =>
    series.map(({ metric, unit, values }) => {
      const known = [...values].filter((value) => !Number.isNaN(value));
      const sum = known.reduce((total, value) => total + value, 0);
      const most = known.reduce((largest, value) => Math.max(largest, value), 0);
      return [node, metric, showAmount(sum / known.length, unit), showAmount(most, unit), String(known.length)];
    }),
  );
  return table(['node', 'metric', 'mean of a minute', 'largest minute', 'minutes'], rows, [
    'mean of a minute',
    'largest minute',
    'minutes',
  ]);
}

/** One line for each point: node, metric, unit, seconds of the simulation, value. */
export function observedCsv({ nodes }: Observed): string {
  const lines = ['node,metric,unit,second,value'];
  for (const [node, series] of Object.entries(nodes)) {
    for (const { metric, unit, startSeconds, stepSeconds, values } of series) {
      values.forEach((value, i) => {
        if (!Number.isNaN(value)) lines.push([node, metric, unit, startSeconds + i * stepSeconds, value].join(','));
      });
    }
  }
  return `${lines.join('\n')}\n`;
}

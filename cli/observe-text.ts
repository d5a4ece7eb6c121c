/** What was measured, and how far the simulation is from it, as text and as CSV. */
import type { Observed } from '#schema/deployment-measure.ts';
import { showAmount, showPercent, table } from './table.ts';

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
  const body = comparison.length > 0 ? comparisonText(comparison) : seriesText(nodes);
  return `${stackName} in ${region}, measured from ${since} to ${until}\n${late}\n${body}${none}`;
}

export function comparisonText(comparison: Observed['comparison']): string {
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

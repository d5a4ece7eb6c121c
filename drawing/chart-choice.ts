/** Which metrics the timeline shows until the user chooses: what is in trouble, and how much flows. */
import type { ComponentSpec, MetricDeclaration } from '#schema/component.ts';
import type { MetricSummary, NodeResult } from '#schema/result.ts';

export interface ChartChoice {
  readonly node: string;
  readonly metric: string;
}

export interface ChoosableNode {
  readonly id: string;
  readonly spec: ComponentSpec;
  readonly result: SeenResult | undefined;
}

/** What was found of a node: which metrics were ever above zero, and their series. */
export interface SeenResult extends Pick<NodeResult, 'series'> {
  readonly metrics: Readonly<Record<string, Pick<MetricSummary, 'max'>>>;
}

const MOST_CHARTS = 6;
const MOST_OF_ONE_NODE = 8;
/** Charts of throughput that are always among the chosen. */
const LEAST_THROUGHPUT = 2;

/** Name of a choice, for menus and memory: `clicks · IncomingRecords`. */
export function choiceName({ node, metric }: ChartChoice): string {
  return `${node} · ${metric}`;
}

/** With a selected node its metrics; else throughput from the sources on, and what is worth a badge. */
export function suggestedCharts(nodes: readonly ChoosableNode[], selected: string | undefined): readonly ChartChoice[] {
  const chosen = nodes.find(({ id }) => id === selected);
  if (chosen !== undefined) {
    const own = seenMetrics(chosen).map(({ name }) => ({ node: chosen.id, metric: name }));
    if (own.length > 0) return own.slice(0, MOST_OF_ONE_NODE);
  }
  const flows = nodes.flatMap((node) => {
    const metric = seenMetrics(node).find(({ series, unit }) => series === 'counter' && unit === 'Count');
    return metric === undefined ? [] : [{ node: node.id, metric: metric.name }];
  });
  const troubles = nodes.flatMap((node) =>
    seenMetrics(node)
      .filter(({ badge }, index, all) => {
        // One of a kind for each node: the one under CloudWatch's name.
        const isFirst = all.findIndex((other) => other.badge === badge) === index;
        return badge !== undefined && badge !== 'coldStarts' && isFirst;
      })
      .map(({ name }) => ({ node: node.id, metric: name })),
  );
  const first = [...flows.filter((_, index) => index === 0), ...troubles];
  const room = Math.max(LEAST_THROUGHPUT, MOST_CHARTS - first.length);
  return [...first.slice(0, MOST_CHARTS - LEAST_THROUGHPUT + 1), ...flows.slice(1, room)].slice(0, MOST_CHARTS);
}

/** Metrics that ever were above zero; those under CloudWatch's names first. */
export function seenMetrics({ spec, result }: Pick<ChoosableNode, 'spec' | 'result'>): readonly MetricDeclaration[] {
  const seen = spec.metrics.filter(({ name }) => (result?.metrics[name]?.max ?? 0) > 0);
  const isDerived = (metric: MetricDeclaration): number => (metric.derived === true ? 1 : 0);
  return [...seen].sort((a, b) => isDerived(a) - isDerived(b));
}

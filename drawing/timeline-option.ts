/** The small charts of the timeline as one ECharts option: one grid each over the same time axis. */
import type { EChartsCoreOption } from 'echarts/core';
import type { ChartPoint } from './chart-points.ts';
import { clockText, type RatePeriod, unitRateText, valueText } from './quantities.ts';

export interface TimelineChart {
  readonly name: string;
  /** Unit of the points. */
  readonly unit: string;
  readonly points: readonly ChartPoint[];
  readonly color: string;
}

/** Colours as the theme has them. */
export interface ChartColors {
  readonly text: string;
  readonly textSoft: string;
  readonly line: string;
  readonly panel: string;
}

export interface TimelineInput {
  readonly charts: readonly TimelineChart[];
  readonly colors: ChartColors;
  readonly startsAt: string;
  readonly horizonSeconds: number;
  /** Of the rates in tooltips. */
  readonly period?: RatePeriod;
  /** Pixels of one chart, its title included, and of the title. */
  readonly chartHeight: number;
  readonly titleHeight: number;
}

/** Text of a value in a chart's unit; `Bytes/Second` as bytes a second, or a day. */
export function chartValueText(value: number | null, unit: string, period?: RatePeriod): string {
  if (value === null) return 'nothing observed';
  return unit.endsWith('/Second')
    ? unitRateText(value, unit.slice(0, -'/Second'.length), period)
    : valueText(value, unit);
}

export function timelineOption(input: TimelineInput): EChartsCoreOption {
  const { charts, colors, startsAt, horizonSeconds, period, chartHeight, titleHeight } = input;
  return {
    animation: false,
    backgroundColor: 'transparent',
    grid: charts.map((_, index) => ({
      left: 0,
      right: 0,
      top: index * chartHeight + titleHeight,
      height: chartHeight - titleHeight - 8,
    })),
    xAxis: charts.map((_, index) => ({
      type: 'value',
      gridIndex: index,
      min: 0,
      max: horizonSeconds,
      axisLabel: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: colors.line } },
      axisPointer: { show: true, label: { show: false }, lineStyle: { color: colors.textSoft, type: 'dotted' } },
    })),
    yAxis: charts.map((_, index) => ({
      type: 'value',
      gridIndex: index,
      min: 0,
      splitNumber: 2,
      axisLabel: { show: false },
      axisTick: { show: false },
      axisLine: { show: false },
      splitLine: { lineStyle: { color: colors.line, opacity: 0.6 } },
    })),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: colors.panel,
      borderColor: colors.line,
      textStyle: { color: colors.text, fontSize: 12 },
      formatter: (found: unknown) => tooltipText(found, charts, startsAt, period),
    },
    series: charts.map(({ name, points, color }, index) => ({
      type: 'line',
      name,
      xAxisIndex: index,
      yAxisIndex: index,
      data: points,
      showSymbol: false,
      // Where nothing was observed for a while, as CloudWatch draws it.
      connectNulls: true,
      lineStyle: { width: 1.6, color },
      itemStyle: { color },
      areaStyle: { color, opacity: 0.08 },
      emphasis: { disabled: true },
    })),
  };
}

/** The clock, then each chart's name and value. */
export function tooltipText(
  found: unknown,
  charts: readonly TimelineChart[],
  startsAt: string,
  period?: RatePeriod,
): string {
  const items = (Array.isArray(found) ? found : [found]) as readonly {
    readonly seriesIndex: number;
    readonly value: ChartPoint;
  }[];
  const [first] = items;
  if (first === undefined) return '';
  const lines = [...items]
    .sort((a, b) => a.seriesIndex - b.seriesIndex)
    .map(({ seriesIndex, value }) => {
      const chart = charts[seriesIndex];
      return chart === undefined ? '' : `${chart.name}  ${chartValueText(value[1], chart.unit, period)}`;
    });
  return [clockText(startsAt, first.value[0]), ...lines].join('\n');
}

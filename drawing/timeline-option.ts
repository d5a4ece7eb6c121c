/** A small chart of the timeline as an ECharts option: all of them have the same time axis. */
import type { EChartsCoreOption } from 'echarts/core';
import type { ChartPoint } from './chart-points.ts';
import { type RatePeriod, unitRateText, valueText } from './quantities.ts';

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
  readonly chart: TimelineChart;
  readonly colors: ChartColors;
  readonly horizonSeconds: number;
  /** Pixels of the chart, its title included, and of the title. */
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
  const { chart, colors, horizonSeconds, chartHeight, titleHeight } = input;
  return {
    animation: false,
    backgroundColor: 'transparent',
    grid: { left: 0, right: 0, top: titleHeight, height: chartHeight - titleHeight - 8 },
    xAxis: {
      type: 'value',
      min: 0,
      max: horizonSeconds,
      axisLabel: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: colors.line } },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 2,
      axisLabel: { show: false },
      axisTick: { show: false },
      axisLine: { show: false },
      splitLine: { lineStyle: { color: colors.line, opacity: 0.6 } },
    },
    series: [seriesOption(chart)],
  };
}

/** The part of the option that changes while a run streams. */
export function seriesOption({ name, points, color }: TimelineChart): EChartsCoreOption {
  return {
    type: 'line',
    name,
    data: points,
    silent: true,
    showSymbol: false,
    // Where nothing was observed for a while, as CloudWatch draws it.
    connectNulls: true,
    lineStyle: { width: 1.6, color },
    itemStyle: { color },
    areaStyle: { color, opacity: 0.08 },
    emphasis: { disabled: true },
  };
}

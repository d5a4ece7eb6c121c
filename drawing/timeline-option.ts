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
  /** What was measured on AWS over the same time; drawn over the simulated line. */
  readonly measured?: MeasuredLine | undefined;
}

export interface MeasuredLine {
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
    series: seriesOptions(chart),
  };
}

/** The part of the option that changes while a run streams: the simulated line, and the measured one over it. */
export function seriesOptions(chart: TimelineChart): EChartsCoreOption[] {
  return [simulatedLine(chart), ...(chart.measured === undefined ? [] : [measuredLine(chart.name, chart.measured, 4)])];
}

/** Dashed with a mark at each point, and with gaps where nothing was measured. `markSize`: pixels. */
export function measuredLine(name: string, { points, color }: MeasuredLine, markSize: number): EChartsCoreOption {
  return {
    type: 'line',
    name: `${name}, measured`,
    data: points,
    silent: true,
    symbol: 'circle',
    symbolSize: markSize,
    showSymbol: true,
    connectNulls: false,
    lineStyle: { width: 1.4, color, type: [4, 3] },
    itemStyle: { color },
    emphasis: { disabled: true },
    z: 3,
  };
}

function simulatedLine({ name, points, color }: TimelineChart): EChartsCoreOption {
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

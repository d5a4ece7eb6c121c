/** A metric as it was simulated and as it was measured, on one axis of time and one of values: an ECharts option. */
import type { EChartsCoreOption } from 'echarts/core';
import type { ChartPoint } from './chart-points.ts';
import { ticksBetween } from './time-axis.ts';
import { type ChartColors, chartValueText, measuredLine } from './timeline-option.ts';
import type { RatePeriod } from './quantities.ts';

export interface MeasuredChart {
  /** Unit of the points. */
  readonly unit: string;
  readonly simulated: readonly ChartPoint[];
  readonly measured: readonly ChartPoint[];
  readonly simulatedColor: string;
  readonly measuredColor: string;
}

export interface MeasuredChartInput {
  readonly chart: MeasuredChart;
  readonly colors: ChartColors;
  /** Local time of simulated second zero. */
  readonly startsAt: string;
  readonly fromSecond: number;
  readonly untilSecond: number;
  /** Pixels. */
  readonly width: number;
  readonly period: RatePeriod;
}

/** Pixels around the plot: texts of the axes stand there. */
export const measuredChartMargins = { left: 76, right: 16, top: 8, bottom: 22 } as const;
/** Pixels that a text of the time axis needs. */
const TICK_WIDTH = 90;

export function measuredOption(input: MeasuredChartInput): EChartsCoreOption {
  const { chart, colors, fromSecond, untilSecond, period } = input;
  const label = { color: colors.textSoft, fontSize: 11 };
  return {
    animation: false,
    backgroundColor: 'transparent',
    grid: { ...measuredChartMargins, containLabel: false },
    xAxis: {
      type: 'value',
      min: fromSecond,
      max: untilSecond,
      ...timeLabels(input),
      axisTick: { show: false },
      axisLine: { show: true, lineStyle: { color: colors.line } },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 3,
      axisLabel: { ...label, formatter: (value: number) => chartValueText(value, chart.unit, period) },
      axisTick: { show: false },
      axisLine: { show: false },
      splitLine: { lineStyle: { color: colors.line, opacity: 0.6 } },
    },
    series: [
      {
        type: 'line',
        name: 'simulated',
        data: chart.simulated,
        silent: true,
        showSymbol: false,
        connectNulls: true,
        lineStyle: { width: 1.8, color: chart.simulatedColor },
        itemStyle: { color: chart.simulatedColor },
        areaStyle: { color: chart.simulatedColor, opacity: 0.08 },
        emphasis: { disabled: true },
      },
      measuredLine('metric', { points: chart.measured, color: chart.measuredColor }, 6),
    ],
  };
}

/** Labels at round clock times of the run. */
function timeLabels({ startsAt, fromSecond, untilSecond, width, colors }: MeasuredChartInput): object {
  const ticks = ticksBetween(startsAt, fromSecond, untilSecond, Math.max(2, Math.floor(width / TICK_WIDTH)));
  const texts = new Map(ticks.map(({ seconds, text }) => [seconds, text]));
  return {
    axisLabel: {
      color: colors.textSoft,
      fontSize: 11,
      hideOverlap: true,
      customValues: [...texts.keys()],
      formatter: (value: number) => texts.get(value) ?? '',
    },
  };
}

import { describe, expect, it } from 'vitest';
import { measuredOption } from '#drawing/measured-option.ts';

const colors = { text: '#111', textSoft: '#555', line: '#ccc', panel: '#fff' };
const chart = {
  unit: 'Count/Second',
  simulated: [[10, 5]],
  measured: [
    [630, 4],
    [690, null],
  ],
  simulatedColor: '#00f',
  measuredColor: '#000',
} as const;

const option = (width = 400) =>
  measuredOption({
    chart,
    colors,
    startsAt: '2026-03-02T08:00:00',
    fromSecond: 600,
    untilSecond: 840,
    width,
    period: 'second',
  });

interface Axis {
  readonly min: number;
  readonly max: number;
  readonly axisLabel: { readonly customValues: number[]; readonly formatter: (value: number) => string };
}

describe('a simulated and a measured metric on one axis', () => {
  it('share the time that was measured, with the clock of the simulation', () => {
    const { min, max, axisLabel } = option()['xAxis'] as Axis;
    expect([min, max]).toEqual([600, 840]);
    expect(axisLabel.customValues).toEqual([600, 660, 720, 780, 840]);
    expect(axisLabel.customValues.map((value) => axisLabel.formatter(value))).toEqual([
      '08:10',
      '08:11',
      '08:12',
      '08:13',
      '08:14',
    ]);
  });

  it('write fewer times where there is less room', () => {
    const { axisLabel } = option(200)['xAxis'] as Axis;
    expect(axisLabel.customValues).toEqual([600, 720, 840]);
  });

  it('write values with their unit, and draw both lines', () => {
    const { axisLabel } = option()['yAxis'] as Axis;
    expect(axisLabel.formatter(1620)).toBe('1.62k/s');
    expect(option()['series']).toMatchObject([
      { data: [[10, 5]], showSymbol: false },
      { data: chart.measured, showSymbol: true, connectNulls: false },
    ]);
  });
});

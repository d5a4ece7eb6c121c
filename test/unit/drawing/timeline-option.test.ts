import { describe, expect, it } from 'vitest';
import { chartValueText, seriesOptions, type TimelineChart, timelineOption } from '#drawing/timeline-option.ts';

const chart: TimelineChart = { name: 'a · Age', unit: 'Milliseconds', color: '#00f', points: [[5, 10]] };

describe('a chart of the timeline', () => {
  it('has its line below its title, over the whole horizon', () => {
    const option = timelineOption({
      chart,
      colors: { text: '#111', textSoft: '#555', line: '#ccc', panel: '#fff' },
      horizonSeconds: 60,
      chartHeight: 60,
      titleHeight: 18,
    });
    expect(option['grid']).toMatchObject({ top: 18, height: 34 });
    expect(option['xAxis']).toMatchObject({ min: 0, max: 60 });
    expect(option['series']).toEqual(seriesOptions(chart));
  });

  it('takes its points and colour as they are', () => {
    expect(seriesOptions(chart)).toMatchObject([{ data: [[5, 10]], lineStyle: { color: '#00f' } }]);
  });

  it('draws what was measured over it: dashed, a mark at each point, and gaps where there is none', () => {
    const points = [
      [30, 4],
      [90, null],
      [150, 6],
    ] as const;
    const [simulated, measured] = seriesOptions({ ...chart, measured: { points, color: '#000' } });
    expect(simulated).toMatchObject({ showSymbol: false, connectNulls: true });
    expect(simulated?.['lineStyle']).not.toHaveProperty('type');
    expect(measured).toMatchObject({ data: points, showSymbol: true, connectNulls: false });
    expect(measured?.['lineStyle']).toMatchObject({ color: '#000', type: [4, 3] });
  });

  it('writes rates of bytes and gaps in words', () => {
    expect(chartValueText(2048, 'Bytes/Second')).toBe('2 KiB/s');
    expect(chartValueText(1620, 'Count/Second')).toBe('1.62k/s');
    expect(chartValueText(null, 'Count')).toBe('nothing observed');
  });
});

import { describe, expect, it } from 'vitest';
import { chartValueText, seriesOption, type TimelineChart, timelineOption } from '#drawing/timeline-option.ts';

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
    expect(option['series']).toEqual([seriesOption(chart)]);
  });

  it('takes its points and colour as they are', () => {
    expect(seriesOption(chart)).toMatchObject({ data: [[5, 10]], lineStyle: { color: '#00f' } });
  });

  it('writes rates of bytes and gaps in words', () => {
    expect(chartValueText(2048, 'Bytes/Second')).toBe('2 KiB/s');
    expect(chartValueText(1620, 'Count/Second')).toBe('1.62k/s');
    expect(chartValueText(null, 'Count')).toBe('nothing observed');
  });
});

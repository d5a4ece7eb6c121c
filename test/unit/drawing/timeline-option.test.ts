import { describe, expect, it } from 'vitest';
import { chartValueText, type TimelineChart, timelineOption, tooltipText } from '#drawing/timeline-option.ts';

const chart = (name: string, unit: string): TimelineChart => ({ name, unit, color: '#00f', points: [[5, 10]] });
const charts = [chart('a · Records', 'Count/Second'), chart('a · Age', 'Milliseconds')];
const option = timelineOption({
  charts,
  colors: { text: '#111', textSoft: '#555', line: '#ccc', panel: '#fff' },
  startsAt: '2026-01-05T12:00:00',
  horizonSeconds: 60,
  chartHeight: 60,
  titleHeight: 18,
});

describe('the charts of the timeline', () => {
  it('stand one below the other over one time axis', () => {
    expect(option['grid']).toMatchObject([{ top: 18 }, { top: 78 }]);
    expect(option['xAxis']).toMatchObject([
      { gridIndex: 0, min: 0, max: 60 },
      { gridIndex: 1, min: 0, max: 60 },
    ]);
    expect(option['series']).toMatchObject([{ xAxisIndex: 0 }, { xAxisIndex: 1 }]);
  });

  it('draw their tooltip on the canvas: the page allows no style of its own', () => {
    expect(option['tooltip']).toMatchObject({ renderMode: 'richText' });
  });

  it('say time, name and value with its unit', () => {
    const found = [
      { seriesIndex: 1, value: [5, 1500] },
      { seriesIndex: 0, value: [5, 1620] },
    ];
    expect(tooltipText(found, charts, '2026-01-05T12:00:00')).toBe('12:00:05\na · Records  1.62k/s\na · Age  1.5 s');
    expect(tooltipText([], charts, '2026-01-05T12:00:00')).toBe('');
  });

  it('write rates of bytes and gaps in words', () => {
    expect(chartValueText(2048, 'Bytes/Second')).toBe('2 KiB/s');
    expect(chartValueText(null, 'Count')).toBe('nothing observed');
  });
});

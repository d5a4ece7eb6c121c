import { describe, expect, it } from 'vitest';
import { secondsOfText } from '#renderer/runs/duration-input.ts';
import { eventsBefore } from '#renderer/runs/event-count.ts';
import { speedText, speedWords, stepSeconds, suggestedSpeed } from '#renderer/runs/speeds.ts';

describe('the pace of the playhead', () => {
  it('plays a whole run within half a minute at first', () => {
    expect([10, 300, 86_400, 604_800, 366 * 86_400].map(suggestedSpeed)).toEqual([1, 10, 3600, 21_600, 604_800]);
  });

  it('says what a speed means', () => {
    expect(speedText(3600)).toBe('×3600');
    expect(speedWords(3600)).toBe('1 h of the run each second');
    expect(speedWords(1)).toBe('as in reality');
  });

  it('steps by round times', () => {
    expect([60, 300, 3600, 86_400].map(stepSeconds)).toEqual([1, 5, 30, 600]);
  });
});

describe('a length of time as people write it', () => {
  it('is understood with and without spaces and units', () => {
    expect(['24 h', '90min', '1 h 30 min', '45', '1.5d', '2 H'].map(secondsOfText)).toEqual([
      86_400, 5400, 5400, 45, 129_600, 7200,
    ]);
  });

  it('fails when it is anything else', () => {
    expect(['', 'soon', '12 parsecs', '-5 s', '1 h and a bit', '5 months'].map(secondsOfText)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
  });
});

describe('the events up to a moment', () => {
  it('are counted, those of the moment itself included', () => {
    const events = [1, 2, 2, 5].map((t) => ({ t }));
    expect([0, 1, 2, 4.9, 5, 9].map((seconds) => eventsBefore(events, seconds))).toEqual([0, 1, 3, 3, 4, 4]);
    expect(eventsBefore([], 3)).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { rateText } from '#renderer/runs/rate-text.ts';

const line = (unit: string, quantity: number, usdRun: number): Parameters<typeof rateText>[0] => ({
  node: 'archive',
  dimension: 'ingestion',
  quantity,
  unit,
  usdRun,
  usdPerMonth: 30 * usdRun,
  rateId: 'data-firehose/ingestion',
  rateDate: '2026-09-25',
  confidence: 'price list',
});

describe('the rate of a cost line', () => {
  it('is what one unit costs', () => {
    expect(rateText(line('GB', 381, 381 * 0.029))).toBe('$0.029 per GB, list of 2026-09-25');
    expect(rateText(line('instance-hour', 48, 48 * 0.128))).toBe('$0.128 per instance-hour, list of 2026-09-25');
    expect(rateText(line('shard-hour', 10, 15))).toBe('$1.50 per shard-hour, list of 2026-09-25');
  });

  it('is told for a million of what is cheap', () => {
    expect(rateText(line('request', 2000, 2000 * 2e-7))).toBe('$0.20 per million requests, list of 2026-09-25');
  });

  it('is the date of the list alone where nothing was used or charged', () => {
    expect(rateText(line('request', 0, 0))).toBe('list of 2026-09-25');
    expect(rateText(line('request', 12, 0))).toBe('list of 2026-09-25');
  });
});

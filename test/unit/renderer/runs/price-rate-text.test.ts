import { describe, expect, it } from 'vitest';
import { priceRateText } from '#renderer/runs/price-rate-text.ts';

const line = (unit: string, quantity: number, usdRun: number): Parameters<typeof priceRateText>[0] => ({
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
    expect(priceRateText(line('GB', 381, 381 * 0.029))).toBe('$0.029 per GB, list of 2026-09-25');
    expect(priceRateText(line('instance-hour', 48, 48 * 0.128))).toBe('$0.128 per instance-hour, list of 2026-09-25');
    expect(priceRateText(line('shard-hour', 10, 15))).toBe('$1.50 per shard-hour, list of 2026-09-25');
  });

  it('is told for a million of what is cheap', () => {
    expect(priceRateText(line('request', 2000, 2000 * 2e-7))).toBe('$0.20 per million requests, list of 2026-09-25');
  });

  it('is the date of the list alone where nothing was used or charged', () => {
    expect(priceRateText(line('request', 0, 0))).toBe('list of 2026-09-25');
    expect(priceRateText(line('request', 12, 0))).toBe('list of 2026-09-25');
  });
});

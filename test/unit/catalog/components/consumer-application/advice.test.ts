import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/consumer-application/advice.ts';
import { config } from '#catalog/components/consumer-application/config.ts';
import { messages } from '#catalog/components/consumer-application/messages.en.ts';
import type { LimitSummary } from '#schema/component.ts';

const workers: LimitSummary = {
  id: 'workers',
  node: 'app',
  name: 'busy workers',
  unit: 'workers',
  capacity: 4,
  peakRatio: 1,
  refused: 0,
  waiting: 0,
  source: 'config.workers',
  raisable: true,
};

function adviceAt(utilisation: number) {
  return advise({
    id: 'app',
    config: config.parse({ workers: 4 }),
    horizonSeconds: 600,
    limits: [workers],
    metrics: { Utilisation: { mean: utilisation, max: 100 } },
    log: [],
  });
}

describe('advice on a consumer application', () => {
  it('says nothing below 85 %', () => {
    expect(adviceAt(80)).toEqual([]);
  });

  it('names the workers that would be busy 70 %, as the remedy of the limit', () => {
    // 4 x 90 / 70 = 5.1
    const [finding] = adviceAt(90);
    expect(finding).toMatchObject({
      code: 'consumer-application/workers-busy',
      evidence: [{ limit: 'workers' }],
      patch: [{ path: 'config.workers', from: 4, to: 6 }],
    });
    expect(messages[finding!.code]!(finding!.params)).toContain('6 workers would be busy 70 %');
  });

  it('promises nothing where the workers were busy all the time: how much more came is not known', () => {
    const [finding] = adviceAt(100);
    expect(finding?.code).toBe('consumer-application/workers-saturated');
    expect(messages[finding!.code]!(finding!.params)).toContain('At least 6 are needed');
  });
});

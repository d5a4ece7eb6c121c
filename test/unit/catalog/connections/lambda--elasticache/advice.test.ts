import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/connections/lambda--elasticache/advice.ts';
import { config } from '#catalog/connections/lambda--elasticache/config.ts';
import { messages } from '#catalog/connections/lambda--elasticache/messages.en.ts';

const counted = (sum: number) => ({ sum, mean: 0, max: sum });

function adviceFor(settings: Record<string, unknown>, metrics: Record<string, ReturnType<typeof counted>>) {
  const input = { id: 'seen', config: config.parse(settings), horizonSeconds: 60, limits: [], metrics, log: [] };
  const findings = advise(input);
  for (const { code, params } of findings) expect(messages[code]?.(params), code).not.toMatch(/undefined|NaN/);
  return findings;
}

describe('advice on de-duplication', () => {
  it('marks records after the work when failed attempts have lost some', () => {
    const [finding] = adviceFor({}, { RecordsMarkedAndLost: counted(4) });
    expect(finding).toMatchObject({
      severity: 'critical',
      patch: [{ path: 'config.mark', from: 'beforeProcessing', to: 'afterProcessing' }],
    });
    expect(adviceFor({ mark: 'afterProcessing' }, { RecordsMarkedAndLost: counted(4) })).toEqual([]);
  });

  it('keeps marks longer when duplicates came after their end', () => {
    const metrics = { DuplicatesMissed: counted(2), MissedDuplicateAge: { sum: 0, mean: 40, max: 100 } };
    expect(adviceFor({ timeToLiveSeconds: 60 }, metrics)[0]?.patch).toEqual([
      { path: 'config.timeToLiveSeconds', from: 60, to: 150 },
    ]);
    expect(adviceFor({ timeToLiveSeconds: 600 }, metrics)).toEqual([]);
  });

  it('points to memory when marks were evicted', () => {
    const metrics = { DuplicatesMissed: counted(2), Evictions: counted(9) };
    expect(adviceFor({}, metrics).map(({ code }) => code)).toEqual(['lambda--elasticache/duplicates-missed']);
  });
});

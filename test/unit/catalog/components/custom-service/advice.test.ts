import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/custom-service/advice.ts';
import { type Config, config } from '#catalog/components/custom-service/config.ts';
import { messages } from '#catalog/components/custom-service/messages.en.ts';
import type { AdviceInput, Finding } from '#schema/component.ts';

/** An hour of a service whose servers were busy for `busyPercent` of it. */
function adviceFor(
  servers: number,
  busyPercent: number,
  served: number,
  { refused = 0, waiting = 0 }: { refused?: number; waiting?: number },
): readonly Finding[] {
  const input: AdviceInput<Config> = {
    id: 'server',
    config: config.parse({ servers }),
    horizonSeconds: 3600,
    limits: [
      {
        id: 'servers',
        node: 'server',
        name: 'busy servers',
        unit: 'servers',
        capacity: servers,
        peakRatio: 1,
        refused,
        waiting,
        source: 'config.servers',
        raisable: true,
      },
    ],
    metrics: {
      RecordsServed: { sum: served, mean: served / 3600, max: 1 },
      Utilisation: { mean: busyPercent, max: 100 },
    },
    log: [],
  };
  return advise(input);
}

describe('advice on a custom service', () => {
  it('counts the servers that the work which arrives would need', () => {
    // Two servers worked all the time on 1,000 of 4,000 records: the load is work for eight, nine at 90 %.
    const [finding] = adviceFor(2, 100, 1000, { waiting: 3000 });
    expect(finding).toMatchObject({ code: 'custom-service/servers-busy', severity: 'warning' });
    expect(finding?.patch).toEqual([{ path: 'config.servers', from: 2, to: 9 }]);
    expect(messages['custom-service/servers-busy']?.(finding?.params ?? {})).toContain('keeps 8 busy; of 9 each');
  });

  it('asks for no server where the load fits on average and only its peaks do not', () => {
    const [finding] = adviceFor(4, 50, 10_000, { refused: 100 });
    expect(finding).toMatchObject({ code: 'custom-service/peaks', severity: 'critical', patch: [] });
    expect(messages['custom-service/peaks']?.(finding?.params ?? {})).toContain('busy only 50 % of the time');
  });

  it('says nothing of a short queue without refusals, nor of a service that served nothing', () => {
    expect(adviceFor(4, 80, 10_000, { waiting: 39 })).toEqual([]);
    expect(adviceFor(4, 0, 0, { refused: 100 })).toEqual([]);
  });
});

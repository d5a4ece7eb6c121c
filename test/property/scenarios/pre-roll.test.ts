/** What is simulated before a run is recorded fills queues and warms functions; none of it is put off until recording begins. */
import { describe, expect, it } from 'vitest';
import { openScenario, runDocument } from '#test/harness/scenario.ts';

const document = openScenario(new URL('../../../scenarios/real-time-80m/scenario.caudal.json', import.meta.url));

describe('the first minute after a pre-roll', () => {
  it.each(['auto', 'exact'] as const)('is as calm as without one, %s', (fidelity) => {
    const preRollSeconds = fidelity === 'auto' ? 600 : 60;
    const { result } = runDocument(document, { fidelity, horizonSeconds: 60, preRollSeconds });
    const { 'web-shop': shop, logs, lines } = result.nodes;
    const created = shop?.ledger.created ?? Number.NaN;
    expect(created).toBeGreaterThan(20_000);
    // Calls wait two seconds at most, so no more than that many come from before.
    expect(logs?.metrics.IncomingRecords?.sum).toBeLessThan(created * (62 / 60) + 5 * Math.sqrt(created));
    expect(logs?.metrics.WriteProvisionedThroughputExceeded?.sum).toBe(0);
    expect(lines?.metrics.ApproximateAgeOfOldestMessage?.max).toBeLessThan(5);
  });
});

/** Limiters and keep-alive against renewal arguments, through ordinary scenario files. */
import { describe, it } from 'vitest';
import { checkFormula } from '#test/harness/claims.ts';

describe('keep-alive', () => {
  it('a call is cold when no call came for as long as idle environments are kept', (context) => {
    const [lambda, keptSeconds] = [0.005, 300];
    checkFormula(
      context,
      'keep-alive-cold-starts',
      ({ nodes }) => ({
        coldRatio:
          (nodes.function?.metrics.ColdStarts?.sum ?? Number.NaN) / (nodes.function?.metrics.Invocations?.sum ?? 1),
      }),
      { coldRatio: Math.exp(-lambda * keptSeconds) },
    );
  });
});

describe('token bucket', () => {
  it('a bucket with room for one token takes lambda / (1 + lambda / refill) of a Poisson stream', (context) => {
    const [lambda, refill] = [1.5, 1];
    checkFormula(
      context,
      'token-bucket',
      ({ nodes }) => ({ acceptedPerSecond: nodes.stream?.metrics.IncomingRecords?.mean ?? Number.NaN }),
      { acceptedPerSecond: lambda / (1 + lambda / refill) },
      0.02,
    );
  });
});

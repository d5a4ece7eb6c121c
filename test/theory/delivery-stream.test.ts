/** Delivery streams and buckets against renewal arguments, through ordinary scenario files. */
import { describe, it } from 'vitest';
import { checkFormula } from '#test/harness/claims.ts';

describe('delivery stream', () => {
  it('objects by time hold 1 + lambda T records, which wait (T + lambda T^2 / 2) / (1 + lambda T) on average', (context) => {
    const [lambda, seconds] = [2, 30];
    const records = 1 + lambda * seconds;
    checkFormula(
      context,
      'delivery-stream',
      ({ nodes, paths }) => ({
        recordsPerObject:
          (nodes.delivery?.metrics['DeliveryToS3.Records']?.sum ?? Number.NaN) /
          (nodes.delivery?.metrics['DeliveryToS3.ObjectCount']?.sum ?? 1),
        meanWait: paths[0]?.latencySeconds.mean ?? Number.NaN,
      }),
      { recordsPerObject: records, meanWait: (seconds + (lambda * seconds * seconds) / 2) / records },
      0.02,
    );
  });
});

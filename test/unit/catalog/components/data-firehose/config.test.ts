import { describe, expect, it } from 'vitest';
import { type Config, config as schema, declaration } from '#catalog/components/data-firehose/config.ts';

function codes(settings: Partial<Config>, linkedPorts: readonly string[] = ['records', 's3']): readonly string[] {
  const findings = declaration.check?.({ config: schema.parse(settings), linkedPorts }) ?? [];
  return findings.map(({ code }) => code);
}

describe('what is refused of a delivery stream', () => {
  it('fails without a destination, and with two', () => {
    expect(codes({}, ['records'])).toEqual(['data-firehose/no-destination']);
    expect(codes({}, ['records', 's3', 'opensearch'])).toEqual(['data-firehose/two-destinations']);
  });

  it('fails with two sources', () => {
    expect(codes({}, ['records', 'kinesis', 's3'])).toEqual(['data-firehose/two-sources']);
  });

  it('fails a buffer above 100 MiB, and a conversion, for OpenSearch', () => {
    expect(codes({ bufferSizeMebibytes: 100 }, ['opensearch'])).toEqual([]);
    expect(codes({ bufferSizeMebibytes: 101 }, ['opensearch'])).toEqual(['data-firehose/opensearch-buffer']);
    const converted = { formatConversion: 'parquet', bufferSizeMebibytes: 64 } as const;
    expect(codes(converted, ['opensearch'])).toEqual(['data-firehose/conversion-for-s3']);
  });

  it('fails a conversion with a buffer below 64 MiB, or with a compression of its own', () => {
    expect(codes({ formatConversion: 'parquet', bufferSizeMebibytes: 64 })).toEqual([]);
    expect(codes({ formatConversion: 'parquet' })).toEqual(['data-firehose/conversion-buffer']);
    expect(codes({ formatConversion: 'orc', bufferSizeMebibytes: 64, compressionFormat: 'GZIP' })).toEqual([
      'data-firehose/conversion-compression',
    ]);
  });

  it('fails dynamic partitioning with a buffer below 64 MiB, or for OpenSearch', () => {
    expect(codes({ dynamicPartitioning: true, bufferSizeMebibytes: 64 })).toEqual([]);
    expect(codes({ dynamicPartitioning: true })).toEqual(['data-firehose/partition-buffer']);
    expect(codes({ dynamicPartitioning: true, bufferSizeMebibytes: 64 }, ['opensearch'])).toEqual([
      'data-firehose/partitioning-for-s3',
    ]);
  });

  it('fails retry waits that are the wrong way round', () => {
    expect(codes({ deliveryRetryBaseSeconds: 10, deliveryRetryMaxSeconds: 5 })).toEqual([
      'data-firehose/retry-waits-reversed',
    ]);
  });
});

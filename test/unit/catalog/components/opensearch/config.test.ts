import { describe, expect, it } from 'vitest';
import { config, declaration } from '#catalog/components/opensearch/config.ts';

function refused(given: Record<string, unknown>): string[] {
  const findings = declaration.check?.({ config: config.parse(given), linkedPorts: ['documents'] }) ?? [];
  return findings.map(({ code, path }) => `${code} ${path}`);
}

describe('opensearch: settings that AWS refuses', () => {
  it('takes volumes as large as the data node type has them', () => {
    expect(refused({ instanceType: 'm6g.large.search', volumeSizeGiB: 1024 })).toEqual([]);
    expect(refused({ instanceType: 'm6g.large.search', volumeSizeGiB: 1025 })).toEqual([
      'opensearch/volume-too-large config.volumeSizeGiB',
    ]);
    expect(refused({ instanceType: 'm6g.large.search', volumeSizeGiB: 513, volumeType: 'gp2' })).toEqual([
      'opensearch/volume-too-large config.volumeSizeGiB',
    ]);
    expect(refused({ instanceType: 'c4.2xlarge.search' })).toEqual(['opensearch/no-such-volume config.volumeType']);
    expect(refused({ instanceType: 'c4.2xlarge.search', volumeType: 'gp2' })).toEqual([]);
  });

  it('takes no, three or five dedicated masters', () => {
    const counts = [0, 1, 2, 3, 4, 5].filter((dedicatedMasterCount) => refused({ dedicatedMasterCount }).length === 0);
    expect(counts).toEqual([0, 3, 5]);
  });
});

import { describe, expect, it } from 'vitest';
import { type Config, config as schema, declaration } from '#catalog/components/s3/config.ts';

function codes(settings: Partial<Config>): readonly string[] {
  const findings = declaration.check?.({ config: schema.parse(settings), linkedPorts: [] }) ?? [];
  return findings.map(({ code }) => code);
}

describe('lifecycle rules of a bucket', () => {
  it('pass when classes go down and days go up', () => {
    const settings = { transitionDays: 30, archiveDays: 90, expirationDays: 365 } as const;
    expect(codes(settings)).toEqual([]);
  });

  it('fails a transition to infrequent access before 30 days', () => {
    expect(codes({ transitionDays: 29 })).toEqual(['s3/too-early']);
    expect(codes({ transitionDays: 0, transitionStorageClass: 'GLACIER_IR' })).toEqual([]);
  });

  it('fails a transition to a class that is not further down', () => {
    expect(codes({ storageClass: 'GLACIER', transitionDays: 40 })).toEqual(['s3/class-goes-up']);
  });

  it('fails an archive before the transition and an expiry before either', () => {
    expect(codes({ transitionDays: 60, archiveDays: 60 })).toEqual(['s3/days-reversed']);
    expect(codes({ transitionDays: 60, expirationDays: 60 })).toEqual(['s3/expires-before']);
  });
});

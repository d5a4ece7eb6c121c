import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ratedRegions, rateTable } from '#catalog/pricing/rates.ts';
import { usEast1Rows } from '#catalog/pricing/rates/us-east-1.ts';
import { InputError } from '#schema/errors.ts';
import { rateRowSchema } from '#schema/pricing.ts';

const RATES = 'catalog/pricing/rates';

/** Runs the builder and returns its exit code with all it printed. */
function build(...args: readonly string[]): { code: number; text: string } {
  try {
    const text = execFileSync(process.execPath, ['tools/build-rates.mjs', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return { code: 0, text };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: string };
    return { code: status, text: stderr };
  }
}

/** Runs the builder over a copy of the table whose text was changed. */
function checkChanged(change: (csv: string) => string): { code: number; text: string } {
  const folder = mkdtempSync(join(tmpdir(), 'caudal-rates-'));
  try {
    copyFileSync(`${RATES}/us-east-1.ts`, join(folder, 'us-east-1.ts'));
    const csv = readFileSync(`${RATES}/us-east-1.csv`, 'utf8');
    writeFileSync(join(folder, 'us-east-1.csv'), change(csv));
    return build('--check', '--folder', folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the rate table of us-east-1', () => {
  it('has 601 rows that the schema accepts, each naming a source', () => {
    expect(usEast1Rows).toHaveLength(601);
    for (const row of usEast1Rows) expect(rateRowSchema.parse(row)).toEqual(row);
  });

  it('has one row for each id and tier, and tiers that follow one another without a gap', () => {
    const rates = rateTable('us-east-1');
    const broken = rates.ids().filter((id) => {
      const tiers = rates.get(id);
      const isContiguous = tiers.slice(1).every((tier, index) => tiers[index]?.tierTo === tier.tierFrom);
      return !isContiguous || new Set(tiers.map((tier) => tier.unit)).size > 1;
    });
    expect(broken).toEqual([]);
    expect(rates.ids()).toHaveLength(566);
  });

  it('cites public sources only, never a place on a disk', () => {
    expect(usEast1Rows.filter(({ source }) => /(^|[\s(])\/\w|\bfile:|\\/.test(source))).toEqual([]);
  });

  it('keeps the prices that were read', () => {
    const usd = (id: string): number | undefined => rateTable('us-east-1').get(id)[0]?.usdPerUnit;
    expect(usd('kinesis-data-streams/provisioned-shard-hour')).toBe(0.015);
    expect(usd('lambda/duration-arm')).toBe(0.0000133334);
    expect(usd('fargate/vcpu-x86')).toBe(0.04048);
    expect(usd('data-transfer/inter-az')).toBe(0.01);
  });

  it('is what the builder makes of the table today', () => {
    expect(build('--check')).toEqual({ code: 0, text: 'us-east-1: current\n' });
  });
});

describe('build-rates --check', () => {
  it('fails when a price was changed without building the module', () => {
    const { code, text } = checkChanged((csv) => csv.replace(',0.015,', ',0.016,'));
    expect(code).toBe(1);
    expect(text).toContain('run node tools/build-rates.mjs');
  });

  it('fails when tiers leave a gap, and names the line', () => {
    const { code, text } = checkChanged((csv) => csv.replace(',512000,2048000,0.025,', ',512001,2048000,0.025,'));
    expect(code).toBe(1);
    expect(text).toContain('us-east-1.csv: line 19, data-firehose/ingestion: tierFrom must be 512000, got 512001');
  });

  it('fails when a price is not a number, and reports every fault at once', () => {
    const { text } = checkChanged((csv) => csv.replace(',0.015,', ',about 0.015,').replace(',0.04,', ',,'));
    expect(text).toContain('usdPerUnit is "about 0.015"; must be a number');
    expect(text).toContain('usdPerUnit is ""; must not be empty');
  });
});

describe('rateTable', () => {
  it('has prices for every Region it lists', () => {
    for (const region of ratedRegions) expect(rateTable(region)).toMatchObject({ region, freeTier: false });
  });

  it('is dated by its newest row', () => {
    expect(rateTable('us-east-1').date).toBe('2026-10-08');
  });

  it('replaces the tiers of the ids that a fresh reading brings', () => {
    const rates = rateTable('us-east-1');
    const flat = {
      ...rates.get('lambda/duration-x86')[0]!,
      tierTo: null,
      usdPerUnit: 0.00002,
      sourceDate: '2027-01-05',
    };
    const fresh = rates.withRows([flat]);
    expect(fresh.get('lambda/duration-x86')).toEqual([flat]);
    expect(fresh.get('lambda/duration-arm')).toHaveLength(3);
    expect(fresh.date).toBe('2027-01-05');
    expect(rates.get('lambda/duration-x86')).toHaveLength(3);
  });

  it('takes the prices of us-east-1 as assumptions in a Region without its own', () => {
    const rates = rateTable('eu-west-1');
    const [assumed] = rates.get('lambda/requests');
    const [known] = rateTable('us-east-1').get('lambda/requests');
    expect(assumed).toMatchObject({ usdPerUnit: known?.usdPerUnit, confidence: 'D' });
    expect(assumed?.source).toMatch(/^assumed to be as in us-east-1: /);
  });

  it('fails for what is no Region of AWS, and says which are', () => {
    expect(() => rateTable('mars-north-1')).toThrow(InputError);
    expect(() => rateTable('mars-north-1')).toThrow(
      /account\.region: mars-north-1 is no Region .*\(got mars-north-1\); allowed: us-east-1, us-east-2, .*\[pricing\/unknown-region\]/,
    );
  });
});

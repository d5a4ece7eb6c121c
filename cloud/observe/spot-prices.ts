/** Mean Spot prices of the last week, by instance type. */
import { DescribeSpotPriceHistoryCommand, type SpotPrice, type _InstanceType } from '@aws-sdk/client-ec2';
import type { AwsAccount } from '#cloud/account/account.ts';
import type { RateRow } from '#schema/pricing.ts';

const DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * One price for each type: over every Availability Zone, each weighted by the time for which its prices held. Spot prices change
 * slowly; a run does not follow them from hour to hour.
 */
export async function readSpotPrices(
  account: AwsAccount,
  instanceTypes: readonly string[],
  nowMs: number,
): Promise<readonly RateRow[]> {
  const startMs = nowMs - DAYS * DAY_MS;
  const history = await historyOf(account, instanceTypes, startMs, nowMs);
  const day = new Date(nowMs).toISOString().slice(0, 10);
  return instanceTypes.flatMap((type) => {
    const usd = meanPrice(
      history.filter(({ InstanceType }) => InstanceType === type),
      startMs,
      nowMs,
    );
    return usd === undefined ? [] : [rowOf(type, usd, day)];
  });
}

/** Every zone has a price that held when the week began, then one for each change. */
export function meanPrice(history: readonly SpotPrice[], startMs: number, endMs: number): number | undefined {
  const zones = new Map<string, SpotPrice[]>();
  for (const price of history) {
    const zone = price.AvailabilityZone ?? '';
    zones.set(zone, [...(zones.get(zone) ?? []), price]);
  }
  let weighted = 0;
  let weight = 0;
  for (const prices of zones.values()) {
    const sorted = prices.toSorted((a, b) => timeOf(a) - timeOf(b));
    sorted.forEach((price, index) => {
      const next = sorted[index + 1];
      const lasts = (next === undefined ? endMs : timeOf(next)) - Math.max(startMs, timeOf(price));
      if (lasts <= 0) return;
      weighted += Number(price.SpotPrice) * lasts;
      weight += lasts;
    });
  }
  return weight === 0 ? undefined : weighted / weight;
}

function timeOf({ Timestamp }: SpotPrice): number {
  return Timestamp?.getTime() ?? 0;
}

async function historyOf(
  { clients }: AwsAccount,
  instanceTypes: readonly string[],
  startMs: number,
  endMs: number,
): Promise<readonly SpotPrice[]> {
  const found: SpotPrice[] = [];
  let token: string | undefined;
  do {
    const page = await clients.ec2.send(
      new DescribeSpotPriceHistoryCommand({
        InstanceTypes: instanceTypes as _InstanceType[],
        ProductDescriptions: ['Linux/UNIX'],
        StartTime: new Date(startMs),
        EndTime: new Date(endMs),
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    found.push(...(page.SpotPriceHistory ?? []));
    token = page.NextToken === '' ? undefined : page.NextToken;
  } while (token !== undefined);
  return found;
}

function rowOf(type: string, usd: number, day: string): RateRow {
  return {
    id: `ec2/spot/${type}`,
    service: 'EC2 Spot',
    dimension: type,
    unit: 'instance-hour',
    tierFrom: 0,
    tierTo: null,
    usdPerUnit: Number(usd.toPrecision(6)),
    freeTier: '',
    freeUnits: null,
    rounding: 'per second; min 60 s',
    source: `EC2 Spot price history, mean of ${DAYS} days over all Availability Zones`,
    sourceDate: day,
    confidence: 'A',
    serviceCode: 'AmazonEC2',
    usageType: `SpotUsage:${type}`,
    operation: 'RunInstances',
  };
}

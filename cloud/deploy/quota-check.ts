/** Quotas of the account beside the simulated peak. */
import { GetServiceQuotaCommand, ListServiceQuotasCommand } from '@aws-sdk/client-service-quotas';
import type { AwsAccount } from '#cloud/account/account.ts';
import { AwsError } from '#cloud/account/aws-error.ts';
import type { LimitSummary } from '#schema/component.ts';
import type { QuotaCheck } from '#schema/deployment-plan.ts';
import { quotaPlace } from './quota-names.ts';

/** Share of a quota from which it is worth a line. */
const NEAR = 0.8;

export interface QuotaInput {
  /** Limits of the run. */
  readonly limits: readonly LimitSummary[];
  /** `account.quotas` of the document. */
  readonly documentQuotas: Readonly<Record<string, number>>;
  /** Nodes and edges that are not deployed: their limits are not asked of AWS. */
  readonly leftOut: ReadonlySet<string>;
}

/**
 * Limits that AWS sets and would raise, of which the simulated peak uses 80 % or more, or of which the account has less than the
 * peak. A limit that a setting of the document makes is no quota.
 */
export async function checkQuotas(account: AwsAccount, input: QuotaInput): Promise<readonly QuotaCheck[]> {
  const quotas = input.limits.filter(({ node, raisable, source }) => {
    return raisable && !source.startsWith('config.') && (node === null || !input.leftOut.has(node));
  });
  const applied = await appliedQuotas(
    account,
    quotas.map(({ id }) => id),
  );
  return quotas
    .map((limit) => checkOf(limit, applied.get(limit.id), input.documentQuotas))
    .filter(({ isExceeded, peak, quota }) => isExceeded || peak >= quota * NEAR);
}

function checkOf(limit: LimitSummary, applied: number | undefined, own: Readonly<Record<string, number>>): QuotaCheck {
  const { id, node, name, unit, capacity, peakRatio, refused, waiting, source } = limit;
  const peak = capacity * peakRatio;
  const held = refused + waiting;
  const quota = applied ?? capacity;
  return {
    id,
    node,
    name,
    unit,
    peak,
    held,
    quota,
    from: applied === undefined ? (id in own ? 'document' : 'default') : 'account',
    // What was held back in the run would have asked for more than the capacity that the run had.
    isExceeded: peak > quota || (held > 0 && quota <= capacity),
    source,
  };
}

/** What the account has, for quotas that Service Quotas knows. Where it does not answer, nothing is known. */
async function appliedQuotas({ clients }: AwsAccount, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const id of new Set(ids)) {
    const place = quotaPlace(id);
    if (place === undefined) continue;
    try {
      const value = await (place.isCode ? byCode : byName)(clients, place.service, place.name);
      if (value !== undefined) found.set(id, value);
    } catch (error) {
      // Without the right to ask, or where nothing answers for this service, the documented value stands.
      if (!(error instanceof AwsError)) throw error;
    }
  }
  return found;
}

type Clients = Pick<AwsAccount['clients'], 'quotas'>;

async function byCode({ quotas }: Clients, service: string, code: string): Promise<number | undefined> {
  const { Quota } = await quotas.send(new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }));
  return Quota?.Value;
}

async function byName({ quotas }: Clients, service: string, name: string): Promise<number | undefined> {
  let token: string | undefined;
  do {
    const page = await quotas.send(
      new ListServiceQuotasCommand({ ServiceCode: service, ...(token === undefined ? {} : { NextToken: token }) }),
    );
    const found = page.Quotas?.find(({ QuotaName }) => QuotaName?.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found.Value;
    token = page.NextToken;
  } while (token !== undefined);
  return undefined;
}

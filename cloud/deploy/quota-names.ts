/**
 * Quotas of an account as Service Quotas knows them, by the id that documents and limits use: the service, then the quota's code
 * where AWS documents it, its name otherwise. A name that AWS has changed is not found, and then the documented value stands.
 */
const PLACES: Readonly<Record<string, string>> = {
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11-21)
  'lambda/concurrent-executions': 'lambda/L-B99A9384',
  // https://docs.aws.amazon.com/general/latest/gr/ak.html (read 2026-11-21)
  'kinesis-data-streams/shards': 'kinesis/Shards per Region',
  // https://docs.aws.amazon.com/general/latest/gr/sns.html (read 2026-11-21)
  'sns/messages-published-per-second': 'sns/Messages Published per Second',
  // https://docs.aws.amazon.com/general/latest/gr/kms.html (read 2026-11-21)
  'kms/symmetric-requests': 'kms/Cryptographic operations (symmetric) request rate',
};

export interface QuotaPlace {
  /** Code of the service in Service Quotas. */
  readonly service: string;
  readonly name: string;
  /** The name is a code. */
  readonly isCode: boolean;
}

/** Where Service Quotas has a quota; undefined where it has none. */
export function quotaPlace(id: string): QuotaPlace | undefined {
  const [service, name] = PLACES[id]?.split('/') ?? [];
  return service === undefined || name === undefined
    ? undefined
    : { service, name, isCode: /^L-[0-9A-F]{8}$/.test(name) };
}

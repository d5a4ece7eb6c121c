/**
 * Quotas of an account as Service Quotas knows them, by the id that documents and limits use. Codes where AWS documents them, names
 * otherwise: a name that AWS has changed is not found, and then the documented value stands.
 */
export interface QuotaName {
  /** Code of the service in Service Quotas. */
  readonly service: string;
  readonly name: string;
  readonly code?: string;
}

export const quotaNames: Readonly<Record<string, QuotaName>> = {
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11-21)
  'lambda/concurrent-executions': { service: 'lambda', name: 'Concurrent executions', code: 'L-B99A9384' },
  // https://docs.aws.amazon.com/general/latest/gr/ak.html (read 2026-11-21)
  'kinesis-data-streams/shards': { service: 'kinesis', name: 'Shards per Region' },
  // https://docs.aws.amazon.com/general/latest/gr/sns.html (read 2026-11-21)
  'sns/messages-published-per-second': { service: 'sns', name: 'Messages Published per Second' },
  // https://docs.aws.amazon.com/general/latest/gr/kms.html (read 2026-11-21)
  'kms/symmetric-requests': { service: 'kms', name: 'Cryptographic operations (symmetric) request rate' },
};

import type { PriceFacet } from '#schema/component.ts';
import type { Config, StorageClass } from './config.ts';

/** Usage -> rate, and how many single things one unit of the rate holds. */
const rateOfUsage: readonly (readonly [usage: string, rate: string, perUnit: number])[] = [
  ['standardGibibyteMonths', 's3/standard-storage', 1],
  ['standardIaGibibyteMonths', 's3/standard-ia-storage', 1],
  ['oneZoneIaGibibyteMonths', 's3/one-zone-ia-storage', 1],
  ['intelligentFrequentGibibyteMonths', 's3/intelligent-tiering-frequent', 1],
  ['intelligentInfrequentGibibyteMonths', 's3/intelligent-tiering-infrequent', 1],
  ['intelligentArchiveGibibyteMonths', 's3/intelligent-tiering-archive-instant', 1],
  ['glacierInstantGibibyteMonths', 's3/glacier-instant-retrieval-storage', 1],
  ['glacierFlexibleGibibyteMonths', 's3/glacier-flexible-retrieval-storage', 1],
  ['deepArchiveGibibyteMonths', 's3/glacier-deep-archive-storage', 1],
  ['monitoredObjectMonths', 's3/intelligent-tiering-monitoring', 1000],
  ['standardIaRetrievedGibibytes', 's3/retrieval-standard-ia', 1],
  ['oneZoneIaRetrievedGibibytes', 's3/retrieval-one-zone-ia', 1],
  ['glacierInstantRetrievedGibibytes', 's3/retrieval-glacier-instant-retrieval', 1],
  ['infrequentTransitions', 's3/transition-to-infrequent-access', 1000],
  ['glacierInstantTransitions', 's3/transition-to-glacier-instant-retrieval', 1000],
  ['glacierFlexibleTransitions', 's3/transition-to-glacier-flexible-retrieval', 1000],
  ['deepArchiveTransitions', 's3/transition-to-glacier-deep-archive', 1000],
  ['kmsRequests', 'kms/symmetric-requests', 10_000],
  ['kmsKeyMonths', 'kms/customer-managed-key', 1],
];

interface ClassRates {
  readonly storage: string;
  readonly put: string;
  readonly get: string;
}

/** What depends on the class in which objects are written; what is archived cannot be read, and has the rate of Standard. */
const rateOfClass: Readonly<Record<StorageClass, ClassRates>> = {
  STANDARD: { storage: 's3/standard-storage', put: 's3/standard-put', get: 's3/standard-get' },
  INTELLIGENT_TIERING: { storage: 's3/intelligent-tiering-frequent', put: 's3/standard-put', get: 's3/standard-get' },
  STANDARD_IA: { storage: 's3/standard-ia-storage', put: 's3/infrequent-access-put', get: 's3/infrequent-access-get' },
  ONEZONE_IA: { storage: 's3/one-zone-ia-storage', put: 's3/infrequent-access-put', get: 's3/infrequent-access-get' },
  GLACIER_IR: {
    storage: 's3/glacier-instant-retrieval-storage',
    put: 's3/glacier-instant-retrieval-put',
    get: 's3/glacier-instant-retrieval-get',
  },
  GLACIER: {
    storage: 's3/glacier-flexible-retrieval-storage',
    put: 's3/glacier-flexible-retrieval-put',
    get: 's3/standard-get',
  },
  DEEP_ARCHIVE: {
    storage: 's3/glacier-deep-archive-storage',
    put: 's3/glacier-deep-archive-put',
    get: 's3/standard-get',
  },
};

/** Lines of the bill; a dimension that was not used has no line. */
export const price: PriceFacet<Config> = ({ quantities }, config, rates) => {
  const own = rateOfClass[config.storageClass];
  const all = [
    ...rateOfUsage,
    ['existingGibibyteMonths', own.storage, 1] as const,
    ['putRequests', own.put, 1000] as const,
    ['getRequests', own.get, 1000] as const,
  ];
  return all.flatMap(([usage, rateId, perUnit]) => {
    const quantity = quantities[usage] ?? 0;
    return quantity > 0 ? [rates.price(dimensionOf(usage), rateId, quantity / perUnit)] : [];
  });
};

/** Storage is named by what is stored, not by its unit. */
function dimensionOf(usage: string): string {
  return usage.replace('GibibyteMonths', 'Storage');
}

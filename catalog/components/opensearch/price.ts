import type { PriceFacet } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Lines of the bill; a dimension that was not used has no line. */
export const price: PriceFacet<Config> = ({ quantities }, config, rates) => {
  const used = [
    ['dataNodes', `opensearch/instance/${config.instanceType}`, quantities['dataNodeHours']],
    ['masterNodes', `opensearch/instance/${config.dedicatedMasterType}`, quantities['masterNodeHours']],
    ['storage', `opensearch/storage-${config.volumeType}`, quantities['storageGibibyteMonths']],
  ] as const;
  return used.flatMap(([dimension, rateId, quantity]) =>
    quantity === undefined || quantity === 0 ? [] : [rates.price(dimension, rateId, quantity)],
  );
};

import type { PriceFacet } from '#schema/component.ts';
import type { Config } from './config.ts';

/** Lines of the bill; a dimension that was not used has no line. */
export const price: PriceFacet<Config> = ({ quantities }, config, rates) => {
  const arm = config.cpuArchitecture === 'ARM64';
  const used = [
    ['vcpu', arm ? 'fargate/vcpu-arm' : 'fargate/vcpu-x86', quantities['vcpuHours']],
    ['memory', arm ? 'fargate/memory-arm' : 'fargate/memory-x86', quantities['memoryGbHours']],
    ['ephemeralStorage', 'fargate/ephemeral-storage', quantities['ephemeralGbHours']],
    ['leaseTable', 'dynamodb/on-demand-write', quantities['leaseTableWrites']],
  ] as const;
  return used.flatMap(([dimension, rateId, quantity]) =>
    quantity === undefined || quantity === 0 ? [] : [rates.price(dimension, rateId, quantity)],
  );
};

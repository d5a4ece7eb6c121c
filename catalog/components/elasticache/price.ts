import type { PriceFacet } from '#schema/component.ts';
import type { Config } from './config.ts';

const MILLION = 1_000_000;

/** Nodes by type and engine, or storage and processing units of a serverless cache. */
export const price: PriceFacet<Config> = ({ quantities }, { deployment, engine, cacheNodeType }, rates) => {
  if (deployment === 'nodeBased') {
    return [rates.price('nodes', `elasticache/${engine}/${cacheNodeType}`, quantities['nodeHours'] ?? 0)];
  }
  return [
    rates.price('storage', `elasticache/serverless-data-${engine}`, quantities['dataGbHours'] ?? 0),
    rates.price('processing', `elasticache/serverless-ecpu-${engine}`, (quantities['ecpus'] ?? 0) / MILLION),
  ];
};

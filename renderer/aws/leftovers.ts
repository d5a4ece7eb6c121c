/** What destroyed deployments have left in the account, as the newest look has it. */
import type { KeptBucket } from '#schema/deployment-state.ts';
import { useAws } from './aws-store.ts';
import { guarded, splitGuards } from './stack-names.ts';

export interface Leftover {
  readonly kind: 'bucket' | 'guard';
  readonly name: string;
  readonly stackName: string;
  readonly bucket?: KeptBucket;
  readonly command: string;
}

export function useLeftovers(): readonly Leftover[] {
  const overview = useAws((state) => state.overview);
  if (overview === undefined) return [];
  return [
    ...overview.buckets.map((bucket) => ({
      kind: 'bucket' as const,
      name: bucket.bucket,
      stackName: bucket.stackName,
      bucket,
      command: bucket.command,
    })),
    ...splitGuards(overview.deployments).orphans.map(({ stackName }) => ({
      kind: 'guard' as const,
      name: stackName,
      stackName: guarded(stackName),
      command: `caudal destroy ${guarded(stackName)} --guard`,
    })),
  ];
}

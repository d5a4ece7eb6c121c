/** The tabs of driving, comparing and calibrating, in the order they are shown between Plan and Left behind. */
import type { ReactNode } from 'react';
import type { AwsTab } from './aws-store.ts';

export interface AwsTabDefinition {
  readonly id: AwsTab;
  readonly label: string;
  readonly content: ReactNode;
}

export function measureTabs(): readonly AwsTabDefinition[] {
  return [];
}

/** The tabs of driving, comparing and calibrating, in the order they are shown between Plan and Left behind. */
import type { ReactNode } from 'react';
import type { AwsTab } from './aws-store.ts';
import { CalibratePage } from './CalibratePage.tsx';
import { ComparePage } from './ComparePage.tsx';
import { DrivePage } from './DrivePage.tsx';

export interface AwsTabDefinition {
  readonly id: AwsTab;
  readonly label: string;
  readonly content: ReactNode;
}

export function measureTabs(): readonly AwsTabDefinition[] {
  return [
    { id: 'drive', label: 'Drive', content: <DrivePage /> },
    { id: 'compare', label: 'Compare', content: <ComparePage /> },
    { id: 'calibrate', label: 'Calibrate', content: <CalibratePage /> },
  ];
}

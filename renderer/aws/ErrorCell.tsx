import { StatusIndicator } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { type Compared, errorGrade, errorText } from './compare-rows.ts';

const GRADES = { agrees: 'success', near: 'warning', far: 'error' } as const;

/** How far what was measured is from what was simulated, with how bad that is. */
export function ErrorCell({ compared }: { readonly compared: Compared }): ReactNode {
  const grade = errorGrade(compared);
  if (grade === undefined) return '–';
  return (
    <StatusIndicator type={GRADES[grade]} iconAriaLabel={grade === 'agrees' ? 'agrees' : 'differs'}>
      {compared.errorRatio === null ? '0 measured' : errorText(compared.errorRatio)}
    </StatusIndicator>
  );
}

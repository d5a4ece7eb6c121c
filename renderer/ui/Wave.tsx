import type { ReactNode } from 'react';

/** The mark of Caudal. */
export function Wave(): ReactNode {
  return (
    <svg className="wave" viewBox="0 0 28 20" width="28" height="20" aria-hidden="true">
      <path d="M2 6.5c4-5 8-5 12 0s8 5 12 0M2 14c4-5 8-5 12 0s8 5 12 0" />
    </svg>
  );
}

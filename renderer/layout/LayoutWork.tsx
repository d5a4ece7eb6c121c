import { StatusIndicator } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useLayoutWork } from './lay-out.ts';

/** Says that a layout is being made, once it has taken a moment. */
export function LayoutWork(): ReactNode {
  const isWorking = useLayoutWork((state) => state.isWorking);
  return (
    <div className="layout-work" aria-live="polite">
      {isWorking && <StatusIndicator type="loading">Laying out the design</StatusIndicator>}
    </div>
  );
}

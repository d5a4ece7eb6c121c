import { EdgeLabelRenderer } from '@xyflow/react';
import type { ReactNode } from 'react';
import { type PartState, stateWords } from './node-states.ts';

interface EdgeDeploymentProps {
  readonly part: PartState | undefined;
  readonly x: number;
  readonly y: number;
}

/** Where a link with resources of its own stands in the deployment, said over it; nothing of one that is simply there. */
export function EdgeDeployment({ part, x, y }: EdgeDeploymentProps): ReactNode {
  if (part === undefined || part.state === 'done' || part.state === 'driven' || part.state === 'absent') return null;
  return (
    <EdgeLabelRenderer>
      <div
        className={`edge-label edge-deploy-label-${part.state}`}
        style={{ transform: `translate(-50%, -100%) translate(${x}px, ${y - 3}px)` }}
        title={part.words ?? stateWords[part.state]}
      >
        {stateWords[part.state]}
      </div>
    </EdgeLabelRenderer>
  );
}

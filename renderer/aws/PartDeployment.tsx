/** The deployment of one node or link: each of its resources with its state and its name in the account. */
import { StatusIndicator, type StatusIndicatorProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useAws } from './aws-store.ts';
import { CopyText } from './CopyText.tsx';
import { type DeployState, stateWords } from './node-states.ts';
import { usePartState } from './part-states.ts';
import { typeWords } from './type-words.ts';
import { windowWords } from './window-words.ts';

const INDICATORS: Readonly<Record<DeployState, StatusIndicatorProps.Type>> = {
  waiting: 'pending',
  creating: 'in-progress',
  updating: 'in-progress',
  deleting: 'in-progress',
  undoing: 'in-progress',
  done: 'success',
  failed: 'error',
  undone: 'warning',
  deleted: 'stopped',
  kept: 'info',
  drifted: 'warning',
  absent: 'stopped',
  driven: 'info',
};

export function PartDeployment({ id }: { readonly id: string }): ReactNode {
  const part = usePartState(id);
  const reason = useAws(({ plan }) => plan?.leftOut.find((one) => one.id === id)?.reason);
  if (part === undefined) return <p className="inspector-empty">Nothing of it is deployed.</p>;
  return (
    <div className="part-deployment">
      <StatusIndicator type={INDICATORS[part.state]}>{stateWords[part.state]}</StatusIndicator>
      {part.words !== undefined && <p>{windowWords(part.words)}</p>}
      {part.resources.length === 0 && <p className="inspector-note">{absentWords(part.state, reason)}</p>}
      <ul>
        {part.resources.map((one) => (
          <Resource key={one.id} {...one} />
        ))}
      </ul>
    </div>
  );
}

function absentWords(state: DeployState, reason: string | undefined): string {
  if (state === 'driven') return 'Nothing in the stack sends this load: Drive sends it from this machine.';
  return reason === undefined ? '' : windowWords(reason);
}

interface ResourceProps {
  readonly id: string;
  readonly type: string;
  readonly state: DeployState;
}

function Resource({ id, type, state }: ResourceProps): ReactNode {
  const physicalId = useAws(
    ({ status, steps }) =>
      status?.resources.find(({ logicalId }) => logicalId === id)?.physicalId ??
      steps.findLast(({ logicalId, physicalId: found }) => logicalId === id && found !== undefined)?.physicalId,
  );
  const reason = useAws(
    ({ steps }) => steps.find(({ logicalId, status }) => logicalId === id && status.endsWith('_FAILED'))?.reason,
  );
  const differences = useAws(
    ({ status }) => status?.drift?.resources.find(({ logicalId }) => logicalId === id)?.differences,
  );
  return (
    <li>
      <div className="part-deployment-head">
        <b>{typeWords(type)}</b>
        <StatusIndicator type={INDICATORS[state]}>{stateWords[state]}</StatusIndicator>
      </div>
      {physicalId !== undefined && physicalId !== '' && <CopyText text={physicalId} />}
      {reason !== undefined && <div className="aws-said">AWS says: {reason}</div>}
      {differences?.map(({ path, expected, actual }) => (
        <div key={path} className="aws-said">
          {path.replace(/^\//, '')}: {actual} instead of {expected}
        </div>
      ))}
    </li>
  );
}

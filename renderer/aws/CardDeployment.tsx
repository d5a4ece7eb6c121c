/** Where a node stands in its deployment, on its card: a badge with icon and word, and a bar for each of its resources. */
import { Icon, type IconProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { type DeployState, type PartState, stateWords } from './node-states.ts';
import { typeWords } from './type-words.ts';

const ICONS: Readonly<Record<DeployState, IconProps.Name>> = {
  waiting: 'status-pending',
  creating: 'status-in-progress',
  updating: 'status-in-progress',
  deleting: 'remove',
  undoing: 'undo',
  done: 'status-positive',
  failed: 'status-negative',
  undone: 'undo',
  deleted: 'remove',
  kept: 'lock-private',
  drifted: 'edit',
  absent: 'status-stopped',
  driven: 'upload',
};

export function CardDeployment({ part }: { readonly part: PartState | undefined }): ReactNode {
  if (part === undefined) return null;
  const { state, resources } = part;
  const words = wordsOf(part);
  return (
    <>
      <div className="card-badges">
        <span className={`card-badge card-deploy card-deploy-${state}`} title={words}>
          <Icon name={ICONS[state]} size="small" />
          {stateWords[state]}
        </span>
      </div>
      {resources.length > 0 && (
        <div className="card-face card-deploy-face" role="img" aria-label={words} title={words}>
          {resources.map((one) => (
            <i key={one.id} className={`card-cell card-deploy-cell-${one.state}`} />
          ))}
        </div>
      )}
    </>
  );
}

function wordsOf({ state, resources, words }: PartState): string {
  if (words !== undefined) return words;
  if (resources.length === 0) return stateWords[state];
  return resources.map((one) => `${typeWords(one.type)}: ${stateWords[one.state]}`).join('\n');
}

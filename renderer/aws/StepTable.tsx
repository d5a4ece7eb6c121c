import { StatusIndicator, type StatusIndicatorProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import type { StackStep } from '#schema/deployment-state.ts';
import { stateOf } from './node-states.ts';
import { PartLink } from './PartLink.tsx';
import { typeWords } from './type-words.ts';
import { clockTime } from './times.ts';

/** Each step of CloudFormation, the newest first: it is seen without scrolling while more come. */
export function StepTable({ steps }: { readonly steps: readonly StackStep[] }): ReactNode {
  return (
    <ol className="aws-steps" aria-label="Steps of CloudFormation, the newest first" reversed>
      {steps.toReversed().map((step) => (
        <Step key={step.id} step={step} />
      ))}
    </ol>
  );
}

function Step({ step }: { readonly step: StackStep }): ReactNode {
  const { at, isStack, owner, logicalId, type, status, reason } = step;
  const isBad = /FAILED|ROLLBACK/.test(status);
  return (
    <li>
      <time dateTime={at}>{clockTime(at)}</time>
      <span className="aws-step-part">{isStack ? <b>stack</b> : <PartLink id={owner} />}</span>
      <span className="aws-step-what" title={logicalId}>
        {isStack ? logicalId : typeWords(type)}
      </span>
      <StatusIndicator type={indicator(status)}>{status.toLowerCase().replaceAll('_', ' ')}</StatusIndicator>
      {isBad && reason !== undefined && reason !== '' && <span className="aws-said aws-step-reason">{reason}</span>}
    </li>
  );
}

function indicator(status: string): StatusIndicatorProps.Type {
  switch (stateOf(status, false)) {
    case 'failed':
      return 'error';
    case 'undoing':
    case 'undone':
      return 'warning';
    case 'creating':
    case 'updating':
    case 'deleting':
      return 'in-progress';
    case 'kept':
      return 'info';
    default:
      return 'success';
  }
}

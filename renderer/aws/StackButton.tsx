/** The stack that this design is deployed as, and what it is doing; on a click the form to name it. */
import { Button, FormField, Input, Popover, SpaceBetween, Spinner } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { isWorking, setStackName, useAws, useDeployment, useOperation, useStackName } from './aws-store.ts';
import { stackNameFault } from './stack-names.ts';
import { look } from './stack-control.ts';
import { expiryText, useNowMs } from './times.ts';

export function StackButton(): ReactNode {
  const stackName = useStackName();
  const words = useStackWords();
  const isBusy = isWorking(useOperation('stack'));
  if (stackName === '') return null;
  return (
    <span className="aws-where-line">
      <Popover
        triggerType="custom"
        position="bottom"
        size="medium"
        header="Stack"
        dismissAriaLabel="Close the name of the stack"
        content={<StackForm />}
      >
        <Button variant="inline-link" ariaLabel={`Stack ${stackName}: ${words}, change it`}>
          <span className="aws-stack" title={`${stackName}: ${words}`}>
            <b>{stackName}</b> {isBusy && <Spinner />} {words}
          </span>
        </Button>
      </Popover>
    </span>
  );
}

const DOING = {
  plan: 'planning',
  deploy: 'deploying',
  follow: 'following',
  drift: 'comparing',
  destroy: 'destroying',
  destroyGuard: 'destroying the guard',
  emptyBucket: 'emptying a bucket',
} as const;

function useStackWords(): string {
  const operation = useOperation('stack');
  const deployment = useDeployment();
  const hasLooked = useAws(({ overview }) => overview !== undefined);
  const nowMs = useNowMs();
  if (isWorking(operation) && operation !== undefined && operation.kind in DOING)
    return DOING[operation.kind as keyof typeof DOING];
  if (deployment === undefined) return hasLooked ? 'not deployed' : '';
  const { status, text, isChanging } = deployment;
  const short = SHORT[status] ?? text;
  if (isChanging || deployment.remedy !== undefined) return short;
  return `${short}, ${expiryText(deployment.expiresAt, nowMs)}`;
}

/** For statuses whose words are a sentence. */
const SHORT: Readonly<Record<string, string>> = {
  REVIEW_IN_PROGRESS: 'planned, never deployed',
  ROLLBACK_COMPLETE: 'failed, undone',
  ROLLBACK_FAILED: 'failed, not undone',
  CREATE_FAILED: 'failed',
  UPDATE_FAILED: 'update failed',
  UPDATE_ROLLBACK_COMPLETE: 'update failed, undone',
  UPDATE_ROLLBACK_FAILED: 'update failed, not undone',
  DELETE_FAILED: 'deletion stopped',
};

function StackForm(): ReactNode {
  const stackName = useStackName();
  const isBusy = isWorking(useOperation('stack'));
  const [draft, setDraft] = useState<string>();
  const name = draft ?? stackName;
  const fault = stackNameFault(name);
  const finish = (): void => {
    if (draft === undefined || fault !== undefined) return;
    setStackName(draft.trim());
    setDraft(undefined);
    void look();
  };
  return (
    <SpaceBetween size="s">
      <FormField
        label="Name of the stack"
        description="Remembered for this design. Another name is another deployment beside this one."
        {...(fault === undefined ? {} : { errorText: fault })}
      >
        <Input
          value={name}
          disabled={isBusy}
          onChange={({ detail }) => setDraft(detail.value)}
          onBlur={finish}
          onKeyDown={({ detail }) => {
            if (detail.key === 'Enter') finish();
          }}
        />
      </FormField>
    </SpaceBetween>
  );
}

/** What an operation asks of the user: a code, or a name typed by who has read what it does. */
import { Alert, Button, FormField, Input, type InputProps, SpaceBetween } from '@cloudscape-design/components';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { bytesText, countText } from '#drawing/quantities.ts';
import { Ask } from '#renderer/ui/Ask.tsx';
import type { DeploymentPlan } from '#schema/deployment-plan.ts';
import type { KeptBucket } from '#schema/deployment-state.ts';
import { type AskedQuestion, useAws, useOperation } from './aws-store.ts';
import { useLeftovers } from './leftovers.ts';
import { answerQuestion, stopOperation } from './operation.ts';
import { PlanView } from './PlanView.tsx';

export function QuestionDialog({ asked }: { readonly asked: AskedQuestion }): ReactNode {
  const { question } = asked;
  switch (question.kind) {
    case 'mfa':
      return <MfaDialog asked={asked} serial={question.serial} />;
    case 'deploy':
      return <DeployQuestion asked={asked} name={question.name} plan={question.plan} />;
    case 'delete':
      return <DeleteQuestion asked={asked} name={question.name} place={question.place} />;
  }
}

interface TypedProps {
  readonly asked: AskedQuestion;
  readonly header: string;
  readonly size?: 'medium' | 'large' | 'max';
  readonly label: ReactNode;
  readonly description?: ReactNode;
  readonly confirmText: string;
  /** What is wrong with what was typed; undefined where nothing is. */
  readonly faultOf: (text: string) => string | undefined;
  readonly children?: ReactNode;
  readonly inputMode?: InputProps['inputMode'];
}

/** Nothing is sent before what was typed is right; closing is "no". */
function TypedDialog(props: TypedProps): ReactNode {
  const { asked, header, size = 'medium', label, description, confirmText, faultOf, children, inputMode } = props;
  const [text, setText] = useState('');
  const [isTried, setTried] = useState(false);
  const field = useRef<InputProps.Ref>(null);
  useFocus(field);
  const fault = faultOf(text.trim());
  const refuse = (): void => {
    void stopOperation(asked.slot);
    void answerQuestion(asked.questionId, '');
  };
  const confirm = (): void => {
    setTried(true);
    if (fault === undefined) void answerQuestion(asked.questionId, text.trim());
  };
  return (
    <Ask
      header={header}
      size={size}
      onDismiss={refuse}
      closeLabel="Cancel"
      actions={
        <>
          <Button onClick={refuse}>Cancel</Button>
          <Button variant="primary" onClick={confirm}>
            {confirmText}
          </Button>
        </>
      }
    >
      <SpaceBetween size="m">
        {children}
        <FormField
          label={label}
          description={description}
          {...(isTried && fault !== undefined ? { errorText: fault } : {})}
        >
          <Input
            value={text}
            ref={field}
            autoComplete="off"
            spellcheck={false}
            {...(inputMode === undefined ? {} : { inputMode })}
            onChange={({ detail }) => {
              setText(detail.value);
              setTried(false);
            }}
            onKeyDown={({ detail }) => {
              if (detail.key === 'Enter') confirm();
            }}
          />
        </FormField>
      </SpaceBetween>
    </Ask>
  );
}

/** The dialog puts the focus on its own button first. */
function useFocus(field: RefObject<InputProps.Ref | null>): void {
  useEffect(() => {
    const frame = requestAnimationFrame(() => field.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [field]);
}

function MfaDialog({ asked, serial }: { readonly asked: AskedQuestion; readonly serial: string }): ReactNode {
  return (
    <TypedDialog
      asked={asked}
      header="Code of your MFA device"
      label="Six digits"
      description={`As ${serial} shows them now. Each code counts once and for 30 s; Caudal does not keep it.`}
      confirmText="Go on"
      inputMode="numeric"
      faultOf={(text) => (/^\d{6}$/.test(text) ? undefined : 'A code has six digits.')}
    />
  );
}

interface DeployQuestionProps {
  readonly asked: AskedQuestion;
  readonly name: string;
  readonly plan: DeploymentPlan;
}

function DeployQuestion({ asked, name, plan }: DeployQuestionProps): ReactNode {
  const verb = plan.kind === 'update' ? 'Update' : 'Deploy';
  return (
    <TypedDialog
      asked={asked}
      size="large"
      header={`${verb} ${name}?`}
      label={
        <>
          Type <b>{name}</b> to {verb.toLowerCase()} it
        </>
      }
      description="Nothing has been changed yet. From then on AWS charges for what it makes."
      confirmText={verb}
      faultOf={nameFault(name, 'deployed')}
    >
      <PlanView plan={plan} isFolded />
    </TypedDialog>
  );
}

function nameFault(name: string, what: string): (text: string) => string | undefined {
  return (text) => (text === name ? undefined : `This is not ${name}: nothing is ${what} until the name is right.`);
}

/** What goes with a bucket. */
function bucketWords(bucket: KeptBucket | undefined): string {
  const lost = 'every older version go with it. They cannot be brought back.';
  if (bucket === undefined || bucket.isAtLeast) return `All objects in it and ${lost}`;
  if (bucket.objects === 0) return 'It is empty. What is put in meanwhile goes with it.';
  const objects = bucket.objects === 1 ? 'The object' : `All ${countText(bucket.objects)} objects`;
  return `${objects} in it (${bytesText(bucket.bytes)}) and ${lost}`;
}

interface DeleteQuestionProps {
  readonly asked: AskedQuestion;
  readonly name: string;
  readonly place: string;
}

function DeleteQuestion({ asked, name, place }: DeleteQuestionProps): ReactNode {
  const kind = useOperation(asked.slot)?.kind;
  const isBucket = kind === 'emptyBucket';
  const bucket = useLeftovers().find((one) => one.name === name)?.bucket;
  const resources = useAws(({ status }) => status?.resources.length);
  const header = isBucket
    ? 'Empty and delete a bucket?'
    : kind === 'destroyGuard'
      ? 'Delete a guard stack?'
      : `Destroy ${name}?`;
  return (
    <TypedDialog
      asked={asked}
      header={header}
      label={
        <>
          Type <b>{name}</b> to delete it
        </>
      }
      description={`It is deleted in ${place}.`}
      confirmText={isBucket ? 'Empty and delete' : kind === 'destroyGuard' ? 'Delete' : 'Destroy'}
      faultOf={nameFault(name, 'deleted')}
    >
      {isBucket ? (
        <Alert type="warning">{bucketWords(bucket)}</Alert>
      ) : kind === 'destroyGuard' ? (
        <span>
          The deployment {name} is gone, so the role and the schedule that the guard stack holds are of no more use.
        </span>
      ) : (
        <span>
          {resources === undefined ? 'Its resources' : `Its ${resources} resources`} are deleted, with what is in queues
          and streams. Buckets stay with all that is in them, and so does the guard stack: both are listed afterwards,
          with their cost.
        </span>
      )}
    </TypedDialog>
  );
}

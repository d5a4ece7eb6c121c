/** What is chosen before a deployment is planned: its name, when it ends by itself, and what is left out. */
import { Box, Button, Checkbox, FormField, Input, Select, SpaceBetween } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { durationText } from '#drawing/quantities.ts';
import { Ask } from '#renderer/ui/Ask.tsx';
import type { DeploymentView } from '#schema/deployment-state.ts';
import { closeAwsDialog, type DeployForm, type Expiry, rememberForm } from './aws-dialogs.ts';
import { currentStackName, setStackName, useAws, useRegion } from './aws-store.ts';
import { accountWords } from './account-words.ts';
import { stackNameFault } from './stack-names.ts';
import { deploy } from './stack-control.ts';
import { expiryText, useNowMs } from './times.ts';

const HOURS = [1, 2, 4, 8, 24, 72, 168] as const;
const DEFAULT_HOURS = 8;

interface DeployDialogProps {
  /** What is filled in already. */
  readonly form: DeployForm;
}

export function DeployDialog({
  form: { allowLeftOut = false, acceptsDrift = false, expiry: filledIn },
}: DeployDialogProps): ReactNode {
  const [name, setName] = useState(currentStackName);
  const [chosen, setChosen] = useState(filledIn);
  const [isRest, setRest] = useState(allowLeftOut);
  const [isOver, setOver] = useState(acceptsDrift);
  const fault = stackNameFault(name);
  const deployment = useAws(({ overview }) => overview?.deployments.find(({ stackName }) => stackName === name.trim()));
  const isUpdate = deployment !== undefined;
  const byDefault = isUpdate ? 'asIs' : (`${DEFAULT_HOURS}` as const);
  // A new one has no expiry that could stay.
  const expiry = chosen === undefined || (chosen === 'asIs' && !isUpdate) ? byDefault : chosen;
  const begin = (): void => {
    if (fault !== undefined) return;
    setStackName(name.trim());
    closeAwsDialog();
    rememberForm({ expiry: chosen, allowLeftOut: isRest, acceptsDrift: isOver });
    void deploy({ expiresAt: expiresAt(expiry), allowLeftOut: isRest, acceptsDrift: isOver });
  };
  return (
    <Ask
      header={isUpdate ? 'Update the deployment' : 'Deploy to AWS'}
      size="medium"
      onDismiss={closeAwsDialog}
      actions={
        <>
          <Button onClick={closeAwsDialog}>Cancel</Button>
          <Button variant="primary" disabled={fault !== undefined} onClick={begin}>
            Show the plan
          </Button>
        </>
      }
    >
      <SpaceBetween size="m">
        <Where />
        <FormField label="Name of the stack" {...(fault === undefined ? {} : { errorText: fault })}>
          <Input
            value={name}
            onChange={({ detail }) => setName(detail.value)}
            onKeyDown={({ detail }) => {
              if (detail.key === 'Enter') begin();
            }}
          />
        </FormField>
        <ExpiryField expiry={expiry} deployment={deployment} onChange={setChosen} />
        <Checkbox
          checked={isRest}
          onChange={({ detail }) => setRest(detail.checked)}
          description="Otherwise nothing is deployed where a part of the design cannot be; each is named."
        >
          Deploy the rest where a part cannot be deployed
        </Checkbox>
        {(isUpdate || acceptsDrift) && (
          <Checkbox
            checked={isOver}
            onChange={({ detail }) => setOver(detail.checked)}
            description="Otherwise nothing is updated where somebody changed the deployment outside Caudal. AWS sets what this update changes; a setting that it leaves alone keeps the value given by hand."
          >
            Write over what was changed by hand
          </Checkbox>
        )}
        <Box color="text-body-secondary" fontSize="body-s">
          The plan comes next, with its cost. Nothing is made before you have read it and typed the name of the stack.
          What Drive may spend has a ceiling of its own, which is set there.
        </Box>
      </SpaceBetween>
    </Ask>
  );
}

function Where(): ReactNode {
  const account = useAws(({ overview }) => overview?.account);
  const region = useRegion();
  const endpoint = useAws(({ overview }) => overview?.endpoint ?? null);
  return (
    <span>
      In {account === undefined ? 'your account' : accountWords(account)}, {region}
      {endpoint === null ? '' : `, at ${endpoint} and not at AWS`}.
    </span>
  );
}

interface ExpiryFieldProps {
  readonly expiry: Expiry;
  /** What is there already under the name. */
  readonly deployment: DeploymentView | undefined;
  readonly onChange: (expiry: Expiry) => void;
}

function ExpiryField({ expiry, deployment, onChange }: ExpiryFieldProps): ReactNode {
  const nowMs = useNowMs();
  const options = [
    ...(deployment === undefined
      ? []
      : [{ value: 'asIs', label: `As it is: ${expiryText(deployment.expiresAt, nowMs)}` }]),
    ...HOURS.map((hours) => ({ value: String(hours), label: `After ${durationText(hours * 3600)}` })),
    { value: 'never', label: 'Never: it goes on costing until you destroy it' },
  ];
  return (
    <FormField
      label="Deletes itself"
      description="AWS does it, even if this machine is off then. Buckets stay with what is in them."
    >
      <Select
        selectedOption={options.find(({ value }) => value === expiry) ?? null}
        options={options}
        onChange={({ detail }) => onChange(detail.selectedOption.value as Expiry)}
      />
    </FormField>
  );
}

/** Undefined: as it is. */
function expiresAt(expiry: Expiry): string | null | undefined {
  if (expiry === 'asIs') return undefined;
  return expiry === 'never' ? null : new Date(Date.now() + Number(expiry) * 3_600_000).toISOString();
}

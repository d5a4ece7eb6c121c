/** The template as a file, or the CDK project that makes it, in the folder Caudal was started in. */
import { Alert, Button, Checkbox, FormField, Input, SpaceBetween, Tiles } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { setNotice, useApp } from '#renderer/state/app-store.ts';
import { codeOf } from '#renderer/state/host-client.ts';
import { Ask } from '#renderer/ui/Ask.tsx';
import { closeAwsDialog } from './aws-dialogs.ts';
import { currentStackName } from './aws-store.ts';
import { type ExportChoices, exportDeployment, failureText } from './stack-control.ts';

type Form = ExportChoices['form'];

const FORMS: readonly { readonly value: Form; readonly label: string; readonly description: string }[] = [
  { value: 'yaml', label: 'YAML', description: 'The CloudFormation template, for readers' },
  { value: 'json', label: 'JSON', description: 'The same template, for machines' },
  { value: 'project', label: 'CDK project', description: 'A TypeScript project whose cdk synth gives this template' },
];

export function ExportDialog(): ReactNode {
  const folder = useApp((state) => state.info?.folder ?? '');
  const [form, setForm] = useState<Form>('yaml');
  const [typed, setTyped] = useState<string>();
  const [isRest, setRest] = useState(false);
  const [isWorking, setWorking] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const path = typed ?? suggestedPath(form);
  const isThere = failure !== undefined && codeOf(failure) === 'file/exists';
  const write = async (overwrite: boolean): Promise<void> => {
    setWorking(true);
    const ended = await exportDeployment({ form, path: path.trim(), allowLeftOut: isRest, overwrite });
    setWorking(false);
    if ('error' in ended) return setFailure(ended.error);
    closeAwsDialog();
    setNotice(`${form === 'project' ? 'The project' : 'The template'} was written to ${ended.path}.`);
  };
  const change = (): void => setFailure(undefined);
  return (
    <Ask
      header="Export the template"
      size="medium"
      onDismiss={closeAwsDialog}
      actions={
        <>
          <Button onClick={closeAwsDialog}>Cancel</Button>
          <Button
            variant="primary"
            loading={isWorking}
            disabled={path.trim() === ''}
            onClick={() => void write(isThere)}
          >
            {isThere ? 'Replace the file' : 'Export'}
          </Button>
        </>
      }
    >
      <SpaceBetween size="m">
        <Tiles
          value={form}
          ariaLabel="Form"
          columns={3}
          items={FORMS.map((one) => ({ ...one }))}
          onChange={({ detail }) => {
            setForm(detail.value as Form);
            setTyped(undefined);
            change();
          }}
        />
        <FormField label={form === 'project' ? 'Folder' : 'File'} description={`Inside ${folder}`}>
          <Input
            value={path}
            onChange={({ detail }) => {
              setTyped(detail.value);
              change();
            }}
          />
        </FormField>
        <Checkbox checked={isRest} onChange={({ detail }) => setRest(detail.checked)}>
          Leave out parts that cannot be deployed
        </Checkbox>
        {failure !== undefined && (
          <Alert type={isThere ? 'warning' : 'error'}>
            {isThere ? `${path} exists already. Replace it, or choose another name.` : failureText(failure)}
          </Alert>
        )}
      </SpaceBetween>
    </Ask>
  );
}

function suggestedPath(form: Form): string {
  const name = currentStackName();
  return form === 'project' ? `${name}-cdk` : `${name}.${form}`;
}

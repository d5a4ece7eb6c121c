import { Button, FormField, Input, type InputProps, SpaceBetween } from '@cloudscape-design/components';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { saveRun, suggestedRunPath } from '#renderer/runs/saved-runs.ts';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { save, suggestedPath } from '#renderer/state/files.ts';
import type { FileKind } from '#schema/rpc.ts';
import { Ask } from './Ask.tsx';
import { fileFault, withEnding } from './file-names.ts';
import { Folder } from './Folder.tsx';

interface SaveDialogProps {
  readonly kind: FileKind;
  /** Of a run: the measured one, instead of the one that was simulated. */
  readonly isMeasured?: boolean;
}

/** Where the document, or the run, goes, inside the folder Caudal was started in. */
export function SaveDialog({ kind, isMeasured = false }: SaveDialogProps): ReactNode {
  const isRun = kind === 'run';
  const suggested = (isRun ? suggestedRunPath(isMeasured) : suggestedPath()).split('/');
  const [folder, setFolder] = useState(suggested.slice(0, -1).join('/'));
  const [name, setName] = useState(suggested.at(-1) ?? '');
  const [isSaving, setSaving] = useState(false);
  const field = useRef<InputProps.Ref>(null);
  useEffect(() => {
    // The dialog puts the focus on its own button first.
    const frame = requestAnimationFrame(() => field.current?.select());
    return () => cancelAnimationFrame(frame);
  }, []);
  const fault = fileFault(name, kind);
  const confirm = async (): Promise<void> => {
    if (fault !== undefined) return;
    setSaving(true);
    const path = [folder, withEnding(name, kind)].filter(Boolean).join('/');
    await (isRun ? saveRun(path, { isMeasured }) : save(path));
    setSaving(false);
  };
  return (
    <Ask
      header={isMeasured ? 'Save the measured run' : isRun ? 'Save the run' : 'Save as'}
      size="medium"
      onDismiss={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button variant="primary" loading={isSaving} disabled={fault !== undefined} onClick={() => void confirm()}>
            Save
          </Button>
        </>
      }
    >
      <SpaceBetween size="m">
        <FormField label="File name" {...(fault === undefined ? {} : { errorText: fault })}>
          <Input
            value={name}
            ref={field}
            onChange={({ detail }) => setName(detail.value)}
            onKeyDown={({ detail }) => {
              if (detail.key === 'Enter') void confirm();
            }}
          />
        </FormField>
        <Folder path={folder} kind={kind} onPath={setFolder} onChoose={(file) => setName(file.name)} />
      </SpaceBetween>
    </Ask>
  );
}

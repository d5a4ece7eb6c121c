import { Button, FormField, Input } from '@cloudscape-design/components';
import { type ReactNode, useMemo } from 'react';
import { durationText, shortText } from '#drawing/quantities.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import { isWorking, useDeployment, useIsReadOnlyPlace, useOperation } from './aws-store.ts';
import { type DriveField, driveFaults, driveInput, loadRecords } from './drive-form.ts';
import { progressFigures } from './drive-words.ts';
import { DriveReportView } from './DriveReportView.tsx';
import { drive } from './measure-control.ts';
import { changeDriveForm, useMeasure } from './measure-store.ts';
import { OperationNote } from './OperationNote.tsx';

/** Sends the load of the design to its stack, and says what came of it. */
export function DrivePage(): ReactNode {
  const driven = useMeasure((state) => state.driven);
  const isDriving = isWorking(useOperation('drive'));
  return (
    <div className="run-page aws-page">
      <OperationNote slot="drive" kinds={['drive']} />
      {isDriving ? <DriveFigures /> : <DriveForm />}
      {driven !== undefined && !isDriving && <DriveReportView driven={driven} />}
    </div>
  );
}

/** How far it is, while it goes on. */
function DriveFigures(): ReactNode {
  const progress = useMeasure((state) => state.progress);
  const arrived = useMeasure((state) => state.arrived);
  if (progress === undefined) return null;
  return (
    <dl className="drive-figures" aria-label="What was sent so far">
      {progressFigures(progress, arrived).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const FIELDS: readonly (readonly [DriveField, string, string])[] = [
  ['seconds', 'Load to send', 'simulated time'],
  ['fromSecond', 'Begins at', 'simulated time'],
  ['speed', 'Speed', '1: as simulated'],
  ['recordsPerSecondCap', 'Most a second', 'records, or empty'],
  ['totalCap', 'Most in all', 'records, or empty'],
  ['ceilingUsd', 'Ceiling', 'estimated USD'],
  ['waitSeconds', 'Wait at sinks', 'for what is missing'],
];

function DriveForm(): ReactNode {
  const cannot = useWhyNot();
  const form = useMeasure((state) => state.driveForm);
  const faults = driveFaults(form);
  const isOff = cannot !== undefined || Object.keys(faults).length > 0;
  return (
    <form
      className="measure-form"
      aria-label="Drive"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isOff) void drive();
      }}
    >
      {FIELDS.map(([field, label, hint]) => (
        <FormField
          key={field}
          label={label}
          constraintText={hint}
          {...(faults[field] === undefined ? {} : { errorText: faults[field] })}
        >
          <Input value={form[field]} onChange={({ detail }) => changeDriveForm({ [field]: detail.value })} />
        </FormField>
      ))}
      <div className="measure-form-end">
        <Button variant="primary" disabled={isOff} formAction="submit">
          Drive
        </Button>
        {cannot === undefined ? <Expected /> : <span className="measure-soft">{cannot}</span>}
      </div>
    </form>
  );
}

/** Why nothing can be sent now, and what to do; undefined where it can. */
function useWhyNot(): string | undefined {
  const isConnected = useApp((state) => state.connection === 'open');
  const isReadOnly = useIsReadOnlyPlace();
  const faults = useDocumentState((state) => state.faults.length);
  const loads = useDocument(({ workloads }) => workloads.length);
  const deployment = useDeployment();
  if (!isConnected) return 'Caudal is not connected.';
  if (isReadOnly) return 'Read only: switch it off at the account to send anything.';
  if (faults > 0) return 'The design has faults: mend them first.';
  if (loads === 0) return 'The design has no load: give a source a workload first.';
  if (deployment === undefined) return 'Nothing is deployed under this name: deploy the design first.';
  if (deployment.isChanging) return 'AWS is still changing the deployment: wait until it is done.';
  return undefined;
}

/** How much will be sent, about, and for how long. */
function Expected(): ReactNode {
  const document = useDocument((open) => open);
  const form = useMeasure((state) => state.driveForm);
  const words = useMemo(() => {
    const input = driveInput(form);
    if (input === undefined) return '';
    const load = loadRecords(document, input);
    const takes = durationText(Math.ceil(input.seconds / input.speed));
    if (load === undefined) return `Takes ${takes}.`;
    const sent = Math.min(Math.round(load), input.totalCap ?? Number.POSITIVE_INFINITY);
    return sent < load ? `At most ${shortText(sent)} records.` : `About ${shortText(sent)} records in ${takes}.`;
  }, [document, form]);
  return <span className="measure-soft">{words}</span>;
}

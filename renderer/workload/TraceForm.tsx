import { Alert, FileInput, SegmentedControl } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { readTraceCsv } from '#engine/workload/trace.ts';
import { setValue } from '#renderer/inspector/edits/set-value.ts';
import { FaultTexts } from '#renderer/inspector/Field.tsx';
import { SchemaForm } from '#renderer/inspector/SchemaForm.tsx';
import { textOfNumber } from '#renderer/inspector/quantity-input.ts';
import { edit, useDocumentState } from '#renderer/state/document-store.ts';
import { documentLimits } from '#schema/document.ts';
import type { Fault } from '#schema/errors.ts';
import { profileSchema, type TraceProfile, traceProfileSchema } from '#schema/workload.ts';

/** Longer lists are not shown as text: they come from a file. */
const MOST_SHOWN = 500;
const MOST_FAULTS = 8;

interface TraceFormProps {
  readonly profile: TraceProfile;
  readonly path: string;
  readonly of: string;
}

/** Counts that were recorded: in the design itself, read from a CSV file, or left in a file beside the document. */
export function TraceForm({ profile, path, of }: TraceFormProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const isInFile = profile.csv !== undefined;
  const count = profile.counts?.length ?? 0;
  const put = (next: TraceProfile): void => {
    edit(`change Arrivals of ${of}`, (document) => setValue(document, path, next));
  };
  return (
    <div className="form">
      <SegmentedControl
        label="Where the counts are"
        selectedId={isInFile ? 'file' : 'counts'}
        options={[
          { id: 'counts', text: 'In the design', disabled: isReadOnly },
          { id: 'file', text: 'In a file', disabled: isReadOnly },
        ]}
        onChange={({ detail }) => put(detail.selectedId === 'file' ? inFile(profile) : inDesign(profile))}
      />
      {!isInFile && <ReadFile profile={profile} onRead={put} />}
      {profile.csv !== undefined && (
        <SchemaForm schema={traceProfileSchema.shape.csv} values={profile.csv} path={`${path}.csv`} of={of} />
      )}
      {count > MOST_SHOWN && (
        <p className="inspector-note" data-path={`${path}.counts`}>
          {textOfNumber(count)} counts. They are too many to show here; read another file to replace them.
        </p>
      )}
      <SchemaForm
        schema={profileSchema}
        values={profile}
        path={path}
        of={of}
        except={isInFile || count > MOST_SHOWN ? ['counts', 'csv'] : ['csv']}
      />
    </div>
  );
}

function inFile({ counts: _, binSeconds: __, ...rest }: TraceProfile): TraceProfile {
  return { ...rest, csv: { path: 'trace.csv', gaps: 'refuse' } };
}

function inDesign({ csv: _, ...rest }: TraceProfile): TraceProfile {
  return { ...rest, binSeconds: rest.binSeconds ?? 60, counts: rest.counts ?? [100] };
}

interface ReadFileProps {
  readonly profile: TraceProfile;
  readonly onRead: (profile: TraceProfile) => void;
}

/** Takes the counts of a CSV file into the design; a file with faults changes nothing. */
function ReadFile({ profile, onRead }: ReadFileProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const [refused, setRefused] = useState<{ readonly name: string; readonly faults: readonly Fault[] }>();
  if (isReadOnly) return null;
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const faults = await readInto(file, profile, onRead);
    setRefused(faults.length === 0 ? undefined : { name: file.name, faults });
  };
  return (
    <>
      <FileInput
        value={[]}
        accept=".csv,text/csv,text/plain"
        ariaLabel="Read counts from a CSV file"
        onChange={({ detail }) => void read(detail.value[0])}
      >
        Read a CSV file
      </FileInput>
      <p className="inspector-note">First column: second or minute. Second column: records counted in it.</p>
      {refused !== undefined && (
        <Alert type="error" dismissible onDismiss={() => setRefused(undefined)} header={`${refused.name} was not read`}>
          <FaultTexts faults={refused.faults.slice(0, MOST_FAULTS).map(placed)} />
          {refused.faults.length > MOST_FAULTS && `and ${refused.faults.length - MOST_FAULTS} more`}
        </Alert>
      )}
    </>
  );
}

async function readInto(
  file: File,
  { csv: _, binSeconds: __, ...rest }: TraceProfile,
  onRead: (profile: TraceProfile) => void,
): Promise<readonly Fault[]> {
  if (file.size > documentLimits.bytes) {
    return [{ code: 'file/too-large', path: '', message: 'the file is too large', allowed: '50 MiB' }];
  }
  const { counts, binSeconds, faults } = readTraceCsv(await file.text(), { gaps: 'refuse' });
  if (faults.length === 0) onRead({ ...rest, binSeconds, counts: [...counts] });
  return faults;
}

function placed(fault: Fault): Fault {
  if (fault.position === undefined) return fault;
  return { ...fault, message: `line ${fault.position.line}: ${fault.message}` };
}

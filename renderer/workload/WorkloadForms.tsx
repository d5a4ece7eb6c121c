import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { IdControl, otherIds } from '#renderer/inspector/IdControl.tsx';
import { ChoiceControl, NumberControl } from '#renderer/inspector/Controls.tsx';
import { renameItem } from '#renderer/inspector/edits/rename.ts';
import { setValue } from '#renderer/inspector/edits/set-value.ts';
import { OwnFaults } from '#renderer/inspector/Field.tsx';
import { FormSection } from '#renderer/inspector/FormSection.tsx';
import { SchemaForm } from '#renderer/inspector/SchemaForm.tsx';
import { edit, useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import { defaultWorkload } from '#renderer/state/edits/add-node.ts';
import { fieldMeta } from '#schema/field.ts';
import {
  type PartitionKey,
  partitionKeySchema,
  type ProfileKind,
  profileSchema,
  type RecordSize,
  recordSizeSchema,
  type Workload,
  workloadSchema,
} from '#schema/workload.ts';
import {
  keyOfKind,
  keyWords,
  profileDescriptions,
  profileOfKind,
  profileWords,
  sizeOfKind,
  sizeWords,
} from './other-kinds.ts';
import { DayWeights } from './DayWeights.tsx';
import { ProfileChart } from './ProfileChart.tsx';
import { TraceForm } from './TraceForm.tsx';

/** The loads of a node: when records come, how large they are, which keys they carry. */
export function WorkloadForms({ node }: { readonly node: string }): ReactNode {
  const workloads = useDocument((document) => document.workloads);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const own = workloads.filter((workload) => workload.node === node);
  const add = (): void => {
    edit(`add a load to ${node}`, (document) => ({
      ...document,
      workloads: [...document.workloads, defaultWorkload(document, node)],
    }));
  };
  return (
    <>
      {own.map((workload) => (
        <FormSection key={workload.id} title={own.length === 1 ? 'Load' : `Load ${workload.id}`}>
          <WorkloadForm workload={workload} taken={otherIds(workloads, workload.id)} />
        </FormSection>
      ))}
      <div className="form-add">
        <Button iconName="add-plus" disabled={isReadOnly} onClick={add}>
          {own.length === 0 ? 'Add a load' : 'Add another load'}
        </Button>
      </div>
    </>
  );
}

interface WorkloadFormProps {
  readonly workload: Workload;
  readonly taken: ReadonlySet<string>;
}

function WorkloadForm({ workload, taken }: WorkloadFormProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const path = `workloads.${workload.id}`;
  const of = `load ${workload.id}`;
  return (
    <div className="form">
      <OwnFaults paths={[path, `${path}.node`]} />
      <ProfileChart profile={workload.arrivals} />
      <Arrivals workload={workload} path={path} of={of} />
      <Size size={workload.recordSize} path={`${path}.recordSize`} of={of} />
      <Key partitionKey={workload.partitionKey} path={`${path}.partitionKey`} of={of} />
      <NumberControl
        path={`${path}.producers`}
        label="Producers"
        meta={fieldMeta(workloadSchema.shape.producers)}
        range="1 to 1,000,000"
        byDefault={1}
        isOptional
        value={workload.producers}
        onChange={(producers) =>
          edit(`change Producers of ${of}`, (document) => setValue(document, `${path}.producers`, producers ?? 1))
        }
      />
      <IdControl
        id={workload.id}
        path={path}
        label="Name of the load"
        caption="Names its random draws: give it the same name in designs that you compare."
        taken={taken}
        rename={(document, to) => renameItem(document, 'workloads', workload.id, to)}
      />
      <Button
        iconName="remove"
        disabled={isReadOnly}
        onClick={() =>
          edit(`remove ${of}`, (document) => ({
            ...document,
            workloads: document.workloads.filter(({ id }) => id !== workload.id),
          }))
        }
      >
        Remove this load
      </Button>
    </div>
  );
}

interface ArrivalsProps {
  readonly workload: Workload;
  readonly path: string;
  readonly of: string;
}

function Arrivals({ workload: { arrivals }, path: owner, of }: ArrivalsProps): ReactNode {
  const path = `${owner}.arrivals`;
  return (
    <>
      <ChoiceControl
        path={path}
        label="Arrivals"
        isOuter
        meta={fieldMeta(workloadSchema.shape.arrivals)}
        value={arrivals.kind}
        choices={(Object.keys(profileWords) as ProfileKind[]).map((kind) => ({
          value: kind,
          label: profileWords[kind],
          description: profileDescriptions[kind],
        }))}
        onChange={(kind) =>
          edit(`change Arrivals of ${of}`, (document) =>
            setValue(document, path, profileOfKind(kind as ProfileKind, arrivals, document.account, document.run)),
          )
        }
      />
      <div className="form form-variant">
        {arrivals.kind === 'weekly' && <DayWeights weights={arrivals.dayWeights} path={`${path}.dayWeights`} of={of} />}
        {arrivals.kind === 'trace' ? (
          <TraceForm profile={arrivals} path={path} of={of} />
        ) : (
          <SchemaForm schema={profileSchema} values={arrivals} path={path} of={of} except={['dayWeights']} />
        )}
      </div>
    </>
  );
}

interface SizeProps {
  readonly size: RecordSize;
  readonly path: string;
  readonly of: string;
}

function Size({ size, path, of }: SizeProps): ReactNode {
  return (
    <>
      <ChoiceControl
        path={path}
        label="Record size"
        isOuter
        meta={fieldMeta(workloadSchema.shape.recordSize)}
        value={size.kind}
        choices={Object.entries(sizeWords).map(([value, label]) => ({ value, label }))}
        onChange={(kind) =>
          edit(`change Record size of ${of}`, (document) =>
            setValue(document, path, sizeOfKind(kind as RecordSize['kind'], size)),
          )
        }
      />
      <div className="form-variant">
        <SchemaForm schema={recordSizeSchema} values={size} path={path} of={of} />
      </div>
    </>
  );
}

interface KeyProps {
  readonly partitionKey: PartitionKey;
  readonly path: string;
  readonly of: string;
}

function Key({ partitionKey, path, of }: KeyProps): ReactNode {
  return (
    <>
      <ChoiceControl
        path={path}
        label="Partition key"
        isOuter
        meta={fieldMeta(workloadSchema.shape.partitionKey)}
        value={partitionKey.kind}
        choices={Object.entries(keyWords).map(([value, label]) => ({ value, label }))}
        onChange={(kind) =>
          edit(`change Partition key of ${of}`, (document) =>
            setValue(document, path, keyOfKind(kind as PartitionKey['kind'], partitionKey)),
          )
        }
      />
      {partitionKey.kind !== 'single' && (
        <div className="form-variant">
          <SchemaForm schema={partitionKeySchema} values={partitionKey} path={path} of={of} />
        </div>
      )}
    </>
  );
}

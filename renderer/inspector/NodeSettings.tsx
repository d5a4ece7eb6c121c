import type { ReactNode } from 'react';
import type { ComponentSpec } from '#schema/component.ts';
import type { CaudalDocument, DocumentNode } from '#schema/document.ts';
import { emitSchema } from '#schema/emit.ts';
import { workloadSchema } from '#schema/workload.ts';
import { FieldList } from './FieldList.tsx';
import { alternativeOf } from './fields.ts';

interface NodeSettingsProps {
  readonly node: DocumentNode;
  readonly spec: ComponentSpec;
  readonly document: CaudalDocument;
}

export function NodeSettings({ node, spec, document }: NodeSettingsProps): ReactNode {
  const workloads = document.workloads.filter((workload) => workload.node === node.id);
  return (
    <div className="inspector-body">
      {workloads.map((workload) => (
        <Workload key={workload.id} workload={workload} />
      ))}
      <FieldList title="Settings" schema={spec.declaration.config} values={node.config} />
      {node.outputs.map(({ id, emit }) => (
        <FieldList key={id} title={`Output ${id}`} schema={emitSchema} values={emit} />
      ))}
    </div>
  );
}

const PARTS = [
  ['arrivals', 'arrivals'],
  ['recordSize', 'record size'],
  ['partitionKey', 'partition key'],
] as const;

function Workload({ workload }: { readonly workload: CaudalDocument['workloads'][number] }): ReactNode {
  return PARTS.map(([name, words]) => {
    const part = workload[name];
    const schema = alternativeOf(workloadSchema.shape[name], part);
    if (schema === undefined) return null;
    return <FieldList key={name} title={`Load ${workload.id}: ${words}, ${part.kind}`} schema={schema} values={part} />;
  });
}

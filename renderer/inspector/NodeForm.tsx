import type { ReactNode } from 'react';
import { FaultForms } from '#renderer/workload/FaultForms.tsx';
import { ObjectiveForms } from '#renderer/workload/ObjectiveForms.tsx';
import { WorkloadForms } from '#renderer/workload/WorkloadForms.tsx';
import { select } from '#renderer/state/app-store.ts';
import { edit, useDocument } from '#renderer/state/document-store.ts';
import type { ComponentSpec } from '#schema/component.ts';
import type { DocumentNode } from '#schema/document.ts';
import { TextControl } from './Controls.tsx';
import { renameNode } from './edits/rename.ts';
import { setValue } from './edits/set-value.ts';
import { OwnFaults } from './Field.tsx';
import { FormSection } from './FormSection.tsx';
import { IdControl } from './IdControl.tsx';
import { Outputs } from './Outputs.tsx';
import { SchemaForm } from './SchemaForm.tsx';

interface NodeFormProps {
  readonly node: DocumentNode;
  readonly spec: ComponentSpec;
}

/** Everything about a node that can be changed. */
export function NodeForm({ node, spec }: NodeFormProps): ReactNode {
  const nodes = useDocument((document) => document.nodes);
  const edges = useDocument((document) => document.edges);
  const path = `nodes.${node.id}`;
  const taken = new Set([...nodes, ...edges].map(({ id }) => id).filter((id) => id !== node.id));
  const hasLoad = spec.declaration.ports.some((port) => port.load === true);
  const name = node.label === '' ? node.id : node.label;
  return (
    <div className="inspector-body">
      <OwnFaults paths={[path, `${path}.type`, `${path}.position`]} />
      {hasLoad && <WorkloadForms node={node.id} />}
      <FormSection title="Settings">
        <SchemaForm schema={spec.declaration.config} values={node.config} path={`${path}.config`} of={name} />
      </FormSection>
      <Outputs node={node} spec={spec} />
      <FormSection title="Name">
        <div className="form">
          <TextControl
            path={`${path}.label`}
            label="Label"
            value={node.label}
            placeholder={node.id}
            caption="As the card shows it."
            onChange={(label) => edit(`label ${name}`, (document) => setValue(document, `${path}.label`, label ?? ''))}
          />
          <IdControl
            id={node.id}
            path={path}
            caption="As paths and the command line name it. Links, loads and faults follow."
            taken={taken}
            rename={(document, to) => renameNode(document, node.id, to)}
            onRenamed={(id) => select({ kind: 'node', id })}
          />
        </div>
      </FormSection>
      <FaultForms node={node.id} />
      <ObjectiveForms node={node.id} />
    </div>
  );
}

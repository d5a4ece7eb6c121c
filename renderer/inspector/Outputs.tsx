import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { emittingPorts, portOfOutput } from '#analysis/catalog.ts';
import { placeName } from '#renderer/runs/place-name.ts';
import { edit, useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import type { ComponentSpec, Port } from '#schema/component.ts';
import type { CaudalDocument, DocumentNode } from '#schema/document.ts';
import { emitSchema } from '#schema/emit.ts';
import { ChoiceControl } from './Controls.tsx';
import { addOutput, removeOutput, takenOutputs } from './edits/outputs.ts';
import { renameOutput } from './edits/rename.ts';
import { setValue } from './edits/set-value.ts';
import { OwnFaults } from './Field.tsx';
import { FoldedItem, FormSection } from './FormSection.tsx';
import { IdControl } from './IdControl.tsx';
import { SchemaForm } from './SchemaForm.tsx';

interface OutputsProps {
  readonly node: DocumentNode;
  readonly spec: ComponentSpec;
}

/** What the node sends on: the outputs that the user has named, each with how it sends. */
export function Outputs({ node, spec }: OutputsProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const nodes = useDocument((document) => document.nodes);
  const edges = useDocument((document) => document.edges);
  const { ports } = spec.declaration;
  const emitting = emittingPorts(ports);
  if (emitting.length === 0) return null;
  return (
    <FormSection title="Outputs">
      {node.outputs.map((output) => (
        <FoldedItem
          key={output.id}
          title={output.id}
          description={targetsOf({ nodes, edges }, node.id, output.id)}
          path={`nodes.${node.id}.outputs.${output.id}`}
        >
          <OutputForm node={node} output={output} ports={ports} />
        </FoldedItem>
      ))}
      {emitting.map((port) => (
        <Button
          key={port.id}
          iconName="add-plus"
          disabled={isReadOnly}
          onClick={() => edit(`add an output to ${node.id}`, (before) => addOutput(before, node.id, port.id, ports))}
        >
          {emitting.length === 1 ? 'Add an output' : `Add an output to ${port.label}`}
        </Button>
      ))}
    </FormSection>
  );
}

function targetsOf(document: Pick<CaudalDocument, 'nodes' | 'edges'>, node: string, output: string): string {
  const leaving = document.edges.filter((edge) => edge.source === node && edge.output === output);
  const targets = leaving.map(({ target }) => placeName(document, target));
  return targets.length === 0 ? 'not linked: its records end here' : `to ${targets.join(', ')}`;
}

interface OutputFormProps {
  readonly node: DocumentNode;
  readonly output: DocumentNode['outputs'][number];
  readonly ports: readonly Port[];
}

function OutputForm({ node, output, ports }: OutputFormProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const path = `nodes.${node.id}.outputs.${output.id}`;
  const emitting = emittingPorts(ports);
  const taken = takenOutputs({ ...node, outputs: node.outputs.filter(({ id }) => id !== output.id) }, ports);
  return (
    <div className="form">
      <OwnFaults paths={[path]} />
      <IdControl
        id={output.id}
        path={path}
        label="Output name"
        caption="Links that leave here follow."
        taken={taken}
        rename={(document, to) => renameOutput(document, node.id, output.id, to)}
      />
      {emitting.length > 1 && (
        <ChoiceControl
          path={`${path}.port`}
          label="Port"
          value={portOfOutput(ports, output)?.id}
          choices={emitting.map(({ id, label }) => ({ value: id, label }))}
          onChange={(port) =>
            edit(`change the port of output ${output.id}`, (document) => setValue(document, `${path}.port`, port))
          }
        />
      )}
      <SchemaForm schema={emitSchema} values={output.emit} path={`${path}.emit`} of={`output ${output.id}`} />
      <Button
        iconName="remove"
        disabled={isReadOnly}
        onClick={() => edit(`remove output ${output.id}`, (document) => removeOutput(document, node.id, output.id))}
      >
        Remove the output and its links
      </Button>
    </div>
  );
}

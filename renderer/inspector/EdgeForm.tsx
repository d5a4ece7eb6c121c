import type { ReactNode } from 'react';
import { connectionOfEdge, nodesById } from '#analysis/catalog.ts';
import * as catalog from '#catalog/specs.ts';
import { select } from '#renderer/state/app-store.ts';
import { placeName } from '#renderer/runs/place-name.ts';
import { edit } from '#renderer/state/document-store.ts';
import type { CaudalDocument, DocumentEdge } from '#schema/document.ts';
import { emitSchema } from '#schema/emit.ts';
import { ChoiceControl } from './Controls.tsx';
import { renameItem } from './edits/rename.ts';
import { arrivals, departures, reroute, type Way } from './edits/routing.ts';
import { OwnFaults } from './Field.tsx';
import { FoldedItem, FormSection } from './FormSection.tsx';
import { IdControl } from './IdControl.tsx';
import { SchemaForm } from './SchemaForm.tsx';

interface EdgeFormProps {
  readonly edge: DocumentEdge;
  readonly document: CaudalDocument;
}

/** A link: the settings of its connection, the way it goes, and how the output behind it sends. */
export function EdgeForm({ edge, document }: EdgeFormProps): ReactNode {
  const spec = connectionOfEdge(catalog, nodesById(document), edge);
  const source = document.nodes.find(({ id }) => id === edge.source);
  const output = source?.outputs.find(({ id }) => id === edge.output);
  const path = `edges.${edge.id}`;
  return (
    <div className="inspector-body">
      <OwnFaults paths={[path, `${path}.source`, `${path}.target`, `${path}.kind`]} />
      {spec !== undefined && (
        <FormSection title={spec.declaration.title}>
          <SchemaForm schema={spec.declaration.config} values={edge.config} path={`${path}.config`} of={edge.id} />
        </FormSection>
      )}
      <FormSection title="Route">
        <Route edge={edge} document={document} />
      </FormSection>
      {output !== undefined && source !== undefined && (
        <FormSection title="Sending">
          <FoldedItem
            title={`Output ${output.id}`}
            description={`of ${source.label === '' ? source.id : source.label}`}
            path={`nodes.${source.id}.outputs.${output.id}`}
            isOpen={spec === undefined}
          >
            <SchemaForm
              schema={emitSchema}
              values={output.emit}
              path={`nodes.${source.id}.outputs.${output.id}.emit`}
              of={`output ${output.id}`}
            />
          </FoldedItem>
        </FormSection>
      )}
    </div>
  );
}

function Route({ edge, document }: EdgeFormProps): ReactNode {
  const path = `edges.${edge.id}`;
  const taken = new Set([...document.nodes, ...document.edges].map(({ id }) => id).filter((id) => id !== edge.id));
  return (
    <div className="form">
      <ChoiceControl
        path={`${path}.output`}
        label={`Leaves ${placeName(document, edge.source)} by`}
        value={edge.output}
        choices={choicesOf(departures(catalog, document, edge))}
        onChange={(output) =>
          edit(`reroute ${edge.id}`, (before) => reroute(catalog, before, edge.id, { output: String(output) }))
        }
      />
      <ChoiceControl
        path={`${path}.port`}
        label={`Arrives at ${placeName(document, edge.target)} as`}
        value={edge.port}
        choices={choicesOf(arrivals(catalog, document, edge))}
        onChange={(port) =>
          edit(`reroute ${edge.id}`, (before) => reroute(catalog, before, edge.id, { port: String(port) }))
        }
      />
      <IdControl
        id={edge.id}
        path={path}
        taken={taken}
        rename={(before, to) => renameItem(before, 'edges', edge.id, to)}
        onRenamed={(id) => select({ kind: 'edge', id })}
      />
    </div>
  );
}

function choicesOf(ways: readonly Way[]): { value: string; label: string; description: string; refusal?: string }[] {
  return ways.map(({ id, label, description, refusal }) => ({
    value: id,
    label,
    description,
    ...(refusal === undefined ? {} : { refusal }),
  }));
}

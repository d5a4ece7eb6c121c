import { Button, ButtonDropdown } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { faultWords } from '#drawing/node-badges.ts';
import { clockText, durationText } from '#drawing/quantities.ts';
import { placeName } from '#renderer/runs/place-name.ts';
import { faultTitles, kindsFor, withFault, withoutFault } from '#renderer/charts/fault-edits.ts';
import { ChoiceControl } from '#renderer/inspector/Controls.tsx';
import { renameItem } from '#renderer/inspector/edits/rename.ts';
import { setValue } from '#renderer/inspector/edits/set-value.ts';
import { OwnFaults } from '#renderer/inspector/Field.tsx';
import { FoldedItem, FormSection, ItemList } from '#renderer/inspector/FormSection.tsx';
import { IdControl, otherIds } from '#renderer/inspector/IdControl.tsx';
import { SchemaForm } from '#renderer/inspector/SchemaForm.tsx';
import { currentPlayhead } from '#renderer/runs/playhead.ts';
import { edit, useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import { type FaultKind, faultSchema, type FaultSpec } from '#schema/faults.ts';
import { nodeChoices } from './node-choices.ts';
import { faultOfKind } from './other-faults.ts';

/** What breaks, when, and how badly: at one node, or anywhere. */
export function FaultForms({ node }: { readonly node?: string }): ReactNode {
  const faults = useDocument((document) => document.faults);
  const startsAt = useDocument(({ account }) => account.startsAt);
  const nodes = useDocument((document) => document.nodes);
  const shown = node === undefined ? faults : faults.filter((fault) => fault.node === node);
  return (
    <FormSection title="Faults">
      <ItemList
        items={shown}
        words="faults"
        draw={(fault) => (
          <FoldedItem
            key={fault.id}
            title={
              capital(faultWords[fault.kind]) +
              (node === undefined ? ` at ${placeName({ nodes, edges: [] }, fault.node)}` : '')
            }
            description={`${clockText(startsAt, fault.startSeconds)}, for ${durationText(fault.durationSeconds)}`}
            path={`faults.${fault.id}`}
          >
            <FaultForm fault={fault} taken={otherIds(faults, fault.id)} />
          </FoldedItem>
        )}
      />
      <AddFault node={node} />
    </FormSection>
  );
}

function AddFault({ node }: { readonly node: string | undefined }): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const workloads = useDocument((document) => document.workloads);
  const first = useDocument(({ nodes }) => nodes[0]?.id);
  const target = node ?? first;
  if (target === undefined) return <p className="inspector-note">Faults hit nodes, and there is none yet.</p>;
  return (
    <ButtonDropdown
      disabled={isReadOnly}
      expandToViewport
      items={kindsFor({ workloads }, target).map((kind) => ({ id: kind, text: faultTitles[kind] }))}
      onItemClick={({ detail }) =>
        edit(`add a fault to ${target}`, (document) =>
          withFault(document, detail.id as FaultKind, target, currentPlayhead()),
        )
      }
    >
      Add a fault
    </ButtonDropdown>
  );
}

interface FaultFormProps {
  readonly fault: FaultSpec;
  readonly taken: ReadonlySet<string>;
}

function FaultForm({ fault, taken }: FaultFormProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const nodes = useDocument((document) => document.nodes);
  const workloads = useDocument((document) => document.workloads);
  const path = `faults.${fault.id}`;
  const of = `fault ${fault.id}`;
  return (
    <div className="form">
      <OwnFaults paths={[path]} />
      <ChoiceControl
        path={`${path}.kind`}
        label="What happens"
        value={fault.kind}
        choices={kindsFor({ workloads }, fault.node).map((kind) => ({ value: kind, label: capital(faultWords[kind]) }))}
        onChange={(kind) =>
          edit(`change the kind of ${of}`, (document) =>
            setValue(document, path, faultOfKind(document, fault, kind as FaultKind)),
          )
        }
      />
      <ChoiceControl
        path={`${path}.node`}
        label="Node"
        value={fault.node}
        choices={nodeChoices(nodes)}
        onChange={(to) => edit(`move ${of}`, (document) => setValue(document, `${path}.node`, to))}
      />
      <SchemaForm schema={faultSchema} values={fault} path={path} of={of} except={['id', 'node']} />
      <IdControl
        id={fault.id}
        path={path}
        taken={taken}
        rename={(document, to) => renameItem(document, 'faults', fault.id, to)}
      />
      <Button
        iconName="remove"
        disabled={isReadOnly}
        onClick={() => edit(`remove ${of}`, (document) => withoutFault(document, fault.id))}
      >
        Remove this fault
      </Button>
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { Button, ButtonDropdown } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import * as catalog from '#catalog/specs.ts';
import { secondsText, shareText, usdText } from '#drawing/quantities.ts';
import { placeName } from '#renderer/runs/place-name.ts';
import { ChoiceControl, NumberControl } from '#renderer/inspector/Controls.tsx';
import { renameItem } from '#renderer/inspector/edits/rename.ts';
import { setValue } from '#renderer/inspector/edits/set-value.ts';
import { OwnFaults } from '#renderer/inspector/Field.tsx';
import { FoldedItem, FormSection, ItemList } from '#renderer/inspector/FormSection.tsx';
import { IdControl, otherIds } from '#renderer/inspector/IdControl.tsx';
import { SchemaForm } from '#renderer/inspector/SchemaForm.tsx';
import { textOfNumber } from '#renderer/inspector/quantity-input.ts';
import { edit, useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import type { DocumentNode } from '#schema/document.ts';
import { type Objective, objectiveSchema } from '#schema/objectives.ts';
import { nodeChoices } from './node-choices.ts';
import {
  addObjective,
  metricsOf,
  nodeOf,
  type ObjectiveKind,
  objectiveKinds,
  objectiveOfKind,
  objectiveWords,
} from './other-objectives.ts';

/** What the design must reach: at one node, or all of it. */
export function ObjectiveForms({ node }: { readonly node?: string }): ReactNode {
  const objectives = useDocument((document) => document.objectives);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const nodes = useDocument((document) => document.nodes);
  const shown = node === undefined ? objectives : objectives.filter((objective) => nodeOf(objective) === node);
  const kinds = objectiveKinds.filter((kind) => node === undefined || kind === 'latency' || kind === 'metric');
  return (
    <FormSection title="Objectives">
      <ItemList
        items={shown}
        words="objectives"
        draw={(objective) => (
          <FoldedItem
            key={objective.id}
            title={objective.label === '' ? objectiveWords[objective.kind] : objective.label}
            description={targetText(nodes, objective)}
            path={`objectives.${objective.id}`}
          >
            <ObjectiveForm objective={objective} taken={otherIds(objectives, objective.id)} nodes={nodes} />
          </FoldedItem>
        )}
      />
      <ButtonDropdown
        disabled={isReadOnly}
        expandToViewport
        items={kinds.map((kind) => ({
          id: kind,
          text: objectiveWords[kind],
          disabled: nodes.length === 0 && (kind === 'latency' || kind === 'metric'),
        }))}
        onItemClick={({ detail }) =>
          edit('add an objective', (document) =>
            addObjective(
              document,
              detail.id as ObjectiveKind,
              node,
              firstMetric(document.nodes, node ?? document.nodes.at(-1)?.id),
            ),
          )
        }
      >
        Add an objective
      </ButtonDropdown>
    </FormSection>
  );
}

function targetText(nodes: readonly DocumentNode[], objective: Objective): string {
  const name = (id: string): string => placeName({ nodes, edges: [] }, id);
  switch (objective.kind) {
    case 'latency':
      return `p${textOfNumber(objective.quantile * 100)} at ${name(objective.node)}: at most ${secondsText(objective.maxSeconds)}`;
    case 'loss':
      return `at most ${shareText(objective.maxRatio)} lost`;
    case 'duplicates':
      return `at most ${shareText(objective.maxRatio)} duplicates at ${objective.node === undefined ? 'any node' : name(objective.node)}`;
    case 'metric':
      return `${objective.metric} of ${name(objective.node)}: at most ${textOfNumber(objective.max)}`;
    case 'monthlyCost':
      return `at most ${usdText(objective.maxUsd)} a month`;
  }
}

function metricsAt(nodes: readonly DocumentNode[], id: string | undefined) {
  const node = nodes.find((candidate) => candidate.id === id);
  return metricsOf(catalog.components.get(node?.type ?? ''), node);
}

function firstMetric(nodes: readonly DocumentNode[], id: string | undefined): string {
  return metricsAt(nodes, id)[0]?.name ?? '';
}

interface ObjectiveFormProps {
  readonly objective: Objective;
  readonly taken: ReadonlySet<string>;
  readonly nodes: readonly DocumentNode[];
}

function ObjectiveForm({ objective, taken, nodes }: ObjectiveFormProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const path = `objectives.${objective.id}`;
  const of = `objective ${objective.id}`;
  const change = (what: string, field: string, value: unknown): void => {
    edit(`change ${what} of ${of}`, (document) => setValue(document, `${path}.${field}`, value));
  };
  return (
    <div className="form">
      <OwnFaults paths={[path]} />
      <ChoiceControl
        path={`${path}.kind`}
        label="What is promised"
        value={objective.kind}
        choices={objectiveKinds.map((kind) => ({ value: kind, label: objectiveWords[kind] }))}
        onChange={(kind) =>
          edit(`change the kind of ${of}`, (document) => {
            const node = nodeOf(objective) ?? document.nodes.at(-1)?.id ?? '';
            if (kind === objective.kind) return document;
            return setValue(
              document,
              path,
              objectiveOfKind(kind as ObjectiveKind, objective, node, firstMetric(document.nodes, node)),
            );
          })
        }
      />
      {'node' in objective || objective.kind === 'duplicates' ? (
        <ChoiceControl
          path={`${path}.node`}
          label="Node"
          value={nodeOf(objective)}
          isOptional={objective.kind === 'duplicates'}
          placeholder="Any node"
          choices={nodeChoices(nodes)}
          onChange={(node) => change('the node', 'node', node)}
        />
      ) : null}
      {objective.kind === 'metric' && <MetricFields objective={objective} path={path} nodes={nodes} change={change} />}
      <SchemaForm
        schema={objectiveSchema}
        values={objective}
        path={path}
        of={of}
        except={['id', 'node', 'metric', 'max']}
      />
      <IdControl
        id={objective.id}
        path={path}
        taken={taken}
        rename={(document, to) => renameItem(document, 'objectives', objective.id, to)}
      />
      <Button
        iconName="remove"
        disabled={isReadOnly}
        onClick={() =>
          edit(`remove ${of}`, (document) => ({
            ...document,
            objectives: document.objectives.filter(({ id }) => id !== objective.id),
          }))
        }
      >
        Remove this objective
      </Button>
    </div>
  );
}

interface MetricFieldsProps {
  readonly objective: Extract<Objective, { kind: 'metric' }>;
  readonly path: string;
  readonly nodes: readonly DocumentNode[];
  readonly change: (what: string, field: string, value: unknown) => void;
}

/** The target is in the unit of the metric. */
function MetricFields({ objective, path, nodes, change }: MetricFieldsProps): ReactNode {
  const metrics = metricsAt(nodes, objective.node);
  const unit = metrics.find(({ name }) => name === objective.metric)?.unit ?? '';
  return (
    <>
      <ChoiceControl
        path={`${path}.metric`}
        label="Metric"
        value={objective.metric}
        choices={metrics.map(({ name, unit: own }) => ({ value: name, label: name, description: own }))}
        onChange={(metric) => change('the metric', 'metric', metric)}
      />
      <NumberControl
        path={`${path}.max`}
        label="At most"
        meta={{ label: 'At most', unit, help: 'Largest value of the metric at any time.', kind: 'choice', affects: [] }}
        value={objective.max}
        onChange={(max) => change('the target', 'max', max)}
      />
    </>
  );
}

/** Left of the charts: which metrics are drawn, and placing a fault at the playhead. */
import { Button, ButtonDropdown, type ButtonDropdownProps, Multiselect, Popover } from '@cloudscape-design/components';
import { type ReactNode, useMemo } from 'react';
import { choiceName } from '#drawing/chart-choice.ts';
import { placeName } from '#renderer/runs/place-name.ts';
import { currentPlayhead } from '#renderer/runs/playhead.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { edit, useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import { allChoices, chooseCharts, choosableNodes, useCharted, useChartChoices } from './chart-choices.ts';
import { faultKinds, faultTitles, kindsFor, withFault } from './fault-edits.ts';

export function TimelineTools(): ReactNode {
  return (
    <div className="timeline-tools">
      <AddFault />
      <Popover
        triggerType="custom"
        position="right"
        size="large"
        header="Metrics on the timeline"
        content={<ChooseCharts />}
      >
        <Button variant="icon" iconName="settings" ariaLabel="Choose the metrics on the timeline" />
      </Popover>
    </div>
  );
}

const MOST_NODES = 40;

function AddFault(): ReactNode {
  const document = useDocument((open) => open);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const selected = useApp(({ selection }) => (selection?.kind === 'node' ? selection.id : undefined));
  const own = document.nodes.filter(({ id }) => id === selected);
  const nodes = own.length > 0 ? own : document.nodes.slice(0, MOST_NODES);
  const items: ButtonDropdownProps.Items = nodes.map(({ id, label }) => ({
    id,
    text: label === '' ? id : label,
    items: kindsFor(document, id).map((kind) => ({ id: `${id} ${kind}`, text: faultTitles[kind] })),
  }));
  return (
    <ButtonDropdown
      variant="icon"
      iconName="add-plus"
      ariaLabel="Place a fault at this moment"
      items={items}
      expandableGroups={own.length === 0}
      expandToViewport
      disabled={isReadOnly || document.nodes.length === 0}
      onItemClick={({ detail }) => {
        const [node = '', name] = detail.id.split(' ');
        const kind = faultKinds.find((known) => known === name);
        if (kind === undefined) return;
        edit(`place a fault at ${placeName(document, node)}`, (open) => withFault(open, kind, node, currentPlayhead()));
      }}
    />
  );
}

function ChooseCharts(): ReactNode {
  const results = useCharted();
  const { chosen } = useChartChoices();
  const names = useMemo(() => allChoices(choosableNodes(results)).map(choiceName), [results]);
  return (
    <Multiselect
      selectedOptions={(chosen ?? []).map((value) => ({ value, label: value }))}
      options={names.map((value) => ({ value, label: value }))}
      filteringType="auto"
      placeholder="Suggested: throughput and what is in trouble"
      empty="Run the design first: metrics that stay at zero are not offered."
      selectedAriaLabel="Chosen"
      deselectAriaLabel={({ label }) => `Leave out ${label}`}
      tokenLimit={4}
      expandToViewport
      onChange={({ detail }) => {
        const next = detail.selectedOptions.flatMap(({ value }) => (value === undefined ? [] : [value]));
        chooseCharts(next.length === 0 ? undefined : next);
      }}
    />
  );
}

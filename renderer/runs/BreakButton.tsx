/** The menu of what can be broken at the playhead. */
import { ButtonDropdown, type ButtonDropdownProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { faultKinds, faultTitles, kindsFor } from '#renderer/charts/fault-edits.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { breakAtPlayhead } from './break-node.ts';
import { placeName } from './place-name.ts';

/** Nodes that are listed where none is selected. */
const MOST_NODES = 40;

export function BreakButton(): ReactNode {
  const selection = useApp((state) => state.selection);
  const document = useDocument((open) => open);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const chosen = selection?.kind === 'node' ? document.nodes.find(({ id }) => id === selection.id) : undefined;
  const items: ButtonDropdownProps.Items =
    chosen === undefined
      ? document.nodes
          .slice(0, MOST_NODES)
          .map((node) => ({ id: node.id, text: placeName(document, node.id), items: kindItems(document, node.id) }))
      : [{ text: placeName(document, chosen.id), items: kindItems(document, chosen.id) }];
  return (
    <ButtonDropdown
      ariaLabel="Break something now"
      items={items}
      expandableGroups={chosen === undefined}
      expandToViewport
      disabled={isReadOnly || document.nodes.length === 0}
      onItemClick={({ detail }) => take(detail.id)}
    >
      Break
    </ButtonDropdown>
  );
}

function kindItems(document: CaudalDocument, node: string): ButtonDropdownProps.Item[] {
  return kindsFor(document, node).map((kind) => ({ id: `${node} ${kind}`, text: faultTitles[kind] }));
}

/** `choice`: node and kind of fault. */
function take(choice: string): void {
  const [node = '', name] = choice.split(' ');
  const kind = faultKinds.find((known) => known === name);
  if (kind !== undefined) breakAtPlayhead(node, kind);
}

import type { ReactNode } from 'react';
import { faultKinds, faultTitles, kindsFor } from '#renderer/charts/fault-edits.ts';
import { breakAtPlayhead } from '#renderer/runs/break-node.ts';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import { Picker } from './Picker.tsx';

/** How a node is broken at the playhead. */
export function BreakDialog({ node }: { readonly node: string }): ReactNode {
  const document = useDocument((whole) => whole);
  const label = document.nodes.find(({ id }) => id === node)?.label;
  const kinds = kindsFor(document, node);
  return (
    <Picker
      header={`Break ${label === undefined || label === '' ? node : label}`}
      placeholder="Search what can go wrong"
      itemsFor={(query) =>
        kinds
          .map((kind) => ({ id: kind, text: faultTitles[kind], group: 'From the playhead on' }))
          .filter(({ text }) => text.toLowerCase().includes(query.trim().toLowerCase()))
      }
      onDismiss={closeDialog}
      onChoose={(id) => {
        closeDialog();
        const kind = faultKinds.find((known) => known === id);
        if (kind !== undefined) breakAtPlayhead(node, kind);
      }}
    />
  );
}

import { Input } from '@cloudscape-design/components';
import { ViewportPortal } from '@xyflow/react';
import { type ReactNode, useMemo, useState } from 'react';
import { selectMany } from '#renderer/state/app-store.ts';
import { edit, useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import { type GroupBox, groupBoxes, renameGroup } from '#renderer/state/edits/groups.ts';
import type { CardNode } from './graph.ts';

/** Groups behind their cards; they follow while cards are dragged. */
export function GroupLayer({ nodes }: { readonly nodes: readonly CardNode[] }): ReactNode {
  const groups = useDocument((document) => document.groups);
  const boxes = useMemo(() => {
    if (groups.length === 0) return [];
    const places = new Map(nodes.map(({ id, position }) => [id, position]));
    return groupBoxes(groups, (id) => places.get(id));
  }, [groups, nodes]);
  if (boxes.length === 0) return null;
  return (
    <ViewportPortal>
      <div className="groups">
        {boxes.map((box) => (
          <Group key={box.id} box={box} />
        ))}
      </div>
    </ViewportPortal>
  );
}

function Group({ box }: { readonly box: GroupBox }): ReactNode {
  const { label, nodes, x, y, width, height } = box;
  const [isNaming, setNaming] = useState(false);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  return (
    <div className="group" style={{ transform: `translate(${x}px, ${y}px)`, width, height }}>
      {isNaming ? (
        <GroupName box={box} onDone={() => setNaming(false)} />
      ) : (
        <button
          type="button"
          className="group-label nopan"
          title="Click to select its nodes, twice to give it another name"
          onClick={() => selectMany({ nodes, edges: [] })}
          onDoubleClick={() => setNaming(!isReadOnly)}
        >
          {label}
        </button>
      )}
    </div>
  );
}

function GroupName({ box, onDone }: { readonly box: GroupBox; readonly onDone: () => void }): ReactNode {
  const [label, setLabel] = useState(box.label);
  const finish = (): void => {
    onDone();
    const name = label.trim();
    if (name !== '') edit(`name group ${name}`, (document) => renameGroup(document, box.id, name));
  };
  return (
    <div className="group-name nopan">
      <Input
        value={label}
        autoFocus
        ariaLabel="Name of the group"
        onChange={({ detail }) => setLabel(detail.value)}
        onBlur={finish}
        onKeyDown={({ detail }) => {
          if (detail.key === 'Enter') finish();
          if (detail.key === 'Escape') onDone();
        }}
      />
    </div>
  );
}

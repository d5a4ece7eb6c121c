import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { layOutSelection } from '#renderer/layout/lay-out.ts';
import { useApp } from '#renderer/state/app-store.ts';
import {
  alignSelection,
  deleteSelection,
  duplicateSelection,
  groupSelection,
} from '#renderer/state/canvas-commands.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';

/** What can be done with several cards at once. */
export function SelectionBar(): ReactNode {
  const count = useApp(({ selected }) => selected.nodes.length);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  if (count < 2 || isReadOnly) return null;
  return (
    <div className="selection-bar" role="toolbar" aria-label="Selected nodes">
      <span>{count} nodes</span>
      <Button
        variant="icon"
        iconSvg={<AlignIcon path="M2 1v14M4 3h10v4H4zM4 9h6v4H4z" />}
        ariaLabel="Align left"
        onClick={() => alignSelection('left')}
      />
      <Button
        variant="icon"
        iconSvg={<AlignIcon path="M1 2h14M3 4v10h4V4zM9 4v6h4V4z" />}
        ariaLabel="Align top"
        onClick={() => alignSelection('top')}
      />
      <Button
        variant="icon"
        iconSvg={<AlignIcon path="M1 8h14M3 3v10h4V3zM9 5v6h4V5z" />}
        ariaLabel="Align middle"
        onClick={() => alignSelection('middle')}
      />
      <Button
        variant="icon"
        iconSvg={<AlignIcon path="M1 3h5v4H1zM10 1h5v4h-5zM10 9h5v4h-5zM6 5h2v6h2M8 5V3h2" />}
        ariaLabel="Lay out the selected nodes"
        onClick={() => void layOutSelection()}
      />
      <Button
        variant="icon"
        iconSvg={<AlignIcon path="M1 4V1h3M7 1h2M12 1h3v3M15 7v2M15 12v3h-3M9 15H7M4 15H1v-3M1 9V7M5 5h6v6H5z" />}
        ariaLabel="Group the selected nodes"
        onClick={groupSelection}
      />
      <Button variant="icon" iconName="copy" ariaLabel="Duplicate the selected nodes" onClick={duplicateSelection} />
      <Button variant="icon" iconName="remove" ariaLabel="Delete the selected nodes" onClick={deleteSelection} />
    </div>
  );
}

function AlignIcon({ path }: { readonly path: string }): ReactNode {
  return (
    <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { redo, undo, useDocumentState } from '#renderer/state/document-store.ts';

/** Undo and redo, each saying what it would take back. */
export function UndoButtons(): ReactNode {
  const isOpen = useDocumentState(({ document }) => document !== undefined);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const canUndo = useDocumentState((state) => state.canUndo);
  const canRedo = useDocumentState((state) => state.canRedo);
  const undoLabel = useDocumentState((state) => state.undoLabel);
  const redoLabel = useDocumentState((state) => state.redoLabel);
  if (!isOpen || isReadOnly) return null;
  return (
    <span className="undo-buttons">
      <span title={`Undo ${undoLabel}`.trim()}>
        <Button
          variant="icon"
          iconName="undo"
          ariaLabel={`Undo ${undoLabel}`.trim()}
          disabled={!canUndo}
          onClick={undo}
        />
      </span>
      <span title={`Redo ${redoLabel}`.trim()}>
        <Button
          variant="icon"
          iconName="redo"
          ariaLabel={`Redo ${redoLabel}`.trim()}
          disabled={!canRedo}
          onClick={redo}
        />
      </span>
    </span>
  );
}

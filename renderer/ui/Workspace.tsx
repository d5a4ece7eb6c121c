import { type ReactNode, useEffect } from 'react';
import { Canvas } from '#renderer/canvas/Canvas.tsx';
import { Inspector } from '#renderer/inspector/Inspector.tsx';
import { playOrPause } from '#renderer/runs/run-control.ts';
import { RunPanel } from '#renderer/runs/RunPanel.tsx';
import { select, useApp } from '#renderer/state/app-store.ts';
import type { CaudalDocument } from '#schema/document.ts';

/** The canvas with its panels: the inspector only while something is selected. */
export function Workspace({ document }: { readonly document: CaudalDocument }): ReactNode {
  const hasSelection = useApp((state) => state.selection !== undefined);
  useKeys();
  const { name } = document;
  useEffect(() => {
    window.document.title = `${name} - Caudal`;
  }, [name]);
  return (
    <div className={hasSelection ? 'workspace workspace-inspecting' : 'workspace'}>
      <main className="workspace-canvas" aria-label="Canvas">
        <Canvas document={document} />
      </main>
      {hasSelection && <Inspector document={document} />}
      <RunPanel document={document} />
    </div>
  );
}

/** Space plays and pauses, Escape lets go of the selection, unless something that takes keys itself has the focus. */
function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') select(undefined);
      if (event.key !== ' ' || takesKeys(event.target)) return;
      event.preventDefault();
      void playOrPause();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function takesKeys(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      'button, a, input, select, textarea, [role="tab"], [role="dialog"], .react-flow__node, .react-flow__edge',
    ) !== null
  );
}

import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { AwsPanel } from '#renderer/aws/AwsPanel.tsx';
import { useIsAwsMode } from '#renderer/aws/part-states.ts';
import { Canvas } from '#renderer/canvas/Canvas.tsx';
import { useDesignPanel } from '#renderer/inspector/design-panel.ts';
import { Inspector } from '#renderer/inspector/Inspector.tsx';
import { Palette } from '#renderer/palette/Palette.tsx';
import { RunPanel } from '#renderer/runs/RunPanel.tsx';
import { useApp } from '#renderer/state/app-store.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { FirstSteps } from './FirstSteps.tsx';
import { layOutPanels } from './panel-layout.ts';
import { Separator } from './Separator.tsx';
import { useKeys } from './use-keys.ts';

/** The canvas with its panels: the inspector only while something is selected. */
export function Workspace({ document }: { readonly document: CaudalDocument }): ReactNode {
  const hasSelection = useApp((state) => state.selection !== undefined);
  const isDesignOpen = useDesignPanel((state) => state.isOpen);
  const preferences = useApp((state) => state.preferences);
  const isDirty = useDocumentState((state) => state.isDirty);
  const isAws = useIsAwsMode();
  const size = useWindowSize();
  useKeys();
  const { name } = document;
  useEffect(() => {
    window.document.title = `${isDirty ? '● ' : ''}${name} - Caudal`;
  }, [name, isDirty]);
  const { palette, inspector, results } = layOutPanels(size, preferences, hasSelection || isDesignOpen);
  const columns = [`${palette.width}px`, 'minmax(0, 1fr)'];
  if (inspector !== undefined && !inspector.isOver) columns.push(`${inspector.width}px`);
  return (
    <div className="workspace" style={{ gridTemplateColumns: columns.join(' ') }}>
      <div className="workspace-left">
        <Palette isRailed={palette.isRailed} isForced={palette.isForced} />
        {!palette.isRailed && <Separator panel="palette" size={palette.width} />}
      </div>
      <main className="workspace-canvas" aria-label="Canvas">
        <Canvas document={document} />
        {document.nodes.length === 0 && <FirstSteps />}
      </main>
      {inspector !== undefined && (
        <div
          className={inspector.isOver ? 'workspace-right workspace-right-over' : 'workspace-right'}
          {...(inspector.isOver ? { style: { width: inspector.width } } : {})}
        >
          <Separator panel="inspector" size={inspector.width} />
          <Inspector document={document} />
        </div>
      )}
      <div className="workspace-bottom" {...(preferences.isPanelOpen ? { style: { height: results.height } } : {})}>
        {preferences.isPanelOpen && <Separator panel="results" size={results.height} />}
        {isAws ? <AwsPanel /> : <RunPanel document={document} />}
      </div>
    </div>
  );
}

function useWindowSize(): { readonly width: number; readonly height: number } {
  const width = useSyncExternalStore(onResize, () => innerWidth);
  const height = useSyncExternalStore(onResize, () => innerHeight);
  return { width, height };
}

function onResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

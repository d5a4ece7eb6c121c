import { Button, Tabs } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { setPanelOpen, useApp } from '#renderer/state/app-store.ts';

const TAB_STYLE = { tab: { fontSize: 'var(--tab-size)', paddingInline: 'var(--tab-room)' } } as const;

export interface PanelPage<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly content: ReactNode;
}

interface FoldingPanelProps<Id extends string> {
  readonly label: string;
  readonly tabsLabel: string;
  /** What folds, as the button says it. */
  readonly what: string;
  readonly pages: readonly PanelPage<Id>[];
  readonly active: Id;
  readonly onActive: (id: Id) => void;
}

/** The pages below the canvas, one tab for each question. Folds to its tabs. */
export function FoldingPanel<Id extends string>(props: FoldingPanelProps<Id>): ReactNode {
  const { label, tabsLabel, what, pages, active, onActive } = props;
  const isOpen = useApp((state) => state.preferences.isPanelOpen);
  return (
    <section className={isOpen ? 'run-panel' : 'run-panel run-panel-folded'} aria-label={label}>
      <Tabs
        ariaLabel={tabsLabel}
        disableContentPaddings
        style={TAB_STYLE}
        fitHeight
        activeTabId={active}
        onChange={({ detail }) => {
          onActive(detail.activeTabId as Id);
          setPanelOpen(true);
        }}
        tabs={isOpen ? [...pages] : pages.map((page) => ({ id: page.id, label: page.label }))}
        actions={
          <Button
            variant="icon"
            iconName={isOpen ? 'angle-down' : 'angle-up'}
            ariaLabel={`${isOpen ? 'Fold' : 'Unfold'} the ${what}`}
            ariaExpanded={isOpen}
            onClick={() => setPanelOpen(!isOpen)}
          />
        }
      />
    </section>
  );
}

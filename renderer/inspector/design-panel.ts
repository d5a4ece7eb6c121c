/** The panel of what belongs to no single node: open while nothing is selected, and only when it is asked for. */
import { create } from 'zustand';
import { select, setPreferences } from '#renderer/state/app-store.ts';

export type DesignPage = 'document' | 'faults' | 'objectives';

export interface DesignPanel {
  readonly isOpen: boolean;
  readonly page: DesignPage;
}

export const useDesignPanel = create<DesignPanel>(() => ({ isOpen: false, page: 'document' }));

export function openDesign(page: DesignPage = useDesignPanel.getState().page): void {
  select(undefined);
  setPreferences({ isInspectorOpen: true });
  useDesignPanel.setState({ isOpen: true, page });
}

export function closeDesign(): void {
  useDesignPanel.setState({ isOpen: false });
}

const LISTS: Readonly<Record<string, DesignPage>> = { faults: 'faults', objectives: 'objectives' };

/** Where the field of a path is edited, when it belongs to no node and no link. */
export function designPageOf(path: string): DesignPage | undefined {
  const [list = ''] = path.split('.');
  if (list === 'nodes' || list === 'edges') return undefined;
  return LISTS[list] ?? 'document';
}

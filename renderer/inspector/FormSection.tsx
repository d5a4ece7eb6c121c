import { ExpandableSection } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useFaults } from '#renderer/state/document-store.ts';
import { useSection } from './field-focus.ts';

export function FormSection({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section className="form-section" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface FoldedItemProps {
  readonly title: string;
  readonly description?: string;
  /** Of the item in the document. */
  readonly path: string;
  /** Open to begin with. */
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}

/** One thing of a list: folded to its name, open where it is wrong or asked for. */
export function FoldedItem({ title, description, path, isOpen = false, children }: FoldedItemProps): ReactNode {
  const [isExpanded, setExpanded] = useSection(path, [path], isOpen);
  const isFaulty = useFaults(path).length > 0;
  const isShown = isExpanded || isFaulty;
  return (
    <ExpandableSection
      variant="footer"
      headerText={
        <>
          {title}
          {description !== undefined && <span className="form-item-note">{description}</span>}
        </>
      }
      expanded={isShown}
      onChange={({ detail }) => setExpanded(detail.expanded)}
    >
      {isShown && children}
    </ExpandableSection>
  );
}

/** Longer lists are edited in the file: a form of a thousand items helps no one. */
const MOST_ITEMS = 100;

interface ItemListProps<Item> {
  readonly items: readonly Item[];
  /** What they are, in the plural. */
  readonly words: string;
  readonly draw: (item: Item) => ReactNode;
}

export function ItemList<Item>({ items, words, draw }: ItemListProps<Item>): ReactNode {
  const left = items.length - MOST_ITEMS;
  return (
    <>
      {items.slice(0, MOST_ITEMS).map(draw)}
      {left > 0 && <p className="inspector-note">{`${left} more ${words} are in the file.`}</p>}
    </>
  );
}

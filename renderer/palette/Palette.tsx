import { Button, Input, type InputProps } from '@cloudscape-design/components';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { components } from '#catalog/specs.ts';
import { shortTitle } from '#drawing/short-title.ts';
import { dragComponent } from '#renderer/canvas/drag-data.ts';
import { iconUrl } from '#renderer/canvas/icon-url.ts';
import { setPreferences } from '#renderer/state/app-store.ts';
import { addComponent } from '#renderer/state/canvas-commands.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import { setPaletteFocus } from '#renderer/ui/palette-focus.ts';
import type { ComponentDeclaration } from '#schema/component.ts';
import { type PaletteSection, sectionsOf } from './find-components.ts';

interface PaletteProps {
  readonly isRailed: boolean;
  /** Folded for want of room: unfolding shows it over the canvas until it is used. */
  readonly isForced: boolean;
}

/** Everything that can be drawn: searched, dragged, or added by Enter. */
export function Palette({ isRailed, isForced }: PaletteProps): ReactNode {
  const [isOver, setOver] = useState(false);
  const search = useRef<InputProps.Ref>(null);
  const box = useRef<HTMLElement>(null);
  const isFolded = isRailed && !isOver;
  const unfold = (): void => {
    if (isForced) setOver(true);
    else setPreferences({ isPaletteOpen: true });
  };
  useEffect(() => {
    setPaletteFocus(() => {
      if (isFolded) unfold();
      // The field is there after the next drawing.
      requestAnimationFrame(() => requestAnimationFrame(() => search.current?.focus()));
    });
    return () => setPaletteFocus(undefined);
  });
  useLeaving(box, isOver, () => setOver(false));
  if (isFolded) {
    return (
      <aside className="palette palette-rail" aria-label="Palette">
        <Button variant="icon" iconName="angle-right-double" ariaLabel="Unfold the palette" onClick={unfold} />
        <Button variant="icon" iconName="add-plus" ariaLabel="Add a component" onClick={unfold} />
      </aside>
    );
  }
  return (
    <aside
      ref={box}
      className={isOver ? 'palette palette-over' : 'palette'}
      aria-label="Palette"
      onDragEnd={() => setOver(false)}
    >
      <PaletteBody
        search={search}
        onFold={() => (isOver ? setOver(false) : setPreferences({ isPaletteOpen: false }))}
        onAdded={() => setOver(false)}
      />
    </aside>
  );
}

/** Ends the palette over the canvas when the user goes on elsewhere. */
function useLeaving(box: RefObject<HTMLElement | null>, isOver: boolean, leave: () => void): void {
  useEffect(() => {
    if (!isOver) return;
    const onDown = (event: PointerEvent): void => {
      if (!(event.target instanceof Node) || box.current?.contains(event.target) !== true) leave();
    };
    window.addEventListener('pointerdown', onDown, true);
    return () => window.removeEventListener('pointerdown', onDown, true);
  });
}

interface BodyProps {
  readonly search: RefObject<InputProps.Ref | null>;
  readonly onFold: () => void;
  readonly onAdded: () => void;
}

function PaletteBody({ search, onFold, onAdded }: BodyProps): ReactNode {
  const [query, setQuery] = useState('');
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const sections = sectionsOf(components.values(), query);
  const add = (type: string | undefined): void => {
    if (type === undefined || isReadOnly) return;
    addComponent(type);
    setQuery('');
    onAdded();
  };
  return (
    <>
      <div className="palette-head">
        <Input
          ref={search}
          type="search"
          value={query}
          placeholder="Add a component  /"
          ariaLabel="Add a component"
          clearAriaLabel="Clear the search"
          disabled={isReadOnly}
          onChange={({ detail }) => setQuery(detail.value)}
          onKeyDown={({ detail }) => {
            if (detail.key === 'Enter') add(sections[0]?.components[0]?.type);
            if (detail.key === 'ArrowDown') focusItem(0);
            if (detail.key === 'Escape') leaveSearch(query, setQuery);
          }}
        />
        <Button variant="icon" iconName="angle-left-double" ariaLabel="Fold the palette" onClick={onFold} />
      </div>
      <div className="palette-list" onKeyDown={moveAmongItems}>
        {sections.map((section) => (
          <Section key={section.category} section={section} isReadOnly={isReadOnly} onAdd={add} />
        ))}
        {sections.length === 0 && <p className="palette-none">No component is called “{query}”.</p>}
      </div>
    </>
  );
}

function leaveSearch(query: string, setQuery: (query: string) => void): void {
  if (query === '') (document.activeElement as HTMLElement | null)?.blur();
  else setQuery('');
}

interface SectionProps {
  readonly section: PaletteSection;
  readonly isReadOnly: boolean;
  readonly onAdd: (type: string) => void;
}

function Section({ section, isReadOnly, onAdd }: SectionProps): ReactNode {
  return (
    <section>
      <h2>{section.category}</h2>
      <ul>
        {section.components.map((component) => (
          <Item key={component.type} component={component} isReadOnly={isReadOnly} onAdd={onAdd} />
        ))}
      </ul>
    </section>
  );
}

interface ItemProps {
  readonly component: ComponentDeclaration;
  readonly isReadOnly: boolean;
  readonly onAdd: (type: string) => void;
}

function Item({ component, isReadOnly, onAdd }: ItemProps): ReactNode {
  const { type, title, summary } = component;
  const icon = useRef<HTMLImageElement>(null);
  return (
    <li>
      <button
        type="button"
        className="palette-item"
        data-component={type}
        aria-label={title}
        title={summary}
        disabled={isReadOnly}
        draggable={!isReadOnly}
        onClick={() => onAdd(type)}
        onDragStart={({ dataTransfer }) => {
          dragComponent(dataTransfer, type, title);
          if (icon.current !== null) dataTransfer.setDragImage(icon.current, 10, 10);
        }}
      >
        <img ref={icon} src={iconUrl(type)} alt="" width={20} height={20} draggable={false} />
        <span>{shortTitle(title)}</span>
      </button>
    </li>
  );
}

function items(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('.palette-item')];
}

function focusItem(index: number): void {
  items()[index]?.focus();
}

function moveAmongItems(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const list = items();
  const next = list.indexOf(event.target as HTMLElement) + step;
  event.preventDefault();
  if (next < 0) document.querySelector<HTMLElement>('.palette input')?.focus();
  else list[Math.min(next, list.length - 1)]?.focus();
}

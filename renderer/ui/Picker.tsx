import { Input, type InputProps, Modal } from '@cloudscape-design/components';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface PickerItem {
  readonly id: string;
  readonly text: string;
  readonly group: string;
  /** At the right: a key, a port. */
  readonly side?: string | undefined;
  /** Below the text: why it cannot be chosen. */
  readonly note?: string | undefined;
  readonly icon?: string | undefined;
  readonly isDisabled?: boolean | undefined;
}

interface PickerProps {
  readonly header: string;
  readonly placeholder: string;
  readonly itemsFor: (query: string) => readonly PickerItem[];
  readonly onChoose: (id: string) => void;
  readonly onDismiss: () => void;
}

/** A list to search and choose from by keyboard: the field keeps the focus, the arrows move along the list. */
export function Picker({ header, placeholder, itemsFor, onChoose, onDismiss }: PickerProps): ReactNode {
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const field = useRef<InputProps.Ref>(null);
  const list = useId();
  const items = itemsFor(query);
  const index = Math.min(active, Math.max(0, items.length - 1));
  useEffect(() => {
    // The dialog puts the focus on its own button first.
    const frame = requestAnimationFrame(() => field.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  useEffect(() => {
    document.getElementById(`${list}-${index}`)?.scrollIntoView({ block: 'nearest' });
  }, [list, index]);
  const choose = (item: PickerItem | undefined): void => {
    if (item !== undefined && item.isDisabled !== true) onChoose(item.id);
  };
  return (
    <Modal visible header={header} onDismiss={onDismiss} closeAriaLabel="Close" size="medium">
      <Input
        ref={field}
        type="search"
        value={query}
        placeholder={placeholder}
        ariaLabel={placeholder}
        onChange={({ detail }) => {
          setQuery(detail.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          const { key } = event.detail;
          const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
          if (step !== 0) {
            event.preventDefault();
            setActive(Math.max(0, Math.min(items.length - 1, index + step)));
          }
          if (key === 'Enter') choose(items[index]);
          if (key === 'Escape' && query === '') onDismiss();
        }}
        nativeInputAttributes={{
          role: 'combobox',
          'aria-expanded': true,
          'aria-controls': list,
          'aria-activedescendant': `${list}-${index}`,
          'aria-autocomplete': 'list',
        }}
      />
      <ul className="picker" id={list} role="listbox" aria-label={header}>
        {items.map((item, place) => (
          <Row
            key={item.id}
            id={`${list}-${place}`}
            item={item}
            isActive={place === index}
            startsGroup={items[place - 1]?.group !== item.group}
            onChoose={() => choose(item)}
          />
        ))}
      </ul>
      {items.length === 0 && <p className="picker-none">Nothing is called “{query}”.</p>}
    </Modal>
  );
}

interface RowProps {
  readonly id: string;
  readonly item: PickerItem;
  readonly isActive: boolean;
  readonly startsGroup: boolean;
  readonly onChoose: () => void;
}

function Row({ id, item, isActive, startsGroup, onChoose }: RowProps): ReactNode {
  return (
    <li
      id={id}
      role="option"
      aria-selected={isActive}
      aria-disabled={item.isDisabled === true}
      className={`picker-row${isActive ? ' picker-active' : ''}`}
      onClick={onChoose}
    >
      {startsGroup && <div className="picker-group">{item.group}</div>}
      <div className="picker-line">
        {item.icon !== undefined && <img src={item.icon} alt="" width={20} height={20} />}
        <span className="picker-text">{item.text}</span>
        {item.side !== undefined && <kbd>{item.side}</kbd>}
      </div>
      {item.note !== undefined && <div className="picker-note">{item.note}</div>}
    </li>
  );
}

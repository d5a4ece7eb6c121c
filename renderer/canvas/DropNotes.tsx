import { Button } from '@cloudscape-design/components';
import { type ReactNode, useEffect, useRef } from 'react';
import { optionWords } from '#renderer/state/edits/add-link.ts';
import { closeNote, type DropNote, takeOption, useLinking } from './linking.ts';

const WIDTH = 320;
const HEIGHT = 150;

/** Where a link was dropped: why it is refused, or in which way it is meant. */
export function DropNotes(): ReactNode {
  const note = useLinking((state) => state.note);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (note === undefined) return;
    box.current?.querySelector('button')?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') closeNote();
    };
    const onDown = (event: PointerEvent): void => {
      if (event.target instanceof globalThis.Node && box.current?.contains(event.target) === true) return;
      closeNote();
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('pointerdown', onDown, true);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('pointerdown', onDown, true);
    };
  }, [note]);
  if (note === undefined) return null;
  return (
    <div ref={box} className={`drop-note drop-note-${note.kind}`} style={placeOf(note)}>
      {note.kind === 'refused' ? <Refusal note={note} /> : <Choice note={note} />}
    </div>
  );
}

function placeOf({ at }: DropNote): { left: number; top: number; width: number } {
  return {
    left: Math.max(8, Math.min(at.x + 12, innerWidth - WIDTH - 8)),
    top: Math.max(56, Math.min(at.y + 12, innerHeight - HEIGHT)),
    width: WIDTH,
  };
}

function Refusal({ note }: { readonly note: Extract<DropNote, { kind: 'refused' }> }): ReactNode {
  return (
    <div role="alert">
      <div className="drop-note-head">
        <b>This link is not possible</b>
        <Button variant="icon" iconName="close" ariaLabel="Close the note" onClick={closeNote} />
      </div>
      <p>{note.message}</p>
      <p className="drop-note-remedy">{note.remedy}</p>
    </div>
  );
}

function Choice({ note }: { readonly note: Extract<DropNote, { kind: 'choice' }> }): ReactNode {
  const { options, moved } = note;
  return (
    <div role="group" aria-label="Which link is meant?">
      <div className="drop-note-head">
        <b>Which link is meant?</b>
        <Button variant="icon" iconName="close" ariaLabel="Draw no link" onClick={closeNote} />
      </div>
      <div className="drop-note-options">
        {options.map((option) => (
          <Button
            key={`${option.sourcePort.id} ${option.output} ${option.targetPort.id}`}
            variant="inline-link"
            onClick={() => {
              closeNote();
              takeOption(option, moved);
            }}
          >
            {optionWords(option)}
          </Button>
        ))}
      </div>
    </div>
  );
}

import type { ReactNode } from 'react';
import { messagesOf } from '#analysis/report.ts';
import { type Named, type Piece, sentencePieces } from '#analysis/sentences.ts';
import * as catalog from '#catalog/specs.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import type { Messages } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { Told } from '#schema/result.ts';
import { objectiveName } from './place-name.ts';
import { Place } from './Place.tsx';
import { useResultsPart } from './run-results.ts';
import { Setting } from './Setting.tsx';

interface SentenceProps {
  readonly told: Told;
  /** How the run wrote it: shown where this Caudal has no sentence for the code. */
  readonly text: string;
  /** Whose sentence it is, where that stands beside it. */
  readonly of?: string;
}

/** A sentence of the run, with the labels of what it names; ids are in tooltips. */
export function Sentence({ told, text, of }: SentenceProps): ReactNode {
  const messages = useResultsPart(({ document }) => document && knownMessages(document));
  if (messages === undefined || !Object.hasOwn(messages, told.code)) return text;
  return sentencePieces(messages, told).map((piece, index) => <PieceText key={index} piece={piece} of={of} />);
}

function PieceText({ piece, of }: { readonly piece: Piece; readonly of: string | undefined }): ReactNode {
  if (typeof piece === 'string') return piece;
  switch (piece.kind) {
    case 'place':
      return <Place id={piece.id} />;
    case 'setting':
      return (
        <>
          “<Setting path={piece.id} within={of} />”
        </>
      );
    case 'objective':
      return <ObjectiveWords id={piece.id} />;
  }
}

function ObjectiveWords({ id }: Pick<Named, 'id'>): ReactNode {
  const name = useDocument((document) => objectiveName(document, id));
  return name === id ? id : <span title={`id ${id}`}>“{name}”</span>;
}

const known = new WeakMap<CaudalDocument, Messages>();

function knownMessages(document: CaudalDocument): Messages {
  const before = known.get(document);
  if (before !== undefined) return before;
  const messages = messagesOf(document, catalog);
  known.set(document, messages);
  return messages;
}

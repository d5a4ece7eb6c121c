/** Faults of a document while they are collected: each knows its place as a pointer, so that a file can show the line. */
import { type Fault, showReceived } from '#schema/errors.ts';
import { type Pointer, pathText, valueAt } from './paths.ts';

export interface DocumentFault extends Fault {
  readonly pointer: Pointer;
}

export interface FaultDetails {
  readonly received?: unknown;
  readonly allowed?: string | undefined;
}

/** Characters of a name in a path, and of a sentence: a document may hold names of any length. */
const MOST_PART = 80;
const MOST_SENTENCE = 2000;
/** Faults that are told of one document. A design of the largest size, all of it wrong, has fewer. */
const MOST_FAULTS = 50_000;

/** Collects faults of one document. A place that is wrong already is not reported twice with the same code. */
export class FaultList {
  readonly items: DocumentFault[] = [];
  readonly root: unknown;
  private readonly seen = new Set<string>();

  constructor(root: unknown) {
    this.root = root;
  }

  add(code: string, pointer: Pointer, message: string, details: FaultDetails = {}): void {
    const key = `${code} ${pointer.join('\0')} ${code === 'document/unknown-field' ? '' : message}`;
    if (this.seen.has(key) || this.items.length > MOST_FAULTS) return;
    this.seen.add(key);
    if (this.items.length === MOST_FAULTS) {
      const rest = 'the document has more faults than these; mend them first';
      this.items.push({ code: 'document/too-many-faults', path: '', message: rest, pointer: [] });
      return;
    }
    this.items.push({
      code,
      path: pathText(this.root, pointer)
        .split('.')
        .map((part) => clipped(part, MOST_PART))
        .join('.'),
      ...('received' in details ? { received: showReceived(details.received) } : {}),
      ...(details.allowed === undefined ? {} : { allowed: clipped(details.allowed, MOST_SENTENCE) }),
      message: clipped(message, MOST_SENTENCE),
      pointer,
    });
  }

  /** As `add`, with what the document holds at the place as what was received. */
  refuse(code: string, pointer: Pointer, message: string, allowed?: string): void {
    const received = valueAt(this.root, pointer);
    this.add(code, pointer, message, { ...(received === undefined ? {} : { received }), allowed });
  }

  get isEmpty(): boolean {
    return this.items.length === 0;
  }
}

function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}

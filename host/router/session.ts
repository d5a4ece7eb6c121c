/** What is open in this host. One document at a time; windows see it as it was when last opened. */
import { randomUUID } from 'node:crypto';
import { openDocument } from '#host/files/open.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { InputError } from '#schema/errors.ts';
import type { OpenedDocument } from '#schema/rpc.ts';
import type { StartFolder } from './start-folder.ts';

export class Session {
  private readonly folder: StartFolder;
  /** Full path of the open file; reread whenever a window asks, so that a reload shows what was saved elsewhere. */
  private file: string | undefined;
  private readonly runnable = new Map<string, CaudalDocument>();

  constructor(folder: StartFolder, file: string | undefined) {
    this.folder = folder;
    this.file = file;
  }

  /** Reads the open file. A document with faults is an answer too: the window lists them. */
  async current(): Promise<OpenedDocument> {
    if (this.file === undefined) return { kind: 'none' };
    const path = this.folder.shown(this.file);
    try {
      const { document, runnable, warnings } = await openDocument(this.file, [], (trace) => this.folder.locate(trace));
      const id = randomUUID();
      this.remember(id, runnable);
      return { kind: 'valid', id, path, document, warnings };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { kind: 'faulty', path, faults: error.faults };
    }
  }

  async open(path: string): Promise<OpenedDocument> {
    this.file = await this.folder.locate(path);
    return await this.current();
  }

  /** The document a window has on screen, ready to run. Throws InputError when it is no longer known. */
  runnableOf(id: string): CaudalDocument {
    const found = this.runnable.get(id);
    if (found !== undefined) return found;
    const message = 'the document was opened before this host started; reload the window';
    throw new InputError([{ code: 'document/not-open', path: '', message }]);
  }

  /** Keeps the documents of the last few windows and reloads. */
  private remember(id: string, document: CaudalDocument): void {
    this.runnable.set(id, document);
    const [oldest] = this.runnable.keys();
    if (this.runnable.size > MOST_REMEMBERED && oldest !== undefined) this.runnable.delete(oldest);
  }
}

const MOST_REMEMBERED = 8;

/** The documents that the windows of this host work on: opened, changed by one window each, kept against a crash, saved. */
import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { documentText } from '#analysis/document-text.ts';
import * as catalog from '#catalog/specs.ts';
import { type FileWriter, nodeFiles } from '#host/files/save.ts';
import type { StartFolder } from '#host/router/start-folder.ts';
import { type CaudalDocument, schemaVersion } from '#schema/document.ts';
import { InputError, invariant } from '#schema/errors.ts';
import type { OpenedDocument, Recents, Saved, Updated } from '#schema/rpc.ts';
import { isDrawable, withDefaults } from './drafts.ts';
import { FileWatch } from './file-watch.ts';
import { type Judgement, judge } from './judge.ts';
import { Keeper } from './keeper.ts';
import { notOpen, OpenCopies, refused } from './open-copies.ts';
import { type ReadDocument, readDocument, readDocumentText } from './read-document.ts';
import { RecentFiles } from './recent-files.ts';
import { saveCopy } from './save-copy.ts';
import { Turns } from './turns.ts';
import { keyOfFile, UnsavedWork } from './unsaved-work.ts';
import type { WindowSeat } from './window-seat.ts';
import { WorkingCopy } from './working-copy.ts';
import { WriterLocks } from './writer-lock.ts';
import type { Written } from './written-form.ts';

export interface DocumentsOptions {
  readonly folder: StartFolder;
  /** Folder of the product's own state. */
  readonly state: string;
  /** Full path of the document that the first window shows. */
  readonly file?: string | undefined;
  readonly files?: FileWriter | undefined;
}

/** A document that a window still holds. */
export interface HeldDocument {
  readonly path: string;
  readonly version: string;
  readonly document: Written;
}

export class Documents {
  private readonly folder: StartFolder;
  private readonly files: FileWriter;
  private readonly unsaved: UnsavedWork;
  private readonly recent: RecentFiles;
  private readonly locks: WriterLocks;
  private readonly copies: OpenCopies;
  private readonly keeper: Keeper;
  private readonly watch: FileWatch;
  private readonly turns = new Turns();
  private readonly locate = (path: string): Promise<string> => this.folder.locate(path);

  constructor({ folder, state, file, files = nodeFiles }: DocumentsOptions) {
    this.folder = folder;
    this.files = files;
    this.unsaved = new UnsavedWork(state, files);
    this.recent = new RecentFiles(state);
    this.locks = new WriterLocks(state);
    this.copies = new OpenCopies(folder, this.locks, this.unsaved);
    this.copies.latest = file;
    this.keeper = new Keeper(this.unsaved, this.turns);
    this.watch = new FileWatch(this.copies.all, this.locks, (path) => folder.shown(path));
  }

  /** What the window has open; at first that of `path`, or what was used last. */
  async current(seat: WindowSeat, path?: string): Promise<OpenedDocument> {
    return await this.turns.take(async () => {
      if (seat.copy !== undefined) return await this.copies.openedBy(seat, seat.copy);
      const before = path === undefined ? undefined : await this.present(path);
      const last = (before === undefined ? undefined : this.copies.ofFile(before)) ?? before ?? this.copies.latest;
      if (last === undefined) return { kind: 'none' };
      if (typeof last === 'string') return await this.openFile(seat, last);
      return last.file === undefined ? await this.copies.sit(seat, last) : await this.openFile(seat, last.file);
    });
  }

  async open(seat: WindowSeat, path: string, options: OpenOptions = {}): Promise<OpenedDocument> {
    return await this.moveOn(seat, async () => await this.openFile(seat, await this.locate(path), options));
  }

  /** An empty document, or one of a text. It has no file until it is saved; nothing of an untouched one can be lost. */
  async create(
    seat: WindowSeat,
    name: string,
    text: string | undefined,
    isUntouched = text === undefined,
  ): Promise<OpenedDocument> {
    return await this.moveOn(seat, async () => {
      const written = text ?? documentText({ schemaVersion, name, nodes: [] }, catalog);
      const read = await readDocumentText(written, join(this.folder.path, 'new'), 'the text', this.locate);
      if ('faults' in read) return { kind: 'faulty', path: '', faults: read.faults, canMend: false };
      const copy = new WorkingCopy(undefined);
      fill(copy, { ...read, version: '' });
      copy.isSaved = isUntouched;
      const opened = await this.copies.sit(seat, copy);
      this.keeper.soon(copy);
      return opened;
    });
  }

  /** A document of its own, of a design that a saved run holds. It has no file, and is unsaved. */
  async createOf(seat: WindowSeat, { $schema: _, ...document }: CaudalDocument): Promise<OpenedDocument> {
    return await this.create(seat, document.name, documentText(document, catalog));
  }

  /** What a run of this window's document would be of; undefined where it has none, or one with faults. */
  presentOf(seat: WindowSeat): CaudalDocument | undefined {
    return seat.copy?.newest.judgement.runnable;
  }

  /**
   * A window that outlived its host brings back what it holds. Unsaved work goes before a copy that nobody has changed;
   * where another window has changed it meanwhile, it is kept as a document of its own.
   */
  async resume(seat: WindowSeat, held: HeldDocument): Promise<OpenedDocument> {
    return await this.turns.take(async () => {
      const file = held.path === '' ? undefined : await this.locate(held.path);
      const copy = (file === undefined ? undefined : this.copies.ofFile(file)) ?? new WorkingCopy(file);
      const isAnothers = copy.writer !== undefined && copy.writer !== seat;
      const isChanged = !copy.isSaved && (isAnothers || copy.version !== held.version);
      if (isChanged || copy.isHeldOutside) {
        const { name } = held.document;
        const entry = { file: '', version: '', document: held.document, name: typeof name === 'string' ? name : '' };
        await this.unsaved.keep(`new-${randomUUID()}`, entry);
        return await this.copies.sit(seat, copy);
      }
      const opened = await this.takeIn(seat, copy, held.document, held.version);
      if (!isAnothers) return opened;
      await this.copies.takeOver(seat, copy);
      return await this.copies.openedBy(seat, copy);
    });
  }

  async update(seat: WindowSeat, id: string, document: Written): Promise<Updated> {
    return await this.turns.take(async () => {
      const copy = await this.copies.writable(seat, id);
      const judgement = await this.judge(copy, document);
      const state = copy.put(document, judgement, shownOf(document, judgement));
      copy.isSaved = copy.file !== undefined && isDeepStrictEqual(document, copy.baseline?.complete);
      this.copies.tellNewest(copy, seat);
      if (copy.isSaved) await this.keeper.forget(copy);
      else this.keeper.soon(copy);
      return { id: state.id, faults: judgement.faults, warnings: judgement.warnings };
    });
  }

  async save(seat: WindowSeat, id: string, path: string | undefined, overwrite: boolean): Promise<Saved> {
    return await this.turns.take(async () => {
      const copy = await this.copies.writable(seat, id);
      const file = path === undefined ? copy.file : await this.folder.locateTarget(path);
      if (file === undefined) {
        throw refused('document/no-file', 'the document has no file yet; save it under a name');
      }
      const name = this.folder.shown(file);
      const other = this.copies.ofFile(file);
      if (other !== undefined && other !== copy && other.seats.size > 0) {
        throw refused('document/in-use', `${name} is open in another window; choose another name`);
      }
      const version = await saveCopy(copy, file, overwrite, name, this.files);
      await this.keeper.forget(copy);
      await this.unsaved.forget(keyOfFile(file));
      if (other !== undefined && other !== copy) await this.drop(other);
      if (file !== copy.file) await this.copies.move(copy, file);
      copy.version = version;
      copy.toldVersion = version;
      copy.isSaved = true;
      await this.recent.add(file, copy.name);
      const saved: Saved = { path: name, version, savedAt: new Date().toISOString() };
      copy.tellOthers(seat, () => ({ kind: 'saved', ...saved }));
      return saved;
    });
  }

  async takeOver(seat: WindowSeat): Promise<OpenedDocument> {
    return await this.turns.take(async () => {
      const { copy } = seat;
      if (copy === undefined) return { kind: 'none' };
      await this.copies.takeOver(seat, copy);
      return await this.copies.openedBy(seat, copy);
    });
  }

  async recents(): Promise<Recents> {
    const files = (await this.recent.list()).filter(({ file }) => this.folder.contains(file));
    const documents = await Promise.all(
      files.map(async ({ file, name, usedAt }) => {
        const isThere = await access(file).then(
          () => true,
          () => false,
        );
        return isThere ? [{ path: this.folder.shown(file), name, usedAt }] : [];
      }),
    );
    const unsaved = await Promise.all(
      (await this.unsaved.list()).map(async ({ key, entry }) => {
        const isOpen = (this.copies.ofKey(key)?.seats.size ?? 0) > 0;
        if (isOpen || !this.isWithin(entry.file) || (await this.locks.isHeldByOther(key))) return [];
        return [await this.copies.recoveryOf(key, entry)];
      }),
    );
    return { documents: documents.flat(), unsaved: unsaved.flat() };
  }

  /** Opens unsaved work. Throws InputError when there is none of this key. */
  async recover(seat: WindowSeat, key: string): Promise<OpenedDocument> {
    return await this.moveOn(seat, async () => {
      const known = this.copies.ofKey(key);
      if (known !== undefined && !known.isSaved) return await this.copies.sit(seat, known);
      const entry = await this.unsaved.find(key);
      if (entry === undefined || !this.isWithin(entry.file)) {
        throw refused('document/nothing-kept', 'there is no unsaved work of this name any more');
      }
      if (known !== undefined && known.writer !== undefined && known.writer !== seat) {
        throw refused(
          'document/read-only',
          'another window writes this document; take over to recover its changes here',
        );
      }
      const copy = known ?? new WorkingCopy(entry.file === '' ? undefined : entry.file, key);
      return await this.takeIn(seat, copy, entry.document, entry.version);
    });
  }

  /** Throws unsaved work away, unless a window has it open. */
  async discard(key: string): Promise<void> {
    await this.turns.take(async () => {
      const copy = this.copies.ofKey(key);
      if (copy !== undefined && copy.seats.size > 0 && !copy.isSaved) return;
      if (copy !== undefined && copy.seats.size === 0) await this.drop(copy);
      await this.unsaved.forget(key);
    });
  }

  /** A state that a window names, ready to run. Throws InputError with its faults. */
  runnableOf(seat: WindowSeat, id: string): CaudalDocument {
    const state = seat.copy?.find(id);
    if (state === undefined) throw notOpen();
    const { runnable, faults } = state.judgement;
    if (runnable === undefined) throw new InputError(faults);
    return runnable;
  }

  /** The window is gone; what it changed is kept. */
  async leave(seat: WindowSeat): Promise<void> {
    await this.turns.take(async () => await this.copies.standUp(seat));
  }

  /** A file chosen outside the windows, on the system's desktop say: shown in this window, or in the next. */
  async openFrom(seat: WindowSeat | undefined, file: string): Promise<void> {
    await this.turns.take(async () => {
      if (seat === undefined) this.copies.latest = file;
      else seat.tell({ kind: 'opened', opened: await this.openFile(seat, file) });
    });
  }

  /** Keeps what is unsaved and frees what is locked. */
  async close(): Promise<void> {
    this.watch.stop();
    await this.turns.take(async () => {
      for (const copy of this.copies.all) {
        await this.keeper.now(copy);
        if (!copy.isHeldOutside) await this.locks.release(copy.key);
      }
    });
  }

  /**
   * The window turns to another document of its own accord, having asked its user about unsaved changes: those it leaves
   * behind are given up.
   */
  private async moveOn(seat: WindowSeat, turn: () => Promise<OpenedDocument>): Promise<OpenedDocument> {
    return await this.turns.take(async () => {
      const before = seat.copy;
      const opened = await turn();
      if (before !== undefined && before !== seat.copy && before.seats.size === 0 && !before.isSaved) {
        await this.keeper.forget(before);
        await this.copies.drop(before);
      }
      return opened;
    });
  }

  private async openFile(
    seat: WindowSeat,
    file: string,
    { mend = false, reread = false }: OpenOptions = {},
  ): Promise<OpenedDocument> {
    const known = this.copies.ofFile(file);
    const isAnothers = known?.writer !== undefined && known.writer !== seat;
    if (known !== undefined && !known.isSaved && (!reread || isAnothers)) return await this.copies.sit(seat, known);
    const path = this.folder.shown(file);
    const read = await readDocument(file, path, this.locate);
    if ('faults' in read && (!mend || read.draft === undefined)) {
      return { kind: 'faulty', path, faults: read.faults, canMend: read.draft !== undefined };
    }
    const found = 'faults' in read ? read.draft : read;
    invariant(found !== undefined, 'a draft was looked for');
    const copy = known ?? new WorkingCopy(file);
    if (reread) await this.keeper.forget(copy);
    if (known === undefined || !known.isSaved || known.version !== found.version) {
      fill(copy, found);
      this.copies.tellNewest(copy, seat);
    }
    const opened = await this.copies.sit(seat, copy);
    await this.recent.add(file, copy.name);
    return opened;
  }

  /** Work that was held elsewhere, in a window or against a crash. Its file is read for the form it is written in. */
  private async takeIn(
    seat: WindowSeat,
    copy: WorkingCopy,
    document: Written,
    version: string,
  ): Promise<OpenedDocument> {
    const { file } = copy;
    const read = file === undefined ? undefined : await readDocument(file, file, this.locate).catch(() => undefined);
    const found = read !== undefined && 'faults' in read ? read.draft : read;
    const judgement = await this.judge(copy, document);
    const shown = shownOf(document, judgement);
    if (shown === undefined && found === undefined) throw new InputError(judgement.faults);
    if (found !== undefined) fill(copy, found);
    copy.put(document, judgement, shown);
    copy.isSaved = found !== undefined && documentText(document, catalog) === documentText(found.document, catalog);
    if (!copy.isSaved) {
      copy.version = version;
      copy.toldVersion = version;
      this.keeper.soon(copy);
    }
    const opened = await this.copies.sit(seat, copy);
    this.copies.tellNewest(copy, seat);
    return opened;
  }

  private async judge(copy: WorkingCopy, document: Written): Promise<Judgement> {
    return await judge(document, copy.folderOr(this.folder.path), this.locate);
  }

  private async drop(copy: WorkingCopy): Promise<void> {
    this.keeper.cancel(copy);
    await this.copies.drop(copy);
  }

  /** Where the file of a window is, if it is still there and may be opened. */
  private async present(path: string): Promise<string | undefined> {
    try {
      const file = await this.locate(path);
      await access(file);
      return file;
    } catch {
      return undefined;
    }
  }

  private isWithin(file: string): boolean {
    return file === '' || this.folder.contains(file);
  }
}

export interface OpenOptions {
  /** A file with faults in values only is opened as a draft. */
  readonly mend?: boolean;
  /** Unsaved changes to the file are given up. */
  readonly reread?: boolean;
}

function fill(copy: WorkingCopy, { document, judgement, baseline, version }: ReadDocument): void {
  copy.baseline = baseline;
  copy.version = version;
  copy.toldVersion = version;
  copy.isSaved = true;
  copy.put(document, judgement, document);
}

function shownOf(document: Written, { complete, faults }: Judgement): CaudalDocument | undefined {
  return complete ?? (isDrawable(faults) ? withDefaults(document) : undefined);
}

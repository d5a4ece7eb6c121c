/** The documents that the windows of this host work on: opened, changed by one window each, kept against a crash, saved. */
import { access } from 'node:fs/promises';
import { documentText } from '#analysis/document-text.ts';
import * as catalog from '#catalog/specs.ts';
import { type FileWriter, nodeFiles } from '#host/files/save.ts';
import type { StartFolder } from '#host/router/start-folder.ts';
import { type CaudalDocument, schemaVersion } from '#schema/document.ts';
import { InputError, invariant } from '#schema/errors.ts';
import type { UnsavedEntry } from '#schema/host-state.ts';
import type { OpenDocument, OpenedDocument, Recents, Recovery, Saved, Updated } from '#schema/rpc.ts';
import { isDrawable, withDefaults } from './drafts.ts';
import { FileWatch } from './file-watch.ts';
import { type Judgement, judge } from './judge.ts';
import { type ReadDocument, readDocument, readDocumentText, versionOfFile } from './read-document.ts';
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
  /** Opened for the first window. */
  readonly file?: string | undefined;
  readonly files?: FileWriter | undefined;
}

/** Changes are kept against a crash this long after the first of them. */
const KEEP_AFTER_MS = 250;

export interface SaveTarget {
  readonly path?: string | undefined;
  readonly overwrite: boolean;
}

export class Documents {
  private readonly folder: StartFolder;
  private readonly files: FileWriter;
  private readonly unsaved: UnsavedWork;
  private readonly recent: RecentFiles;
  private readonly locks: WriterLocks;
  private readonly copies = new Set<WorkingCopy>();
  private readonly turns = new Turns();
  private readonly watch: FileWatch;
  private readonly timers = new Map<WorkingCopy, NodeJS.Timeout>();
  /** What a new window finds: the document used last, or the file of the command line. */
  private latest: WorkingCopy | string | undefined;

  constructor({ folder, state, file, files = nodeFiles }: DocumentsOptions) {
    this.folder = folder;
    this.files = files;
    this.unsaved = new UnsavedWork(state, files);
    this.recent = new RecentFiles(state);
    this.locks = new WriterLocks(state);
    this.latest = file;
    this.watch = new FileWatch(this.copies, this.locks, (path) => folder.shown(path));
  }

  async current(seat: WindowSeat, path?: string): Promise<OpenedDocument> {
    return await this.turns.take(async () => {
      if (seat.copy !== undefined) return await this.openedBy(seat, seat.copy);
      const before = path === undefined ? undefined : await this.folder.locate(path).catch(() => undefined);
      const known = before === undefined ? undefined : this.copyOf(before);
      const last = known ?? this.latest;
      if (last === undefined) return { kind: 'none' };
      if (typeof last === 'string') return await this.openFile(seat, last, {});
      if (last.isSaved && last.file !== undefined) return await this.openFile(seat, last.file, {});
      return await this.sit(seat, last);
    });
  }

  async open(
    seat: WindowSeat,
    path: string,
    options: { readonly mend?: boolean; readonly reread?: boolean } = {},
  ): Promise<OpenedDocument> {
    return await this.turns.take(async () => await this.openFile(seat, await this.folder.locate(path), options));
  }

  async create(seat: WindowSeat, name: string, text: string | undefined): Promise<OpenedDocument> {
    return await this.turns.take(async () => {
      const written = text ?? documentText({ schemaVersion, name, nodes: [] }, catalog);
      const place = `${this.folder.path}/new.caudal.json`;
      const read = await readDocumentText(written, place, 'the text', (file) => this.folder.locate(file));
      if ('faults' in read) return { kind: 'faulty', path: '', faults: read.faults, canMend: false };
      const copy = new WorkingCopy(undefined);
      this.fill(copy, read);
      copy.version = '';
      copy.isSaved = text === undefined;
      return await this.sit(seat, copy);
    });
  }

  async resume(
    seat: WindowSeat,
    held: { readonly path: string; readonly version: string; readonly document: Written },
  ): Promise<OpenedDocument> {
    return await this.turns.take(async () => {
      const file = held.path === '' ? undefined : await this.folder.locate(held.path);
      const known = file === undefined ? undefined : this.copyOf(file);
      if (known !== undefined && (known.writer !== undefined || !known.isSaved)) return await this.sit(seat, known);
      const copy = known ?? new WorkingCopy(file);
      await this.takeIn(copy, held.document, held.version);
      return await this.sit(seat, copy);
    });
  }

  async update(seat: WindowSeat, id: string, document: Written): Promise<Updated> {
    return await this.turns.take(async () => {
      const copy = this.writableCopyOf(seat, id);
      const judgement = await this.judge(copy, document);
      copy.put(document, judgement, shownOf(document, judgement));
      copy.isSaved = false;
      copy.tellOthers(seat, (other) => ({ kind: 'updated', opened: this.opened(other, copy) }));
      this.keepSoon(copy);
      const { faults, warnings } = judgement;
      return { id: copy.newest.id, faults, warnings };
    });
  }

  async save(seat: WindowSeat, id: string, target: SaveTarget): Promise<Saved> {
    return await this.turns.take(async () => {
      const copy = this.writableCopyOf(seat, id);
      const file = target.path === undefined ? copy.file : await this.folder.locateTarget(target.path);
      if (file === undefined) {
        throw refused('document/no-file', 'the document has no file yet; save it under a name');
      }
      if (await this.isTakenOutside(copy)) throw readOnly(copy);
      const other = this.copyOf(file);
      if (other !== undefined && other !== copy && other.seats.size > 0) {
        throw refused('document/in-use', `${this.folder.shown(file)} is open in another window; choose another name`);
      }
      const before = copy.key;
      const version = await saveCopy(copy, file, target.overwrite, this.folder.shown(file), this.files);
      this.drop(other);
      this.cancelKeeping(copy);
      await this.unsaved.forget(before);
      await this.unsaved.forget(keyOfFile(file));
      if (file !== copy.file) await this.move(copy, file);
      copy.version = version;
      copy.toldVersion = version;
      copy.isSaved = true;
      await this.recent.add(file, copy.name);
      const saved: Saved = { path: this.folder.shown(file), version, savedAt: new Date().toISOString() };
      copy.tellOthers(seat, () => ({ kind: 'saved', ...saved }));
      return saved;
    });
  }

  async takeOver(seat: WindowSeat): Promise<OpenedDocument> {
    return await this.turns.take(async () => {
      const { copy } = seat;
      if (copy === undefined) return { kind: 'none' };
      if (copy.isHeldOutside) await this.reclaim(copy);
      copy.writer = seat;
      copy.tellAccess(seat);
      return await this.openedBy(seat, copy);
    });
  }

  async recents(): Promise<Recents> {
    const files = (await this.recent.list()).filter(({ file }) => this.folder.contains(file));
    const present = await Promise.all(
      files.map(({ file }) =>
        access(file).then(
          () => true,
          () => false,
        ),
      ),
    );
    const documents = files
      .filter((_, index) => present[index])
      .map(({ file, name, usedAt }) => ({ path: this.folder.shown(file), name, usedAt }));
    const open = new Set([...this.copies].filter(({ seats }) => seats.size > 0).map(({ key }) => key));
    const kept = (await this.unsaved.list()).filter(
      ({ key, entry }) => !open.has(key) && (entry.file === '' || this.folder.contains(entry.file)),
    );
    const free = await Promise.all(kept.map(async ({ key }) => !(await this.locks.isHeldByOther(key))));
    const unsaved = await Promise.all(
      kept.filter((_, index) => free[index]).map(({ key, entry }) => this.recoveryOf(key, entry)),
    );
    return { documents, unsaved };
  }

  async recover(seat: WindowSeat, key: string): Promise<OpenedDocument> {
    return await this.turns.take(async () => {
      const entry = await this.unsaved.find(key);
      if (entry === undefined || (entry.file !== '' && !this.folder.contains(entry.file))) {
        throw refused('document/nothing-kept', 'there is no unsaved work of this name any more');
      }
      const known = [...this.copies].find((copy) => copy.key === key);
      if (known !== undefined && !known.isSaved) return await this.sit(seat, known);
      const copy = known ?? new WorkingCopy(entry.file === '' ? undefined : entry.file, key);
      await this.takeIn(copy, entry.document, entry.version);
      const opened = await this.sit(seat, copy);
      copy.tellOthers(seat, (other) => ({ kind: 'updated', opened: this.opened(other, copy) }));
      return opened;
    });
  }

  async discard(key: string): Promise<void> {
    await this.turns.take(async () => {
      const copy = [...this.copies].find((candidate) => candidate.key === key);
      if (copy !== undefined && copy.seats.size > 0 && !copy.isSaved) return;
      this.drop(copy);
      await this.unsaved.forget(key);
    });
  }

  /** A state that a window names, ready to run. */
  runnableOf(seat: WindowSeat, id: string): CaudalDocument {
    const state = seat.copy?.find(id);
    if (state === undefined) throw notOpen();
    const { runnable, faults } = state.judgement;
    if (runnable === undefined) throw new InputError(faults);
    return runnable;
  }

  /** The window is gone. What it changed is kept; nobody else becomes the writer unasked. */
  async leave(seat: WindowSeat): Promise<void> {
    await this.turns.take(async () => await this.standUp(seat));
  }

  /** A file opened from outside the windows, such as from the system's desktop: shown in this window. */
  async openFrom(seat: WindowSeat, file: string): Promise<void> {
    const opened = await this.turns.take(async () => await this.openFile(seat, file, {}));
    seat.tell({ kind: 'opened', opened });
  }

  /** What a window without a document finds next. */
  setLatest(file: string): void {
    this.latest = file;
  }

  /** Keeps what is unsaved and frees what is locked. */
  async close(): Promise<void> {
    this.watch.stop();
    await this.turns.take(async () => {
      for (const copy of this.copies) {
        await this.keep(copy);
        await this.locks.release(copy.key);
      }
    });
  }

  private async openFile(
    seat: WindowSeat,
    file: string,
    { mend = false, reread = false }: { readonly mend?: boolean; readonly reread?: boolean },
  ): Promise<OpenedDocument> {
    const known = this.copyOf(file);
    const path = this.folder.shown(file);
    if (known !== undefined && (!known.isSaved || (await versionOfFile(file)) === known.version)) {
      const mayReread = reread && (known.writer === undefined || known.writer === seat);
      if (!mayReread || known.isSaved) return await this.sit(seat, known);
    }
    const read = await readDocument(file, path, (trace) => this.folder.locate(trace));
    if ('faults' in read && (!mend || read.draft === undefined)) {
      return { kind: 'faulty', path, faults: read.faults, canMend: read.draft !== undefined };
    }
    const found = 'faults' in read ? read.draft : read;
    invariant(found !== undefined, 'a draft was looked for');
    const copy = known ?? new WorkingCopy(file);
    this.fill(copy, found);
    if (reread) {
      this.cancelKeeping(copy);
      await this.unsaved.forget(copy.key);
    }
    const opened = await this.sit(seat, copy);
    copy.tellOthers(seat, (other) => ({ kind: 'updated', opened: this.opened(other, copy) }));
    await this.recent.add(file, copy.name);
    return opened;
  }

  private fill(copy: WorkingCopy, read: ReadDocument): void {
    copy.baseline = read.baseline;
    copy.version = read.version;
    copy.toldVersion = read.version;
    copy.isSaved = true;
    copy.put(read.document, read.judgement, read.document);
  }

  /** Work that was held elsewhere: in a window, or kept against a crash. The file is read for the form it is written in. */
  private async takeIn(copy: WorkingCopy, document: Written, version: string): Promise<void> {
    const { file } = copy;
    const read =
      file === undefined
        ? undefined
        : await readDocument(file, file, (trace) => this.folder.locate(trace)).catch(() => undefined);
    const found = read !== undefined && 'faults' in read ? read.draft : read;
    const judgement = await this.judge(copy, document);
    const shown = shownOf(document, judgement);
    if (shown === undefined && found === undefined) throw new InputError(judgement.faults);
    if (found !== undefined) this.fill(copy, found);
    copy.put(document, judgement, shown);
    copy.isSaved = found !== undefined && documentText(document, catalog) === documentText(found.document, catalog);
    if (copy.isSaved) return;
    copy.version = version;
    copy.toldVersion = version;
    this.keepSoon(copy);
  }

  private async judge(copy: WorkingCopy, document: Written): ReturnType<typeof judge> {
    return await judge(document, copy.folderOr(this.folder.path), (trace) => this.folder.locate(trace));
  }

  private async sit(seat: WindowSeat, copy: WorkingCopy): Promise<OpenDocument> {
    if (seat.copy !== copy) {
      await this.standUp(seat);
      if (!this.copies.has(copy)) {
        this.copies.add(copy);
        copy.isHeldOutside = !(await this.locks.take(copy.key));
      }
      seat.copy = copy;
      copy.seat(seat);
    }
    this.latest = copy;
    return await this.openedBy(seat, copy);
  }

  private async standUp(seat: WindowSeat): Promise<void> {
    const { copy } = seat;
    if (copy === undefined) return;
    seat.copy = undefined;
    copy.seats.delete(seat);
    if (copy.writer === seat) {
      copy.writer = undefined;
      copy.tellAccess();
    }
    if (copy.seats.size > 0 || !copy.isSaved) return;
    this.copies.delete(copy);
    if (this.latest === copy) this.latest = copy.file;
    if (!copy.isHeldOutside) await this.locks.release(copy.key);
  }

  private drop(copy: WorkingCopy | undefined): void {
    if (copy === undefined || copy.seats.size > 0) return;
    this.cancelKeeping(copy);
    this.copies.delete(copy);
    if (this.latest === copy) this.latest = copy.file;
  }

  private async move(copy: WorkingCopy, file: string): Promise<void> {
    await this.locks.release(copy.key);
    copy.file = file;
    copy.key = keyOfFile(file);
    copy.isHeldOutside = !(await this.locks.take(copy.key));
  }

  private async openedBy(seat: WindowSeat, copy: WorkingCopy): Promise<OpenDocument> {
    const opened = this.opened(seat, copy);
    const entry = copy.isSaved ? await this.unsaved.find(copy.key) : undefined;
    if (entry === undefined || copy.isHeldOutside) return opened;
    return { ...opened, recovery: await this.recoveryOf(copy.key, entry) };
  }

  private opened(seat: WindowSeat, copy: WorkingCopy): OpenDocument {
    const { id, judgement, shown } = copy.newest;
    const { faults, warnings } = judgement;
    const path = copy.file === undefined ? '' : this.folder.shown(copy.file);
    const access = copy.accessOf(seat);
    const kind = faults.length === 0 ? 'valid' : 'draft';
    return { kind, id, path, document: shown, faults, warnings, isSaved: copy.isSaved, version: copy.version, access };
  }

  private async recoveryOf(key: string, { file, name, keptAt, version }: UnsavedEntry): Promise<Recovery> {
    const hasFileChanged = file !== '' && (await versionOfFile(file)) !== version;
    return { key, path: file === '' ? '' : this.folder.shown(file), name, keptAt, hasFileChanged };
  }

  private writableCopyOf(seat: WindowSeat, id: string): WorkingCopy {
    const { copy } = seat;
    if (copy?.find(id) === undefined) throw notOpen();
    if (copy.writer !== seat || copy.isHeldOutside) throw readOnly(copy);
    return copy;
  }

  private async isTakenOutside(copy: WorkingCopy): Promise<boolean> {
    if (!(await this.locks.isHeldByOther(copy.key))) return false;
    copy.isHeldOutside = true;
    copy.tellAccess();
    return true;
  }

  private async reclaim(copy: WorkingCopy): Promise<void> {
    await this.locks.seize(copy.key);
    copy.isHeldOutside = false;
  }

  private copyOf(file: string): WorkingCopy | undefined {
    return [...this.copies].find((copy) => copy.file === file);
  }

  private keepSoon(copy: WorkingCopy): void {
    if (this.timers.has(copy)) return;
    const timer = setTimeout(() => {
      this.timers.delete(copy);
      void this.turns.take(async () => await this.keep(copy));
    }, KEEP_AFTER_MS);
    this.timers.set(copy, timer);
  }

  private cancelKeeping(copy: WorkingCopy): void {
    clearTimeout(this.timers.get(copy));
    this.timers.delete(copy);
  }

  private async keep(copy: WorkingCopy): Promise<void> {
    this.cancelKeeping(copy);
    if (copy.isSaved || !this.copies.has(copy)) return;
    const { document } = copy.newest;
    try {
      await this.unsaved.keep(copy.key, { file: copy.file ?? '', name: copy.name, version: copy.version, document });
      copy.isUnprotected = false;
    } catch (error) {
      if (copy.isUnprotected) return;
      copy.isUnprotected = true;
      const reason = error instanceof Error ? error.message : String(error);
      const message = `unsaved changes cannot be kept against a crash, so save often: ${reason}`;
      copy.tellOthers(undefined, () => ({ kind: 'unprotected', message }));
    }
  }
}

function shownOf(document: Written, { complete, faults }: Judgement): CaudalDocument | undefined {
  return complete ?? (isDrawable(faults) ? withDefaults(document) : undefined);
}

function refused(code: string, message: string): InputError {
  return new InputError([{ code, path: '', message }]);
}

function notOpen(): InputError {
  return refused('document/not-open', 'the document was opened before this host started; reload the window');
}

function readOnly(copy: WorkingCopy): InputError {
  const who = copy.isHeldOutside ? 'another program' : 'another window';
  return refused('document/read-only', `${who} writes this document; take over to change it here`);
}

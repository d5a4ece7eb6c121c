/** Which documents are open, in which windows, and who writes them: windows sit down at a copy and stand up from it. */
import { isDeepStrictEqual } from 'node:util';
import type { StartFolder } from '#host/router/start-folder.ts';
import { InputError } from '#schema/errors.ts';
import type { UnsavedEntry } from '#schema/host-state.ts';
import type { OpenDocument, Recovery } from '#schema/rpc.ts';
import { versionOfFile } from './read-document.ts';
import { keyOfFile, type UnsavedWork } from './unsaved-work.ts';
import type { WindowSeat } from './window-seat.ts';
import type { WorkingCopy } from './working-copy.ts';
import type { WriterLocks } from './writer-lock.ts';

export class OpenCopies {
  readonly all = new Set<WorkingCopy>();
  /** What a new window finds: the document used last, or the file of the command line. */
  latest: WorkingCopy | string | undefined;
  private readonly folder: StartFolder;
  private readonly locks: WriterLocks;
  private readonly unsaved: UnsavedWork;

  constructor(folder: StartFolder, locks: WriterLocks, unsaved: UnsavedWork) {
    this.folder = folder;
    this.locks = locks;
    this.unsaved = unsaved;
  }

  ofFile(file: string): WorkingCopy | undefined {
    return [...this.all].find((copy) => copy.file === file);
  }

  ofKey(key: string): WorkingCopy | undefined {
    return [...this.all].find((copy) => copy.key === key);
  }

  /** The window has this copy open from now on, in place of another. */
  async sit(seat: WindowSeat, copy: WorkingCopy): Promise<OpenDocument> {
    if (seat.copy !== copy) {
      await this.standUp(seat);
      if (!this.all.has(copy)) {
        this.all.add(copy);
        copy.isHeldOutside = !(await this.locks.take(copy.key));
      }
      seat.copy = copy;
      copy.seat(seat);
    }
    this.latest = copy;
    return await this.openedBy(seat, copy);
  }

  /** A copy that nobody has open goes, unless it has changes; nobody becomes the writer unasked. */
  async standUp(seat: WindowSeat): Promise<void> {
    const { copy } = seat;
    if (copy === undefined) return;
    seat.copy = undefined;
    copy.seats.delete(seat);
    if (copy.writer === seat) {
      copy.writer = undefined;
      copy.tellAccess();
    }
    if (copy.seats.size === 0 && copy.isSaved) await this.drop(copy);
  }

  async drop(copy: WorkingCopy): Promise<void> {
    this.all.delete(copy);
    if (this.latest === copy) this.latest = copy.file;
    if (!copy.isHeldOutside) await this.locks.release(copy.key);
  }

  /** The copy is of another file from now on. */
  async move(copy: WorkingCopy, file: string): Promise<void> {
    await this.locks.release(copy.key);
    copy.file = file;
    copy.key = keyOfFile(file);
    copy.isHeldOutside = !(await this.locks.take(copy.key));
  }

  async takeOver(seat: WindowSeat, copy: WorkingCopy): Promise<void> {
    if (copy.isHeldOutside) await this.locks.seize(copy.key);
    copy.isHeldOutside = false;
    copy.writer = seat;
    copy.tellAccess(seat);
  }

  /** The copy of which a window names a state, if it may write it. Throws InputError. */
  async writable(seat: WindowSeat, id: string): Promise<WorkingCopy> {
    const { copy } = seat;
    if (copy?.find(id) === undefined) throw notOpen();
    if (copy.writer === seat && !copy.isHeldOutside && (await this.locks.isHeldByOther(copy.key))) {
      copy.isHeldOutside = true;
      copy.tellAccess();
    }
    if (copy.writer === seat && !copy.isHeldOutside) return copy;
    const who = copy.isHeldOutside ? 'another program' : 'another window';
    throw refused('document/read-only', `${who} writes this document; take over to change it here`);
  }

  /** As the window shows it. */
  opened(seat: WindowSeat, copy: WorkingCopy): OpenDocument {
    const { id, judgement, shown } = copy.newest;
    const { faults, warnings } = judgement;
    const path = copy.file === undefined ? '' : this.folder.shown(copy.file);
    const access = copy.accessOf(seat);
    const kind = faults.length === 0 ? 'valid' : 'draft';
    return { kind, id, path, document: shown, faults, warnings, isSaved: copy.isSaved, version: copy.version, access };
  }

  /** As `opened`, with unsaved work that an earlier session left. */
  async openedBy(seat: WindowSeat, copy: WorkingCopy): Promise<OpenDocument> {
    const opened = this.opened(seat, copy);
    const entry = copy.isSaved && !copy.isHeldOutside ? await this.unsaved.find(copy.key) : undefined;
    if (entry === undefined) return opened;
    // The crash came after the file was written.
    if (isDeepStrictEqual(entry.document, copy.baseline?.complete)) {
      await this.unsaved.forget(copy.key);
      return opened;
    }
    return { ...opened, recovery: await this.recoveryOf(copy.key, entry) };
  }

  tellNewest(copy: WorkingCopy, except: WindowSeat): void {
    copy.tellOthers(except, (other) => ({ kind: 'updated', opened: this.opened(other, copy) }));
  }

  async recoveryOf(key: string, { file, name, keptAt, version }: UnsavedEntry): Promise<Recovery> {
    const hasFileChanged = file !== '' && (await versionOfFile(file)) !== version;
    return { key, path: file === '' ? '' : this.folder.shown(file), name, keptAt, hasFileChanged };
  }
}

export function refused(code: string, message: string): InputError {
  return new InputError([{ code, path: '', message }]);
}

export function notOpen(): InputError {
  return refused('document/not-open', 'the document was opened before this host started; reload the window');
}

/** Notices that another program has changed a file that is open, or has taken over writing it. Looks, as not every disk tells. */
import { stat } from 'node:fs/promises';
import { versionOfFile } from './read-document.ts';
import type { WorkingCopy } from './working-copy.ts';
import type { WriterLocks } from './writer-lock.ts';

const LOOK_EVERY_MS = 1000;

export class FileWatch {
  private readonly copies: ReadonlySet<WorkingCopy>;
  private readonly locks: WriterLocks;
  private readonly shown: (file: string) => string;
  private readonly timer: NodeJS.Timeout;
  /** Time of change and size when last looked at: only a file that differs is read. */
  private readonly looks = new WeakMap<WorkingCopy, string>();
  private isLooking = false;

  constructor(copies: ReadonlySet<WorkingCopy>, locks: WriterLocks, shown: (file: string) => string) {
    this.shown = shown;
    this.copies = copies;
    this.locks = locks;
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    for (const copy of this.copies) {
      if (copy.seats.size === 0) continue;
      await this.lookAtFile(copy);
      await this.lookAtLock(copy);
    }
    this.isLooking = false;
  }

  private async lookAtFile(copy: WorkingCopy): Promise<void> {
    const { file } = copy;
    if (file === undefined) return;
    const look = await stat(file).then(
      ({ mtimeMs, size }) => `${file} ${mtimeMs} ${size}`,
      () => `${file} gone`,
    );
    if (this.looks.get(copy) === look) return;
    this.looks.set(copy, look);
    const version = await versionOfFile(file);
    // It may have been saved, or saved elsewhere, while its file was read.
    if (copy.file !== file || version === copy.version || version === copy.toldVersion) return;
    copy.toldVersion = version;
    copy.tellOthers(undefined, () => ({ kind: 'changed', path: this.shown(file), version }));
  }

  private async lookAtLock(copy: WorkingCopy): Promise<void> {
    const isHeldOutside = await this.locks.isHeldByOther(copy.key);
    if (!isHeldOutside && !copy.isHeldOutside) await this.locks.touch(copy.key);
    if (isHeldOutside === copy.isHeldOutside) return;
    if (!isHeldOutside) await this.locks.take(copy.key);
    copy.isHeldOutside = isHeldOutside;
    copy.tellAccess();
  }
}

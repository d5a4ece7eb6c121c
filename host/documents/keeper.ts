/** Keeps changed copies against a crash, a moment after each change. What cannot be kept is told once. */
import type { Turns } from './turns.ts';
import type { UnsavedWork } from './unsaved-work.ts';
import type { WorkingCopy } from './working-copy.ts';

/** After the first change since it was last kept. */
const KEEP_AFTER_MS = 250;

export class Keeper {
  private readonly unsaved: UnsavedWork;
  private readonly turns: Turns;
  private readonly timers = new Map<WorkingCopy, NodeJS.Timeout>();

  constructor(unsaved: UnsavedWork, turns: Turns) {
    this.unsaved = unsaved;
    this.turns = turns;
  }

  soon(copy: WorkingCopy): void {
    if (this.timers.has(copy)) return;
    const keep = (): void => void this.turns.take(async () => await this.now(copy));
    this.timers.set(copy, setTimeout(keep, KEEP_AFTER_MS));
  }

  cancel(copy: WorkingCopy): void {
    clearTimeout(this.timers.get(copy));
    this.timers.delete(copy);
  }

  async now(copy: WorkingCopy): Promise<void> {
    this.cancel(copy);
    if (copy.isSaved) return;
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

  /** There is nothing to keep any more. */
  async forget(copy: WorkingCopy): Promise<void> {
    this.cancel(copy);
    await this.unsaved.forget(copy.key);
  }
}

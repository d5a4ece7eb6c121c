/**
 * One program writes a document: a small file names it. The file of a program that was killed is recognised by its process
 * being gone, or by not having been touched for a while (its number may have gone to another process). Where the file cannot
 * be written there is no lock, and nobody is kept from working: the check of the file's content on saving remains.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '#host/files/save.ts';
import { lockHolderSchema } from '#schema/host-state.ts';

/** A live holder touches its locks far more often than this. */
const STALE_MS = 60_000;

export class WriterLocks {
  private readonly folder: string;
  /** Names this host, as a process may hold several in tests. */
  private readonly owner = randomUUID();

  constructor(state: string) {
    this.folder = join(state, 'writers');
  }

  /** True when this host is now the writer's. */
  async take(key: string): Promise<boolean> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
    try {
      await writeFile(this.pathOf(key), this.content(), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return true;
    }
    if (await this.isHeldByOther(key)) return false;
    await this.seize(key);
    return true;
  }

  /** Takes it from whoever has it; that one notices at its next check. */
  async seize(key: string): Promise<void> {
    await writeAtomically(this.pathOf(key), this.content(), { newMode: 0o600 }).catch(() => undefined);
  }

  /** True when another program that is alive has it. */
  async isHeldByOther(key: string): Promise<boolean> {
    try {
      const path = this.pathOf(key);
      const holder = lockHolderSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      if (holder.owner === this.owner) return false;
      return isAlive(holder.pid) && Date.now() - (await stat(path)).mtimeMs < STALE_MS;
    } catch {
      return false;
    }
  }

  /** Says that the holder is alive. */
  async touch(key: string): Promise<void> {
    const now = new Date();
    await utimes(this.pathOf(key), now, now).catch(() => undefined);
  }

  async release(key: string): Promise<void> {
    if (!(await this.isHeldByOther(key))) await unlink(this.pathOf(key)).catch(() => undefined);
  }

  private content(): string {
    return `${JSON.stringify({ pid: process.pid, owner: this.owner })}\n`;
  }

  private pathOf(key: string): string {
    return join(this.folder, `${key}.json`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

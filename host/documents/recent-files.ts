/** The files used last, newest first. Nothing depends on them: what cannot be read or written is forgotten. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '#host/files/save.ts';
import { type RecentFile, recentFilesSchema } from '#schema/host-state.ts';

const MOST_RECENT = 20;

export class RecentFiles {
  private readonly folder: string;
  private readonly path: string;

  constructor(state: string) {
    this.folder = state;
    this.path = join(state, 'recent.json');
  }

  async list(): Promise<readonly RecentFile[]> {
    try {
      return recentFilesSchema.parse(JSON.parse(await readFile(this.path, 'utf8')));
    } catch {
      return [];
    }
  }

  async add(file: string, name: string): Promise<void> {
    const others = (await this.list()).filter((entry) => entry.file !== file);
    const entries = [{ file, name, usedAt: new Date().toISOString() }, ...others].slice(0, MOST_RECENT);
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeAtomically(this.path, `${JSON.stringify(entries, null, 2)}\n`, { newMode: 0o600 });
    } catch {
      return;
    }
  }
}

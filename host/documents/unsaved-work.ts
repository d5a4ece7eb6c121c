/**
 * Unsaved work, kept beside the product's own state so that a crash loses nothing: one file a document, written atomically,
 * readable by its owner only. What cannot be read is no work that could be given back.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileWriter, nodeFiles, writeAtomically } from '#host/files/save.ts';
import { type UnsavedEntry, unsavedEntrySchema } from '#schema/host-state.ts';

/** The key of a file's unsaved work. */
export function keyOfFile(file: string): string {
  return createHash('sha256').update(file).digest('hex').slice(0, 40);
}

export class UnsavedWork {
  private readonly folder: string;
  private readonly files: FileWriter;

  constructor(state: string, files: FileWriter = nodeFiles) {
    this.folder = join(state, 'unsaved');
    this.files = files;
  }

  /** Throws EnvironmentError when it cannot be kept. */
  async keep(key: string, entry: Omit<UnsavedEntry, 'format' | 'keptAt'>): Promise<void> {
    const content: UnsavedEntry = { format: 1, keptAt: new Date().toISOString(), ...entry };
    await mkdir(this.folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
    await writeAtomically(this.pathOf(key), `${JSON.stringify(content)}\n`, { files: this.files, newMode: 0o600 });
  }

  async find(key: string): Promise<UnsavedEntry | undefined> {
    try {
      return unsavedEntrySchema.parse(JSON.parse(await readFile(this.pathOf(key), 'utf8')));
    } catch {
      return undefined;
    }
  }

  async forget(key: string): Promise<void> {
    await unlink(this.pathOf(key)).catch(() => undefined);
  }

  /** Newest first. */
  async list(): Promise<readonly { readonly key: string; readonly entry: UnsavedEntry }[]> {
    const names = await readdir(this.folder).catch(() => []);
    const keys = names.flatMap((name) => /^([a-z0-9-]+)\.json$/.exec(name)?.[1] ?? []);
    const found = await Promise.all(
      keys.map(async (key) => {
        const entry = await this.find(key);
        return entry === undefined ? [] : [{ key, entry }];
      }),
    );
    return found.flat().sort((a, b) => (a.entry.keptAt < b.entry.keptAt ? 1 : -1));
  }

  private pathOf(key: string): string {
    return join(this.folder, `${key}.json`);
  }
}

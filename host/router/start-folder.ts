/**
 * The folder a window may open files in: what lies elsewhere is neither listed nor opened, through links either. A window
 * whose files are chosen in the system's own dialogs is not held to it.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import type { FileEntry, FileKind, FolderListing } from '#schema/rpc.ts';
import { savedRunEnding } from '#schema/saved-run.ts';

const DOCUMENT_ENDING = '.caudal.json';
const ENDINGS: Readonly<Record<FileKind, string>> = { document: DOCUMENT_ENDING, run: savedRunEnding };
/** Entries of one folder that are listed at most. */
const MOST_ENTRIES = 2000;

export class StartFolder {
  private readonly root: string;
  private readonly isBounded: boolean;

  private constructor(root: string, isBounded: boolean) {
    this.root = root;
    this.isBounded = isBounded;
  }

  static async open(path: string, isBounded = true): Promise<StartFolder> {
    try {
      return new StartFolder(await realpath(path), isBounded);
    } catch (error) {
      throw new EnvironmentError('file/no-folder', `${path} is not a folder that can be read`, { cause: error });
    }
  }

  get name(): string {
    return basename(this.root) || this.root;
  }

  /** The path of a file as a window sees it. */
  shown(path: string): string {
    if (!this.isBelow(path) && !this.isBounded) return path;
    return relative(this.root, path).split(sep).join('/') || '.';
  }

  /** The folder itself, by its full path. */
  get path(): string {
    return this.root;
  }

  contains(path: string): boolean {
    return !this.isBounded || this.isBelow(path);
  }

  private isBelow(path: string): boolean {
    const inside = relative(this.root, path);
    return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  }

  /** The real path of something in the folder, as the window names it. Throws InputError for anything else. */
  async locate(path: string): Promise<string> {
    const asked = path.includes('\0') ? '' : resolve(this.root, path);
    if (asked === '' || !this.contains(asked)) throw outside(path);
    const real = await realpath(asked).catch(() => asked);
    if (!this.contains(real)) throw outside(path);
    return real;
  }

  /** The real path of a file to be written, which need not exist; its folder must. The ending is added when missing. */
  async locateTarget(path: string, ending = DOCUMENT_ENDING): Promise<string> {
    const named = path.endsWith(ending) ? path : `${path.replace(/\.json$/, '')}${ending}`;
    const real = await this.locate(named);
    const folder = await realpath(dirname(real)).catch(() => dirname(real));
    if (!this.contains(folder)) throw outside(path);
    return join(folder, basename(real));
  }

  /** Folders first, then documents or saved runs, each by name. Hidden ones and other files are left out. */
  async list(path: string, kind: FileKind = 'document'): Promise<FolderListing> {
    const folder = await this.locate(path);
    const names = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      throw new InputError([
        { code: 'file/not-found', path: '', message: `${path} is not a folder that can be read: ${String(error)}` },
      ]);
    });
    const visible = names.filter(
      (entry) =>
        !entry.name.startsWith('.') &&
        entry.name !== 'node_modules' &&
        (entry.isDirectory() || entry.name.endsWith(ENDINGS[kind])),
    );
    const entries = await Promise.all(
      visible.slice(0, MOST_ENTRIES).map((entry) => this.entry(join(folder, entry.name), kind)),
    );
    const order = (entry: FileEntry): string => `${entry.kind === 'folder' ? 0 : 1} ${entry.name.toLowerCase()}`;
    return {
      path: folder === this.root ? '' : this.shown(folder),
      entries: entries.flat().sort((a, b) => (order(a) < order(b) ? -1 : 1)),
    };
  }

  private async entry(path: string, fileKind: FileKind): Promise<FileEntry[]> {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return [];
    const kind = found.isDirectory() ? 'folder' : fileKind;
    return [
      { name: basename(path), path: this.shown(path), kind, bytes: found.size, modifiedAt: found.mtime.toISOString() },
    ];
  }
}

function outside(path: string): InputError {
  const message = 'lies outside the folder Caudal was started in; start it in that folder to open the file';
  return new InputError([{ code: 'file/outside-folder', path: '', received: path, message: `${path} ${message}` }]);
}

/** The files of the built window: read once, compressed once, served with their type. */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt']);

export interface StaticFile {
  readonly type: string;
  readonly content: Buffer;
  /** Where compression is worth it. */
  readonly compressed: Buffer | undefined;
  /** True for files whose name holds a hash of what they contain. */
  readonly isImmutable: boolean;
}

export class StaticFiles {
  private readonly root: string;
  private readonly held = new Map<string, Promise<StaticFile | undefined>>();

  constructor(root: string) {
    this.root = root;
  }

  /** The file of a URL path, or undefined; never one outside the folder. */
  async find(urlPath: string): Promise<StaticFile | undefined> {
    const path = pathOf(urlPath);
    if (path === undefined) return undefined;
    // The page itself is read anew: a rebuilt window has other file names in it.
    if (path === PAGE) return await this.read(path);
    const held = this.held.get(path);
    if (held !== undefined) return await held;
    const reading = this.read(path);
    this.held.set(path, reading);
    const file = await reading;
    if (file === undefined) this.held.delete(path);
    return file;
  }

  private async read(path: string): Promise<StaticFile | undefined> {
    const ending = extname(path);
    const type = TYPES[ending];
    if (type === undefined) return undefined;
    try {
      const real = await realpath(join(this.root, path));
      if (!real.startsWith((await realpath(this.root)) + sep)) return undefined;
      const content = await readFile(real);
      const compressed = COMPRESSIBLE.has(ending) ? await compress(content) : undefined;
      return { type, content, compressed, isImmutable: path.startsWith('assets/') };
    } catch {
      return undefined;
    }
  }
}

const PAGE = 'index.html';

/** Relative path of a URL path; undefined for one that is malformed or tries to leave the folder. */
function pathOf(urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (!decoded.startsWith('/') || /[\0\\:]/.test(decoded)) return undefined;
  const parts = decoded.slice(1).split('/');
  if (parts.some((part) => part.startsWith('.'))) return undefined;
  return decoded === '/' ? PAGE : parts.join('/');
}

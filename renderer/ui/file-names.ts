/** Names of documents and of saved runs as files. */
import type { FileKind } from '#schema/rpc.ts';
import { savedRunEnding } from '#schema/saved-run.ts';

const ENDINGS: Readonly<Record<FileKind, string>> = { document: '.caudal.json', run: savedRunEnding };
const TYPED: Readonly<Record<FileKind, RegExp>> = { document: /(\.caudal)?\.json$/, run: /\.caudal-run$/ };

/** The name with the ending that says what the file is. */
export function withEnding(name: string, kind: FileKind = 'document'): string {
  return `${name.trim().replace(TYPED[kind], '')}${ENDINGS[kind]}`;
}

/** What is wrong with a name, in words; undefined where nothing is. */
export function fileFault(name: string, kind: FileKind = 'document'): string | undefined {
  const stem = name.trim().replace(TYPED[kind], '');
  if (stem === '') return 'Give the file a name.';
  if (/[/\\]/.test(stem)) return 'A name has no slashes; choose the folder below.';
  // Other systems refuse these; a file should move between them.
  if (/[<>:"|?*]/.test(stem) || hasControl(stem)) return 'A name has none of < > : " | ? *';
  if (stem.startsWith('.')) return 'A name that begins with a dot would be hidden.';
  return stem.length > 200 ? 'A name has at most 200 characters.' : undefined;
}

function hasControl(text: string): boolean {
  return Array.from(text, (letter) => letter.charCodeAt(0)).some((code) => code < 32);
}

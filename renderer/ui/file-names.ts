/** Names of documents as files. */

const ENDING = '.caudal.json';

/** The name with the ending that says what the file is. */
export function withEnding(name: string): string {
  const clean = name.trim();
  return clean.endsWith(ENDING) ? clean : `${clean.replace(/\.json$/, '')}${ENDING}`;
}

/** What is wrong with a name, in words; undefined where nothing is. */
export function fileFault(name: string): string | undefined {
  const stem = name.trim().replace(/(\.caudal)?\.json$/, '');
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

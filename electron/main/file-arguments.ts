/** Which document a start of the program names: by command line, or by a double click that becomes one. */
import { isAbsolute, resolve } from 'node:path';

/** Full path of the first document among the words of a command line; words before it may be Electron's own. */
export function documentOf(words: readonly string[], folder: string): string | undefined {
  const named = words.slice(1).find((word) => !word.startsWith('-') && word.endsWith('.json'));
  if (named === undefined) return undefined;
  return isAbsolute(named) ? named : resolve(folder, named);
}

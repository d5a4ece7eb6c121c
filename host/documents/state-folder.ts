/** Where Caudal keeps what is not part of any document: unsaved work, recent files, who writes what. */
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** `CAUDAL_STATE` wins; else the place the system has for such things. */
export function stateFolder(
  environment: Environment = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  const named = environment['CAUDAL_STATE'];
  if (named) return named;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Caudal');
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Caudal');
  return join(environment['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'caudal');
}

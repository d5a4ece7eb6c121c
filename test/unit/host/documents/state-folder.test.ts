import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stateFolder } from '#host/documents/state-folder.ts';

const home = join('home', 'ann');

describe('stateFolder', () => {
  it.each([
    ['linux', {}, join(home, '.local', 'state', 'caudal')],
    ['linux', { XDG_STATE_HOME: join('var', 'ann') }, join('var', 'ann', 'caudal')],
    ['linux', { XDG_STATE_HOME: '' }, join(home, '.local', 'state', 'caudal')],
    ['darwin', {}, join(home, 'Library', 'Application Support', 'Caudal')],
    ['win32', { LOCALAPPDATA: join('local') }, join('local', 'Caudal')],
    ['win32', {}, join(home, 'AppData', 'Local', 'Caudal')],
    ['linux', { CAUDAL_STATE: join('elsewhere') }, 'elsewhere'],
  ])('is where %s keeps such things (%o)', (platform, environment, folder) => {
    expect(stateFolder(environment, platform, home)).toBe(folder);
  });
});

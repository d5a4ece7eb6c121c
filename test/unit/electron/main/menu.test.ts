import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { menuTemplate } from '#electron/main/menu.ts';
import type { MenuCommand } from '#schema/rpc.ts';

function itemsOf(
  platform: string,
  choose: (command: MenuCommand) => void = () => undefined,
): MenuItemConstructorOptions[] {
  return menuTemplate({ platform, name: 'Caudal', choose }).flatMap(({ submenu }) =>
    Array.isArray(submenu) ? submenu : [],
  );
}

describe('menuTemplate', () => {
  it('tells the page which command was chosen', () => {
    const chosen: MenuCommand[] = [];
    for (const item of itemsOf('linux', (command) => chosen.push(command))) {
      item.click?.({} as never, undefined, {} as never);
    }
    expect(chosen).toEqual(['new', 'open', 'save', 'saveAs', 'openRun', 'saveRun', 'undo', 'redo', 'run']);
  });

  it.each(['linux', 'win32', 'darwin'])('gives each key once on %s', (platform) => {
    const keys = itemsOf(platform).flatMap(({ accelerator }) => (accelerator === undefined ? [] : [accelerator]));
    expect(keys.length).toBeGreaterThan(5);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('leaves keys to the page but on macOS, where the menu hears them first', () => {
    const registered = (platform: string): boolean =>
      itemsOf(platform).some(({ registerAccelerator }) => registerAccelerator === true);
    expect(registered('linux')).toBe(false);
    expect(registered('darwin')).toBe(true);
    expect(menuTemplate({ platform: 'darwin', name: 'Caudal', choose: () => undefined })[0]?.role).toBe('appMenu');
  });
});

/** The menu of the desktop window. What it offers is done by the page: an item only tells it which command was chosen. */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '#schema/rpc.ts';

export interface MenuOptions {
  readonly platform: string;
  readonly name: string;
  readonly choose: (command: MenuCommand) => void;
}

export function menuTemplate({ platform, name, choose }: MenuOptions): MenuItemConstructorOptions[] {
  // The page hears its own keys; on macOS the menu hears them first.
  const registerAccelerator = platform === 'darwin';
  const item = (label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator }),
    click: () => choose(command),
  });
  const separator = { type: 'separator' } as const;
  const redoKeys = platform === 'darwin' ? 'Shift+Cmd+Z' : 'Ctrl+Y';
  const ofSystem: MenuItemConstructorOptions[] = platform === 'darwin' ? [{ label: name, role: 'appMenu' }] : [];
  return [
    ...ofSystem,
    {
      label: '&File',
      submenu: [
        item('&New', 'new', 'CmdOrCtrl+N'),
        item('&Open...', 'open', 'CmdOrCtrl+O'),
        separator,
        item('&Save', 'save', 'CmdOrCtrl+S'),
        item('Save &as...', 'saveAs', 'CmdOrCtrl+Shift+S'),
        separator,
        item('Open r&un...', 'openRun'),
        item('Save ru&n...', 'saveRun'),
        separator,
        { role: platform === 'darwin' ? 'close' : 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        item('&Undo', 'undo', 'CmdOrCtrl+Z'),
        item('&Redo', 'redo', redoKeys),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    { label: '&Run', submenu: [item('&Run or pause', 'run', 'CmdOrCtrl+Enter')] },
    {
      label: '&View',
      submenu: [
        { role: 'reload' },
        { role: 'toggleDevTools' },
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ];
}

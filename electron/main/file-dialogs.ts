/** The system's own dialogs for files, as the host asks for them. */
import type { OpenDialogOptions, SaveDialogOptions } from 'electron';
import type { FileDialogs } from '#host/router/host-procedures.ts';

/** The part of Electron's dialogs that is used, bound to the window. */
export interface SystemDialogs {
  open(options: OpenDialogOptions): Promise<{ readonly filePaths: readonly string[] }>;
  save(options: SaveDialogOptions): Promise<{ readonly filePath?: string }>;
}

// Systems match the last ending only.
const filters = [{ name: 'Caudal documents', extensions: ['json'] }];

export function fileDialogs(dialogs: SystemDialogs): FileDialogs {
  return {
    async choose(purpose, suggested) {
      const start = suggested === '' ? {} : { defaultPath: suggested };
      const chosen =
        purpose === 'open'
          ? (await dialogs.open({ ...start, filters, properties: ['openFile'] })).filePaths[0]
          : (await dialogs.save({ ...start, filters })).filePath;
      return chosen === '' ? undefined : chosen;
    },
  };
}

/** The system's own dialogs for files, as the host asks for them. */
import type { FileFilter, OpenDialogOptions, SaveDialogOptions } from 'electron';
import type { FileDialogs } from '#host/router/host-procedures.ts';
import type { FileKind } from '#schema/rpc.ts';

/** The part of Electron's dialogs that is used, bound to the window. */
export interface SystemDialogs {
  open(options: OpenDialogOptions): Promise<{ readonly filePaths: readonly string[] }>;
  save(options: SaveDialogOptions): Promise<{ readonly filePath?: string }>;
}

// Systems match the last ending only.
const filters: Readonly<Record<FileKind, FileFilter>> = {
  document: { name: 'Caudal documents', extensions: ['json'] },
  run: { name: 'Saved runs', extensions: ['caudal-run'] },
};

export function fileDialogs(dialogs: SystemDialogs): FileDialogs {
  return {
    async choose(purpose, suggested, kind) {
      const start = { ...(suggested === '' ? {} : { defaultPath: suggested }), filters: [filters[kind]] };
      const chosen =
        purpose === 'open'
          ? (await dialogs.open({ ...start, properties: ['openFile'] })).filePaths[0]
          : (await dialogs.save(start)).filePath;
      return chosen === '' ? undefined : chosen;
    },
  };
}

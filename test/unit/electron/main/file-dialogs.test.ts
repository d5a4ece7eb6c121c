import type { OpenDialogOptions, SaveDialogOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { fileDialogs } from '#electron/main/file-dialogs.ts';

describe('fileDialogs', () => {
  it('opens one file, and saves under the name suggested', async () => {
    const asked: (OpenDialogOptions | SaveDialogOptions)[] = [];
    const dialogs = fileDialogs({
      open: async (options) => {
        asked.push(options);
        return { filePaths: ['chosen.caudal.json'] };
      },
      save: async (options) => {
        asked.push(options);
        return { filePath: 'saved.caudal.json' };
      },
    });
    expect(await dialogs.choose('open', '', 'document')).toBe('chosen.caudal.json');
    expect(await dialogs.choose('save', 'design.caudal.json', 'document')).toBe('saved.caudal.json');
    expect(asked).toMatchObject([{ properties: ['openFile'] }, { defaultPath: 'design.caudal.json' }]);
  });

  it('says so when the user thinks better of it', async () => {
    const dialogs = fileDialogs({ open: async () => ({ filePaths: [] }), save: async () => ({ filePath: '' }) });
    expect(await dialogs.choose('open', '', 'document')).toBeUndefined();
    expect(await dialogs.choose('save', '', 'document')).toBeUndefined();
  });
});

/** A document that is dropped on the window is opened; anything else is not left to the browser, which would leave the page. */
import { useEffect } from 'react';
import { setFailure } from '#renderer/state/app-store.ts';
import { leaveDocument, openText } from '#renderer/state/files.ts';
import { openRun } from '#renderer/runs/saved-runs.ts';
import { documentLimits } from '#schema/document.ts';
import { savedRunEnding } from '#schema/saved-run.ts';

/** Larger runs are read by the host itself. */
const MOST_DROPPED_BYTES = 64 * 1024 * 1024;

export function useFileDrop(): void {
  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    };
    const onDrop = (event: DragEvent): void => {
      const [file] = event.dataTransfer?.files ?? [];
      if (file === undefined) return;
      event.preventDefault();
      void openFileText(file);
    };
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
}

async function openFileText(file: File): Promise<void> {
  if (file.name.endsWith(savedRunEnding)) return openDroppedRun(file);
  if (file.size > documentLimits.bytes) {
    setFailure(`${file.name} is too large: a document has at most ${documentLimits.bytes / 1024 ** 2} MiB.`);
    return;
  }
  try {
    const text = await file.text();
    await leaveDocument(() => openText(file.name.replace(/(\.caudal)?\.json$/, ''), text));
  } catch {
    setFailure(`${file.name} could not be read.`);
  }
}

async function openDroppedRun(file: File): Promise<void> {
  if (file.size > MOST_DROPPED_BYTES) {
    setFailure(`${file.name} is too large to be dropped here; open it with "Open a saved run".`);
    return;
  }
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) setFailure(`${file.name} could not be read.`);
  else await openRun({ name: file.name, bytes: new Uint8Array(bytes) });
}

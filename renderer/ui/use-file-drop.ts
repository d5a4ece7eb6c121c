/** A document that is dropped on the window is opened; anything else is not left to the browser, which would leave the page. */
import { useEffect } from 'react';
import { setFailure } from '#renderer/state/app-store.ts';
import { leaveDocument, openText } from '#renderer/state/files.ts';
import { documentLimits } from '#schema/document.ts';

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

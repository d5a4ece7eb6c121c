/** New, open, save and recover: the document as a file. Every failure is told in words, and nothing is lost by one. */
import { clearResults } from '#renderer/runs/run-results.ts';
import { EnvironmentError } from '#schema/errors.ts';
import type { FileKind, OpenedDocument } from '#schema/rpc.ts';
import { setFailure, setOpened, setRefused, useApp } from './app-store.ts';
import { host } from './connection.ts';
import { closeDialog, showDialog } from './dialogs.ts';
import { currentDocument, edit, takeSaved, useDocumentState } from './document-store.ts';
import { whenSent } from './document-sync.ts';
import { codeOf, hostError, sentenceOf } from './host-client.ts';

const UNNAMED = 'Untitled';

export interface OpenChoices {
  /** Open a file with faults as a draft. */
  readonly mend?: boolean;
  /** Give up unsaved changes and read the file. */
  readonly reread?: boolean;
}

/** True when another document is on screen; a refused file leaves the one that is open. */
export async function openFile(path: string, choices: OpenChoices = {}): Promise<boolean> {
  return take(() => host().document.open({ path, ...choices }));
}

export async function newFile(): Promise<boolean> {
  return take(() => host().document.create({ name: UNNAMED }));
}

/** Opens the text of a file that was dropped on the window: it has no path here, so it is a new document. */
export async function openText(name: string, text: string): Promise<boolean> {
  return take(() => host().document.create({ name, text }));
}

/** A copy of a scenario that comes with Caudal: without a file, so that the scenario stays as it is. */
export async function openScenario(id: string): Promise<boolean> {
  return take(() => host().document.ofScenario({ id }));
}

/** The design of a saved run becomes the document of this window. */
export async function openDesignOfRun(runId: string): Promise<boolean> {
  return take(() => host().document.ofRun({ runId }));
}

export async function recover(key: string): Promise<boolean> {
  return take(() => host().document.recover({ key }));
}

export async function discard(key: string): Promise<void> {
  try {
    await host().document.discard({ key });
    forgetRecovery();
  } catch (error) {
    setFailure(sentenceOf(hostError(error)));
  }
}

export async function takeOver(): Promise<void> {
  await take(() => host().document.takeOver({}));
}

async function take(ask: () => Promise<OpenedDocument>): Promise<boolean> {
  try {
    const opened = await ask();
    if (opened.kind === 'faulty' && currentDocument() !== undefined) {
      setRefused(opened);
      return false;
    }
    clearResults();
    setOpened(opened);
    return true;
  } catch (error) {
    setFailure(sentenceOf(hostError(error)));
    return false;
  }
}

function forgetRecovery(): void {
  const { opened } = useApp.getState();
  if (opened?.kind !== 'valid' && opened?.kind !== 'draft') return;
  useApp.setState({ opened: { ...opened, recovery: undefined } });
}

/** Goes on at once, or asks first where unsaved work would be left behind. */
export async function leaveDocument(goOn: () => Promise<unknown>): Promise<void> {
  const { isDirty, isReadOnly } = useDocumentState.getState();
  const proceed = async (): Promise<void> => {
    await goOn();
  };
  if (isDirty && !isReadOnly) showDialog({ kind: 'unsaved', goOn: proceed });
  else await proceed();
}

export async function askOpen(): Promise<void> {
  if (useApp.getState().info?.hasFileDialogs !== true) return showDialog({ kind: 'open' });
  const path = await choosePath('open', '');
  if (path !== undefined) await leaveDocument(() => openFile(path));
}

export async function askSaveAs(): Promise<void> {
  if (useApp.getState().info?.hasFileDialogs !== true) return showDialog({ kind: 'saveAs' });
  const path = await choosePath('save', suggestedPath());
  // The system's dialog has asked already.
  if (path !== undefined) await save(path, true);
}

/** Saves to the file of the document; asks for one where it has none. */
export async function saveOrAsk(): Promise<boolean> {
  if (useDocumentState.getState().path !== '') return save();
  await askSaveAs();
  return false;
}

/** True when the file has what is on screen. */
export async function save(path?: string, overwrite = false): Promise<boolean> {
  const known = useDocumentState.getState().path;
  if (path !== undefined) nameAfter(path);
  try {
    const isSent = await whenSent();
    const { document, hostId, isReadOnly } = useDocumentState.getState();
    if (document === undefined || isReadOnly) return false;
    if (!isSent) throw new EnvironmentError('file/not-sent', 'Caudal does not have the newest change yet; try again');
    const saved = await host().document.save({ id: hostId, overwrite, ...(path === undefined ? {} : { path }) });
    takeSaved(document, saved.path, saved.version);
    closeDialog();
    return true;
  } catch (error) {
    tellSaveFailure(hostError(error), path ?? known);
    return false;
  }
}

/** A document that has no name of its own takes that of its file. */
function nameAfter(path: string): void {
  const stem = (path.split('/').at(-1) ?? '').replace(/(\.caudal)?\.json$/, '');
  if (stem === '') return;
  edit('name the document', (document) => (document.name === UNNAMED ? { ...document, name: stem } : document));
}

function tellSaveFailure(error: Error, path: string): void {
  const code = codeOf(error);
  const text = sentenceOf(error);
  if (code === 'file/changed-on-disk')
    showDialog({ kind: 'overwrite', what: 'document', path, reason: 'changed', text });
  else if (code === 'file/exists') showDialog({ kind: 'overwrite', what: 'document', path, reason: 'exists', text });
  else setFailure(text);
}

/** A name for a document that has no file yet. */
export function suggestedPath(): string {
  const { path, document } = useDocumentState.getState();
  if (path !== '') return path;
  const name = (document?.name ?? 'design').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${name.replaceAll(/^-+|-+$/g, '') || 'design'}.caudal.json`;
}

/** What the user chose in the system's own dialog. */
export async function choosePath(
  purpose: 'open' | 'save',
  suggested: string,
  kind: FileKind = 'document',
): Promise<string | undefined> {
  try {
    return (await host().files.choose({ purpose, suggested, kind })).path;
  } catch (error) {
    setFailure(sentenceOf(hostError(error)));
    return undefined;
  }
}

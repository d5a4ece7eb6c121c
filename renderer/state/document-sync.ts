/**
 * Keeps the host's copy of the document up with the one on screen: a moment after each change it is sent, kept against a
 * crash and judged. One call at a time; what changes meanwhile goes with the next.
 */
import type { CaudalDocument } from '#schema/document.ts';
import { useApp } from './app-store.ts';
import { host } from './connection.ts';
import { isInGesture, takeVerdict, useDocumentState } from './document-store.ts';
import { hostError } from './host-client.ts';
import { tellUpdateFailure } from './update-failure.ts';

/** Long enough that typing is not judged letter by letter. */
const QUIET_MS = 250;

let timer: ReturnType<typeof setTimeout> | undefined;
let underway: Promise<void> | undefined;
/** A state that the host would not take: not sent again until it changes. */
let refused: CaudalDocument | undefined;

/** Watches the document for as long as the page lives. */
export function keepChecked(): void {
  useDocumentState.subscribe((state, before) => {
    if (state.document === before.document || !isBehind()) return;
    clearTimeout(timer);
    timer = setTimeout(() => void sendSoon(), QUIET_MS);
  });
}

async function sendSoon(): Promise<void> {
  if (isInGesture()) {
    timer = setTimeout(() => void sendSoon(), QUIET_MS);
    return;
  }
  await send();
}

/** The id of the newest state, once the host has judged it; undefined where it is faulty or could not be sent. */
export async function whenChecked(): Promise<string | undefined> {
  clearTimeout(timer);
  await send();
  return useDocumentState.getState().validId;
}

/** The host has the newest state; false where it could not be sent. */
export async function whenSent(): Promise<boolean> {
  await whenChecked();
  return !isBehind();
}

function isBehind(): boolean {
  const { document, isChecking, isReadOnly } = useDocumentState.getState();
  return document !== undefined && isChecking && !isReadOnly;
}

async function send(): Promise<void> {
  while (underway !== undefined) await underway;
  const { document, hostId } = useDocumentState.getState();
  if (!isBehind() || document === undefined || document === refused) return;
  if (useApp.getState().connection !== 'open') return;
  underway = update(document, hostId).finally(() => {
    underway = undefined;
  });
  await underway;
  if (useDocumentState.getState().document !== document) await send();
}

async function update(document: CaudalDocument, id: string): Promise<void> {
  try {
    const verdict = await host().document.update({ id, document });
    // Another document may have been opened meanwhile.
    if (useDocumentState.getState().hostId === id) takeVerdict(document, verdict);
  } catch (error) {
    refused = document;
    tellUpdateFailure(hostError(error));
  }
}

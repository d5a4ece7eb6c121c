/** Reads a document's file for a window: what it holds, what is wrong with it, and which content that was. */
import { createHash } from 'node:crypto';
import { type FileGuard, openText } from '#host/files/open.ts';
import { readJson } from '#host/files/json-text.ts';
import { readText } from '#host/files/read-text.ts';
import { isRecord } from '#analysis/paths.ts';
import { type CaudalDocument, documentLimits } from '#schema/document.ts';
import { EnvironmentError, type Fault, InputError } from '#schema/errors.ts';
import { isDrawable, withDefaults } from './drafts.ts';
import type { Judgement } from './judge.ts';
import type { Baseline } from './written-form.ts';

export interface ReadDocument {
  readonly document: CaudalDocument;
  readonly judgement: Judgement;
  readonly baseline: Baseline;
  readonly version: string;
}

export interface RefusedDocument {
  readonly faults: readonly Fault[];
  /** The document as a draft, where its form is sound. */
  readonly draft: ReadDocument | undefined;
}

/** Names a content. */
export function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The version of a file as it is now; empty when there is none, and of no content when it cannot be read. */
export async function versionOfFile(file: string): Promise<string> {
  try {
    return versionOf(await readText(file, documentLimits.bytes));
  } catch (error) {
    const isGone = error instanceof InputError && error.faults.some(({ code }) => code === 'file/not-found');
    return isGone ? '' : 'unreadable';
  }
}

/** Throws EnvironmentError when the file cannot be read; `name` is what faults call it. */
export async function readDocument(
  file: string,
  name: string,
  locate: FileGuard,
): Promise<ReadDocument | RefusedDocument> {
  try {
    return await readDocumentText(await readText(file, documentLimits.bytes), file, name, locate);
  } catch (error) {
    if (error instanceof InputError) return { faults: named(error.faults, file, name), draft: undefined };
    if (error instanceof EnvironmentError) {
      throw new EnvironmentError(error.code, error.message.replace(file, name), { cause: error });
    }
    throw error;
  }
}

/** As `readDocument`, for a text that lies at `file` or would. */
export async function readDocumentText(
  text: string,
  file: string,
  name: string,
  locate: FileGuard,
): Promise<ReadDocument | RefusedDocument> {
  if (Buffer.byteLength(text) > documentLimits.bytes) return { faults: [tooLarge(name)], draft: undefined };
  const version = versionOf(text);
  try {
    const { document, runnable, written, warnings } = await openText(file, text, [], locate);
    const judgement = { faults: [], warnings, complete: document, runnable };
    return { document, judgement, baseline: { written, complete: document }, version };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const faults = named(error.faults, file, name);
    return { faults, draft: draftOf(text, faults, version) };
  }
}

function tooLarge(name: string): Fault {
  const most = `${documentLimits.bytes / 1024 / 1024} MiB`;
  return { code: 'file/too-large', path: '', message: `${name} is too large; the most is ${most}`, allowed: most };
}

/** Sentences call a file by the name its window knows. */
function named(faults: readonly Fault[], file: string, name: string): Fault[] {
  return faults.map((fault) => ({ ...fault, message: fault.message.replaceAll(file, name) }));
}

function draftOf(text: string, faults: readonly Fault[], version: string): ReadDocument | undefined {
  const json = readJson(text);
  if ('faults' in json || !isRecord(json.value) || !isDrawable(faults)) return undefined;
  const document = withDefaults(json.value);
  const baseline = { written: json.value, complete: document };
  return { document, judgement: { faults, warnings: [] }, baseline, version };
}

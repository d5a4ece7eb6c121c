/** Opens a document: reads the file, changes what the command line sets, validates, reads the traces it names. */
import { dirname, resolve } from 'node:path';
import type { DocumentFault } from '#analysis/document-fault.ts';
import { valueAt } from '#analysis/paths.ts';
import { applySettings } from '#analysis/set-path.ts';
import { inlineTraces, traceFiles } from '#analysis/traces.ts';
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { type CaudalDocument, documentLimits } from '#schema/document.ts';
import { type Fault, InputError } from '#schema/errors.ts';
import { type JsonText, readJson } from './json-text.ts';
import { readText } from './read-text.ts';

export interface OpenedDocument {
  readonly path: string;
  /** What the file holds, with the settings applied, as written: without defaults. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Valid and complete; traces still name their files. */
  readonly document: CaudalDocument;
  /** Ready to run: counts of traces read from their files. */
  readonly runnable: CaudalDocument;
  readonly warnings: readonly Fault[];
}

/** Says where a file that a document names really lies; throws InputError when it may not be read. */
export type FileGuard = (path: string) => Promise<string>;

/**
 * Opens a file; `settings` are `path=value` texts applied before it is validated. The traces that it names may lie anywhere.
 * Throws InputError with every fault, each with its line and column, or EnvironmentError when the file cannot be read.
 */
export async function openDocument(path: string, settings: readonly string[] = []): Promise<OpenedDocument> {
  const anywhere: FileGuard = (file) => Promise.resolve(file);
  return await openText(path, await readText(path, documentLimits.bytes), settings, anywhere);
}

/** As `openDocument`, for a file whose text has been read; `locate` is asked before a trace is read. */
export async function openText(
  path: string,
  text: string,
  settings: readonly string[],
  locate: FileGuard,
): Promise<OpenedDocument> {
  const json = readJson(text);
  if ('faults' in json)
    throw new InputError(json.faults.map((fault) => ({ ...fault, message: `${path} ${fault.message}` })));
  const changed = applySettings(json.value, settings);
  const validated = validateDocument(changed.root, catalog);
  if ('faults' in validated || changed.faults.length > 0) {
    const found = 'faults' in validated ? validated.faults : [];
    throw new InputError([...changed.faults, ...placed(found, json, changed.root)]);
  }
  const place = (found: readonly DocumentFault[]): Fault[] => placed(found, json, changed.root);
  const runnable = await withTraces(validated.document, dirname(path), place, locate);
  return {
    path,
    written: changed.root as Readonly<Record<string, unknown>>,
    document: validated.document,
    runnable,
    warnings: placed(validated.warnings, json, changed.root),
  };
}

/**
 * Reads the CSV files that workloads name, relative to `folder`. Throws InputError with the faults of all files;
 * `place` gives faults their lines in the document.
 */
export async function withTraces(
  document: CaudalDocument,
  folder: string,
  place: (faults: readonly DocumentFault[]) => readonly Fault[],
  locate: FileGuard,
): Promise<CaudalDocument> {
  const files = traceFiles(document);
  if (files.length === 0) return document;
  const texts = new Map<string, string>();
  const unread: DocumentFault[] = [];
  for (const { workload, path } of files) {
    try {
      texts.set(workload, await readText(await locate(resolve(folder, path)), documentLimits.bytes));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const index = document.workloads.findIndex(({ id }) => id === workload);
      const at = {
        path: `workloads.${workload}.arrivals.csv.path`,
        pointer: ['workloads', index, 'arrivals', 'csv', 'path'],
      };
      unread.push(...error.faults.map((fault) => ({ ...fault, ...at, received: JSON.stringify(path) })));
    }
  }
  const inlined = inlineTraces(document, texts);
  const faults = [...unread, ...('faults' in inlined ? inlined.faults : [])];
  if (faults.length > 0 || 'faults' in inlined) throw new InputError(place(faults));
  const validated = validateDocument(inlined.document, catalog);
  if ('faults' in validated) throw new InputError(place(validated.faults));
  return validated.document;
}

/** Faults with line and column, in the order of the file; what the command line has set has no place in it. */
function placed(faults: readonly DocumentFault[], json: JsonText, changed: unknown): Fault[] {
  const found = faults.map(({ pointer, ...fault }): Fault => {
    if (valueAt(json.value, pointer) !== valueAt(changed, pointer) && !isHeld(json.value, pointer)) return fault;
    const position = json.positionOf(pointer, fault.code === 'document/unknown-field');
    return position === undefined ? fault : { ...fault, position };
  });
  return found.sort(byPosition);
}

/** True where the file itself holds an object or list at the place: its lines are still the right ones to show. */
function isHeld(root: unknown, pointer: DocumentFault['pointer']): boolean {
  const value = valueAt(root, pointer);
  return typeof value === 'object' && value !== null;
}

function byPosition(a: Fault, b: Fault): number {
  if (a.position === undefined || b.position === undefined) {
    return a.position === b.position ? 0 : a.position === undefined ? -1 : 1;
  }
  return a.position.line - b.position.line || a.position.column - b.position.column;
}

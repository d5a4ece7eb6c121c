/** Judges a document that a window holds: its faults, or what can be run. */
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { type FileGuard, withTraces } from '#host/files/open.ts';
import { type CaudalDocument, documentLimits } from '#schema/document.ts';
import { type Fault, InputError } from '#schema/errors.ts';

export interface Judgement {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** Complete, but with the names of its traces. Undefined where there are faults in the document itself. */
  readonly complete?: CaudalDocument | undefined;
  /** Complete, with traces read; undefined where there are faults. */
  readonly runnable?: CaudalDocument | undefined;
}

/** Traces are read relative to `folder`, from where `locate` allows. Throws EnvironmentError when one cannot be read. */
export async function judge(document: unknown, folder: string, locate: FileGuard): Promise<Judgement> {
  const size = tooLarge(document);
  const validated = validateDocument(document, catalog);
  if ('faults' in validated || size.length > 0) {
    return { faults: [...size, ...plain('faults' in validated ? validated.faults : [])], warnings: [] };
  }
  const warnings = plain(validated.warnings);
  try {
    const runnable = await withTraces(validated.document, folder, plain, locate);
    return { faults: [], warnings, complete: validated.document, runnable };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { faults: error.faults, warnings, complete: validated.document };
  }
}

function tooLarge(document: unknown): Fault[] {
  const bytes = Buffer.byteLength(JSON.stringify(document) ?? '');
  if (bytes <= documentLimits.bytes) return [];
  const mebibytes = (value: number): string => `${Math.round(value / 1024 / 1024)} MiB`;
  return [
    {
      code: 'document/too-large',
      path: '',
      received: mebibytes(bytes),
      allowed: `at most ${mebibytes(documentLimits.bytes)}`,
      message: 'the document is too large; split the design, or keep a long trace in a CSV file',
    },
  ];
}

function plain(faults: readonly Fault[]): Fault[] {
  return faults.map(({ code, path, received, allowed, message, position }) => ({
    code,
    path,
    ...(received === undefined ? {} : { received }),
    ...(allowed === undefined ? {} : { allowed }),
    message,
    ...(position === undefined ? {} : { position }),
  }));
}

/**
 * Every call between a window and the host, in one table: name -> input, output or event. The host makes its router of it
 * (`host/router/`), the window its client (`renderer/state/`), over whatever port joins the two. Inputs are parsed by the
 * host; outputs and events come from our own code and are typed, not parsed again.
 */
import { z } from 'zod';
import { type CaudalDocument, runSchema } from './document.ts';
import type { Fault, SerializedError } from './errors.ts';
import type { Playback } from './playback.ts';
import type { RawResult, RunReport } from './result.ts';
import { awsProcedures } from './rpc-aws.ts';
import { call, type FunctionsOf, stateId, stream, trusted } from './rpc-table.ts';
import type { SavedRunHead } from './saved-run.ts';

/** How a call fails: `SerializedError.kind` in capitals, as codes are written on the wire. */
export const rpcErrors = {
  INPUT: { status: 422, data: trusted<SerializedError>() },
  ENVIRONMENT: { status: 503, data: trusted<SerializedError>() },
  BUG: { status: 500, data: trusted<SerializedError>() },
} as const;

/** Where the WebSocket of the served window is. */
export const rpcPath = '/rpc';

export interface AppInfo {
  readonly version: string;
  readonly nodeVersion: string;
  /** Name of the folder in which files can be opened. */
  readonly folder: string;
  /** True where `files.choose` shows the system's own file dialogs. */
  readonly hasFileDialogs: boolean;
}

/** A document as the host holds it: open (defaults filled), or refused with everything that is wrong with it. */
export type OpenedDocument =
  | { readonly kind: 'none' }
  | OpenDocument
  | {
      readonly kind: 'faulty';
      readonly path: string;
      readonly faults: readonly Fault[];
      /** `document.open` with `mend` opens it as a draft: its form is sound enough to be drawn. */
      readonly canMend: boolean;
    };

/** Valid, or a draft: a document with faults that is worked on. A draft is edited and saved, but not run. */
export interface OpenDocument {
  readonly kind: 'valid' | 'draft';
  /** Names this state of the document in calls that use it. */
  readonly id: string;
  /** Relative to the start folder; empty while it was never saved. */
  readonly path: string;
  readonly document: CaudalDocument;
  /** Empty for a valid one. */
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** False where the host holds changes, of this or another window, that the file has not. */
  readonly isSaved: boolean;
  /** Names the content of the file that this was read from or saved to; empty while it was never saved. */
  readonly version: string;
  readonly access: DocumentAccess;
  /** Unsaved work on this file that an earlier Caudal left behind when it ended. */
  readonly recovery?: Recovery | undefined;
}

/** A document has one writer; other windows read along. `heldBy` says who keeps this one from writing. */
export interface DocumentAccess {
  readonly canWrite: boolean;
  readonly heldBy?: 'window' | 'program' | undefined;
}

/** Unsaved work that was kept. */
export interface Recovery {
  /** Names it to `document.recover` and `document.discard`. */
  readonly key: string;
  /** Of its file; empty for a document that was never saved. */
  readonly path: string;
  /** The document's own name. */
  readonly name: string;
  /** ISO date and time. */
  readonly keptAt: string;
  /** The file has changed since: recovering sets the older work in place of the newer file, until it is saved or undone. */
  readonly hasFileChanged: boolean;
}

export interface RecentDocument {
  readonly path: string;
  readonly name: string;
  /** ISO date and time at which it was last opened or saved. */
  readonly usedAt: string;
}

export interface Recents {
  /** Newest first; files that are gone or lie outside the start folder are left out. */
  readonly documents: readonly RecentDocument[];
  /** Unsaved work of earlier sessions, newest first. */
  readonly unsaved: readonly Recovery[];
}

/** A scenario that comes with Caudal. */
export interface Scenario {
  /** Names it to `document.ofScenario`. */
  readonly id: string;
  /** A whole pipeline, or a small one that shows a component at work. */
  readonly kind: 'architecture' | 'component';
  readonly title: string;
  /** The document's own name. */
  readonly name: string;
  /** What it shows, in a sentence or two. */
  readonly description: string;
  /** Component types in it, each once, in the order of its nodes. */
  readonly components: readonly string[];
}

/** The host's judgement of a state of the document. */
export interface Updated extends Validation {
  /** Names this state; `run.start` takes it where `faults` is empty. */
  readonly id: string;
}

export interface Saved {
  readonly path: string;
  readonly version: string;
  /** ISO date and time. */
  readonly savedAt: string;
}

/** What a window asks for from its menu. */
export type MenuCommand = 'new' | 'open' | 'save' | 'saveAs' | 'openRun' | 'saveRun' | 'undo' | 'redo' | 'run';

/** What happens to the open document apart from what this window does. */
export type DocumentEvent =
  /** Another window took over, or the writer has left. */
  | { readonly kind: 'writer'; readonly access: DocumentAccess }
  /** The file was changed or removed (empty version) by another program. */
  | { readonly kind: 'changed'; readonly path: string; readonly version: string }
  /** Another window has saved it. */
  | ({ readonly kind: 'saved' } & Saved)
  /** The writer has changed it: this is its newest state. */
  | { readonly kind: 'updated'; readonly opened: OpenDocument }
  /** Another document takes its place in this window: a file was opened from outside. */
  | { readonly kind: 'opened'; readonly opened: OpenedDocument }
  /** Unsaved work could not be kept against a crash (told once). */
  | { readonly kind: 'unprotected'; readonly message: string }
  | { readonly kind: 'command'; readonly command: MenuCommand };

/** What a list or a dialog of files is about. */
export type FileKind = 'document' | 'run';

export interface FileEntry {
  readonly name: string;
  /** Relative to the start folder, with `/` between folders. */
  readonly path: string;
  readonly kind: 'folder' | FileKind;
  readonly bytes: number;
  /** ISO date and time. */
  readonly modifiedAt: string;
}

export interface FolderListing {
  readonly path: string;
  readonly entries: readonly FileEntry[];
}

/** Faults and warnings of a document that is not saved. */
export interface Validation {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** USD a month. */
export interface PatchPrice {
  readonly before: number;
  readonly after: number;
}

/** What a run tells while it goes on. `started` comes first and `done` last. */
export type RunEvent =
  | { readonly kind: 'started'; readonly runId: string; readonly seed: number; readonly horizonSeconds: number }
  | {
      readonly kind: 'progress';
      /** Simulated seconds reached; negative during the pre-roll. */
      readonly simulatedSeconds: number;
      readonly horizonSeconds: number;
      readonly events: number;
      readonly wallSeconds: number;
    }
  /**
   * Series and playback begin where what was sent before is no longer final, and the log holds what is new: the window has
   * what came before. Of a large design only what cards show is sent, and its limits not every time.
   */
  | {
      readonly kind: 'partial';
      readonly simulatedSeconds: number;
      readonly result: RawResult;
      readonly playback: Playback;
    }
  /** A cancelled run tells what it reached. */
  | {
      readonly kind: 'done';
      readonly report: RunReport;
      readonly cancelled: boolean;
      readonly playback: Playback;
      /** What was counted for the bill, to price other settings at the same load. */
      readonly usage: RawResult['usage'];
    };

export interface RunSaved {
  /** Relative to the start folder. */
  readonly path: string;
}

/** A run that was read from a file, as the window shows it. */
export interface RunOpened {
  /** Names it to `run.save` and `document.ofRun`. */
  readonly runId: string;
  readonly origin: SavedRunHead;
  /** Of its file. */
  readonly name: string;
  /** The window's own design, as it is now, gives this run; otherwise the run's design is to be opened first. */
  readonly isOfOpenDesign: boolean;
  readonly report: RunReport;
  readonly playback: Playback;
}

const nothing = z.strictObject({}).default({});
const pathInFolder = z.string().max(4096);
const runIdInput = z.strictObject({ runId: z.string().min(1).max(64) });
const fileKind = z.enum(['document', 'run']).default('document');
const done = trusted<{ readonly ok: true }>();
/** Checked by the host as a document, with all its faults; here only that it is an object. */
const heldDocument = z.record(z.string(), z.unknown());
const recoveryKey = z.string().regex(/^[a-z0-9-]{1,80}$/);

const priceInput = z.strictObject({
  document: stateId,
  patch: z
    .array(z.strictObject({ path: z.string().min(1).max(400), to: z.unknown() }))
    .min(1)
    .max(50),
  /** Simulated for the estimate: shorter than the document's own where that would take long. */
  horizonSeconds: runSchema.shape.horizonSeconds.unwrap(),
});

const runInput = z.strictObject({
  /** `id` of the opened document. */
  document: stateId,
  seed: runSchema.shape.seed.unwrap().optional(),
  fidelity: runSchema.shape.fidelity.unwrap().optional(),
  horizonSeconds: runSchema.shape.horizonSeconds.unwrap().optional(),
  preRollSeconds: runSchema.shape.preRollSeconds.unwrap().optional(),
});

export const procedures = {
  app: {
    info: call(nothing, trusted<AppInfo>()),
  },
  document: {
    /** The document that this window has open: at first that of `path`, which it had before a reload, or the host's last. */
    current: call(z.strictObject({ path: pathInFolder.min(1).optional() }).default({}), trusted<OpenedDocument>()),
    /**
     * Opens a file of the start folder in this window. A file with faults is refused with all of them, and what is open
     * stays; with `mend` it is opened as a draft where its form allows that. With `reread`, unsaved changes to it are
     * given up.
     */
    open: call(
      z.strictObject({
        path: pathInFolder.min(1),
        mend: z.boolean().default(false),
        reread: z.boolean().default(false),
      }),
      trusted<OpenedDocument>(),
    ),
    /** A new document: empty, or of the text of a file that was dropped or pasted. */
    create: call(
      z.strictObject({ name: z.string().min(1).max(200).default('Untitled'), text: z.string().optional() }),
      trusted<OpenedDocument>(),
    ),
    /** The design of a run that this window has opened: a document of its own, without a file. */
    ofRun: call(runIdInput, trusted<OpenedDocument>()),
    /** The scenarios that come with Caudal. */
    scenarios: call(nothing, trusted<readonly Scenario[]>()),
    /** A copy of one, without a file: what comes with Caudal is never written. */
    ofScenario: call(
      z.strictObject({
        id: z
          .string()
          .regex(/^[a-z0-9-]+(\/[a-z0-9-]+)?$/)
          .max(200),
      }),
      trusted<OpenedDocument>(),
    ),
    /** After the host was started anew: what this window still has takes the place of what the host read. */
    resume: call(
      z.strictObject({ path: z.string().max(4096), version: z.string().max(128), document: heldDocument }),
      trusted<OpenedDocument>(),
    ),
    /** The newest state of the document, which the host keeps against a crash, and judges. Refused for readers. */
    update: call(z.strictObject({ id: stateId, document: heldDocument }), trusted<Updated>()),
    /**
     * Writes the newest state that the host has to its file, or to `path`. Unless `overwrite` is set, refused with
     * `file/changed-on-disk` or `file/exists` where that would destroy what others wrote.
     */
    save: call(
      z.strictObject({ id: stateId, path: pathInFolder.min(1).optional(), overwrite: z.boolean().default(false) }),
      trusted<Saved>(),
    ),
    recents: call(nothing, trusted<Recents>()),
    /** Opens unsaved work that was kept. */
    recover: call(z.strictObject({ key: recoveryKey }), trusted<OpenedDocument>()),
    /** Throws away unsaved work that was kept. */
    discard: call(z.strictObject({ key: recoveryKey }), done),
    /** Makes this window the writer; the one before reads along from then on. Returns the newest state. */
    takeOver: call(nothing, trusted<OpenedDocument>()),
    watch: stream(nothing, trusted<DocumentEvent>()),
    /** Checks a document without opening it. */
    validate: call(z.strictObject({ document: z.unknown() }), trusted<Validation>()),
  },
  files: {
    /** Folders, and documents or saved runs, in a folder of the start folder; empty path for the start folder itself. */
    list: call(z.strictObject({ path: pathInFolder.default(''), kind: fileKind }), trusted<FolderListing>()),
    /** Shows the system's own dialog, where there is one. No path: the user has thought better of it. */
    choose: call(
      z.strictObject({
        purpose: z.enum(['open', 'save']),
        suggested: z.string().max(4096).default(''),
        kind: fileKind,
      }),
      trusted<{ readonly path?: string | undefined }>(),
    ),
  },
  run: {
    start: stream(runInput, trusted<RunEvent>()),
    /** What a month costs before and after a patch, by two short runs at the document's load and without its faults. */
    price: call(priceInput, trusted<PatchPrice>()),
    /**
     * Writes the newest run of this window, complete, to a file. Unless `overwrite` is set, refused with `file/exists` where
     * there is one.
     */
    save: call(
      z.strictObject({
        runId: runIdInput.shape.runId,
        path: pathInFolder.min(1),
        overwrite: z.boolean().default(false),
      }),
      trusted<RunSaved>(),
    ),
    /** Reads a saved run: a file of the start folder, or the bytes of one that was dropped on the window. */
    open: call(
      z.union([
        z.strictObject({ path: pathInFolder.min(1) }),
        z.strictObject({
          name: z.string().max(400),
          bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
        }),
      ]),
      trusted<RunOpened>(),
    ),
    pause: call(runIdInput, done),
    resume: call(runIdInput, done),
    cancel: call(runIdInput, done),
  },
  aws: awsProcedures,
} as const;

export type Procedures = typeof procedures;
export type RunInput = z.input<typeof runInput>;

/** What the host implements: a missing or mistyped procedure does not compile. */
export type HostProcedures<Options> = FunctionsOf<Procedures, 'host', [options: Options]>;

/** What a window calls. */
export type WindowProcedures<Options> = FunctionsOf<Procedures, 'window', [options?: Options]>;

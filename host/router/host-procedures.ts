/** What the host does for a window: the functions behind `schema/rpc.ts`. */
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import type { Documents } from '#host/documents/documents.ts';
import type { ShippedScenarios } from '#host/documents/shipped-scenarios.ts';
import type { Operations } from '#host/deployments/operations.ts';
import { pricePatch } from '#host/runs/price-patch.ts';
import { EnvironmentError, invariant } from '#schema/errors.ts';
import type { CallOptions, HostFunctions } from './router.ts';
import type { KeptRuns } from '#host/saved-runs/kept-runs.ts';
import { type FileKind, procedures } from '#schema/rpc.ts';
import type { Runs } from './runs.ts';
import type { StartFolder } from './start-folder.ts';

/** The system's own file dialogs, where the shell has them; the path chosen, or undefined. */
export interface FileDialogs {
  choose(purpose: 'open' | 'save', suggested: string, kind: FileKind): Promise<string | undefined>;
}

export interface HostParts {
  readonly version: string;
  readonly folder: StartFolder;
  readonly documents: Documents;
  readonly scenarios: ShippedScenarios;
  readonly runs: Runs;
  readonly keptRuns: KeptRuns;
  readonly operations: Operations;
  readonly dialogs: FileDialogs | undefined;
}

const done = { ok: true } as const;

export function hostProcedures(parts: HostParts): HostFunctions {
  const { version, folder, documents, scenarios, runs, keptRuns, dialogs } = parts;
  return {
    app: {
      info: async () => ({
        version,
        nodeVersion: process.versions.node,
        folder: folder.name,
        hasFileDialogs: dialogs !== undefined,
      }),
    },
    document: {
      current: ({ path }, { seat }) => documents.current(seat, path),
      open: ({ path, mend, reread }, { seat }) => documents.open(seat, path, { mend, reread }),
      create: ({ name, text }, { seat }) => documents.create(seat, name, text),
      ofRun: ({ runId }, { seat }) => documents.createOf(seat, keptRuns.documentOf(seat, runId)),
      scenarios: () => scenarios.list(),
      ofScenario: async ({ id }, { seat }) => await documents.create(seat, id, await scenarios.textOf(id), true),
      resume: (held, { seat }) => documents.resume(seat, held),
      update: ({ id, document }, { seat }) => documents.update(seat, id, document),
      save: ({ id, path, overwrite }, { seat }) => documents.save(seat, id, path, overwrite),
      recents: () => documents.recents(),
      recover: ({ key }, { seat }) => documents.recover(seat, key),
      discard: async ({ key }) => {
        await documents.discard(key);
        return done;
      },
      takeOver: (_, { seat }) => documents.takeOver(seat),
      watch: (_, { seat, signal }) => seat.watch(signal),
      validate: async ({ document }) => {
        const validated = validateDocument(document, catalog);
        if ('faults' in validated) return { faults: validated.faults, warnings: [] };
        return { faults: [], warnings: validated.warnings };
      },
    },
    files: {
      list: ({ path, kind }) => folder.list(path, kind),
      choose: async ({ purpose, suggested, kind }) => {
        if (dialogs === undefined) {
          throw new EnvironmentError('file/no-dialog', 'this window has no file dialog of the system; name the file');
        }
        return { path: await dialogs.choose(purpose, suggested, kind) };
      },
    },
    run: runProcedures({ documents, runs, keptRuns }),
    aws: awsWhenAsked(parts),
  };
}

function runProcedures({
  documents,
  runs,
  keptRuns,
}: Pick<HostParts, 'documents' | 'runs' | 'keptRuns'>): HostFunctions['run'] {
  return {
    start: ({ document, ...overrides }, { signal, seat }) =>
      runs.start(documents.runnableOf(seat, document), overrides, signal, (runId, kept) =>
        keptRuns.keep(seat, runId, kept),
      ),
    price: ({ document, patch, horizonSeconds }, { signal, seat }) =>
      pricePatch(documents.runnableOf(seat, document), patch, horizonSeconds, signal),
    save: ({ runId, path, overwrite }, { seat }) => keptRuns.save(seat, runId, path, overwrite),
    open: (place, { seat }) => keptRuns.open(seat, place, documents.presentOf(seat)),
    pause: async ({ runId }) => {
      runs.pause(runId);
      return done;
    },
    resume: async ({ runId }) => {
      runs.resume(runId);
      return done;
    },
    cancel: async ({ runId }) => {
      runs.cancel(runId);
      return done;
    },
  };
}

type AnyFunction = (input: unknown, options: CallOptions) => unknown;

/** The AWS SDK takes a second to load: it is loaded with the first call that is about AWS. */
function awsWhenAsked(parts: HostParts): HostFunctions['aws'] {
  const load = async (): Promise<Readonly<Record<string, AnyFunction>>> => {
    const { awsProcedures } = await import('./aws-procedures.ts');
    return awsProcedures(parts) as Readonly<Record<string, AnyFunction>>;
  };
  let loaded: ReturnType<typeof load> | undefined;
  const find = async (name: string): Promise<AnyFunction> => {
    const found = (await (loaded ??= load()))[name];
    invariant(found !== undefined, `no function aws.${name}`);
    return found;
  };
  const functions = Object.entries(procedures.aws).map(([name, { kind }]) => [
    name,
    kind === 'call'
      ? async (input: unknown, options: CallOptions) => (await find(name))(input, options)
      : async function* (input: unknown, options: CallOptions) {
          yield* (await find(name))(input, options) as AsyncGenerator;
        },
  ]);
  // Of the table, like the functions that they stand for.
  return Object.fromEntries(functions) as HostFunctions['aws'];
}

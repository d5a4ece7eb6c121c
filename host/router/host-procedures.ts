/** What the host does for a window: the functions behind `schema/rpc.ts`. */
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import type { HostFunctions } from './router.ts';
import type { Runs } from './runs.ts';
import type { Session } from './session.ts';
import type { StartFolder } from './start-folder.ts';

export interface HostParts {
  readonly version: string;
  readonly folder: StartFolder;
  readonly session: Session;
  readonly runs: Runs;
}

const done = { ok: true } as const;

export function hostProcedures({ version, folder, session, runs }: HostParts): HostFunctions {
  return {
    app: {
      info: async () => ({ version, nodeVersion: process.versions.node, folder: folder.name }),
    },
    document: {
      current: () => session.current(),
      open: ({ path }) => session.open(path),
      validate: async ({ document }) => {
        const validated = validateDocument(document, catalog);
        if ('faults' in validated) return { faults: validated.faults, warnings: [] };
        return { faults: [], warnings: validated.warnings };
      },
    },
    files: {
      list: ({ path }) => folder.list(path),
    },
    run: {
      start: ({ document, ...overrides }, { signal }) => runs.start(session.runnableOf(document), overrides, signal),
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
    },
  };
}

/** The application service as a shell starts it: a server of a browser, or the main process of a desktop window. */
import { Operations } from './deployments/operations.ts';
import { Documents } from './documents/documents.ts';
import { ShippedScenarios } from './documents/shipped-scenarios.ts';
import { stateFolder } from './documents/state-folder.ts';
import type { WindowSeat } from './documents/window-seat.ts';
import { type FileDialogs, hostProcedures } from './router/host-procedures.ts';
import { type BugListener, createRpcServer } from './router/router.ts';
import { Runs } from './router/runs.ts';
import type { StartFolder } from './router/start-folder.ts';
import { KeptRuns } from './saved-runs/kept-runs.ts';
import { productVersion } from './serve/product-version.ts';
import type { PortLike } from '#schema/rpc-port.ts';

export interface HostOptions {
  readonly folder: StartFolder;
  /** Full path of the document that the first window shows. */
  readonly file?: string | undefined;
  /** Folder of the product's own state; the system's place for such things when left out. */
  readonly state?: string | undefined;
  readonly dialogs?: FileDialogs | undefined;
  /** Hears of faults of Caudal itself. */
  readonly onBug: BugListener;
}

export interface Host {
  readonly documents: Documents;
  /** Serves one window until its port closes. */
  upgrade(port: PortLike): WindowSeat;
  /** Ends runs and keeps what is unsaved. */
  close(): Promise<void>;
}

export function createHost({ folder, file, state = stateFolder(), dialogs, onBug }: HostOptions): Host {
  const runs = new Runs();
  const documents = new Documents({ folder, state, file });
  const keptRuns = new KeptRuns(folder);
  const operations = new Operations();
  const scenarios = new ShippedScenarios();
  const parts = { version: productVersion(), folder, documents, scenarios, runs, keptRuns, operations, dialogs };
  const functions = hostProcedures(parts);
  const rpc = createRpcServer(functions, onBug, (seat) => void documents.leave(seat).catch(onBug));
  return {
    documents,
    upgrade: (port) => rpc.upgrade(port),
    async close() {
      runs.cancelAll();
      operations.stopAll();
      await documents.close();
    },
  };
}

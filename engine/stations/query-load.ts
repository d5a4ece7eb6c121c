/**
 * Users who look at dashboards: each refreshes at an interval, at a moment of its own, and sends the queries of all panels at once.
 *
 * One event per user and refresh. A refresh is not repeated when a query is refused: the next one comes anyway.
 */
import type { QueryPort, QueryReply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { invariant } from '#engine/kernel/invariant.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_ARRIVAL } from '#engine/kernel/priorities.ts';

export interface QueryLoadOptions {
  readonly users: number;
  /** Queries of one refresh. */
  readonly panels: number;
  readonly intervalUs: number;
  /** Draws by user when it first refreshes. */
  readonly phase: DrawStream;
  /** While true nobody refreshes. */
  readonly isPaused?: () => boolean;
}

/** Told how each query ended, at the moment at which it was sent. */
export type QueryListener = (reply: QueryReply) => void;

export class QueryLoad {
  private readonly kernel: Kernel;
  private readonly port: QueryPort;
  private readonly options: QueryLoadOptions;
  private readonly onQuery: QueryListener;
  private readonly onRefresh: number;
  private readonly reply: QueryReply = { refused: false, failed: false, latencyUs: 0 };

  constructor(kernel: Kernel, port: QueryPort, options: QueryLoadOptions, onQuery: QueryListener) {
    invariant(options.intervalUs > 0, 'dashboards refresh at an interval');
    this.kernel = kernel;
    this.port = port;
    this.options = options;
    this.onQuery = onQuery;
    this.onRefresh = kernel.register((user) => this.refresh(user));
  }

  /** Every user refreshes within one interval from now for the first time. */
  start(): void {
    const { users, intervalUs, phase } = this.options;
    for (let user = 0; user < users; user++) {
      this.kernel.after(phase.uniform(user) * intervalUs, this.onRefresh, user, 0, PRIORITY_ARRIVAL);
    }
  }

  private refresh(user: number): void {
    const { kernel, options, port, reply } = this;
    kernel.after(options.intervalUs, this.onRefresh, user, 0, PRIORITY_ARRIVAL);
    if (options.isPaused?.() === true) return;
    for (let panel = 0; panel < options.panels; panel++) {
      port.query(reply);
      this.onQuery(reply);
    }
  }
}

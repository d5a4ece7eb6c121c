/** Everything a service counts: metrics, limits, billed time, log episodes. */
import type { BehaviorContext } from '#engine/behavior.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { Config } from '../config.ts';
import { launchBurst } from '../config.ts';

const MS_US = 1000;
const SECOND_US = 1_000_000;
const HOUR_S = 3600;
/** Time without another occurrence after which an episode of the log ends, microseconds. */
const QUIET_US = 60 * SECOND_US;
/** Shortest time billed for a task, seconds. https://aws.amazon.com/fargate/pricing/ (read 2026-11-21). */
const LEAST_BILLED_SECONDS = 60;
/** Storage that every task has at no charge, GiB. */
const FREE_STORAGE_GIB = 20;

export class ServiceMeters {
  readonly refusing: Episode;
  readonly failing: Episode;
  readonly skipping: Episode;
  readonly takeOvers: Episode;
  private readonly context: BehaviorContext<Config>;
  private readonly cpu;
  private readonly running;
  private readonly pending;
  private readonly desired;
  private readonly queueLength;
  private readonly requestCount;
  private readonly refusedCount;
  private readonly lostCount;
  private readonly failedCount;
  private readonly waiting;
  private readonly response;
  private readonly processed;
  private readonly behind;
  private readonly leases;
  private readonly leasesWithoutHolder;
  private readonly checkpoints;
  private readonly repeated;
  private readonly places;
  private readonly queue;
  private readonly launches;
  private readonly tasks;
  private readonly leaseWrites;
  /** Leases held at this moment of each stream, and when that was last added up. */
  private readonly heldOf: number[] = [];
  private heldUntilUs: number;

  constructor(context: BehaviorContext<Config>) {
    const { kernel } = context;
    this.context = context;
    this.cpu = context.gauge('CPUUtilization');
    this.running = context.gauge('RunningTaskCount');
    this.pending = context.gauge('PendingTaskCount');
    this.desired = context.gauge('DesiredTaskCount');
    this.queueLength = context.gauge('QueueLength');
    this.requestCount = context.counter('RequestCount');
    this.refusedCount = context.counter('RequestsRefused');
    this.lostCount = context.counter('RequestsLost');
    this.failedCount = context.counter('RecordsFailed');
    this.waiting = context.sample('WaitingTime');
    this.response = context.sample('ResponseTime');
    this.processed = context.counter('RecordsProcessed');
    this.behind = context.sample('MillisBehindLatest');
    this.leases = context.gauge('CurrentLeases');
    this.leasesWithoutHolder = context.gauge('LeasesWithoutHolder');
    this.checkpoints = context.counter('Checkpoints');
    this.repeated = context.counter('RecordsRepeated');
    const { places, queue, tasks, launches } = limitsOf(context);
    this.places = places;
    this.queue = queue;
    this.tasks = tasks;
    this.launches = launches;
    this.leaseWrites = context.usage('leaseTableWrites');
    this.heldUntilUs = kernel.nowUs;
    const { refusing, failing, skipping, takeOvers } = episodesOf(context, () => this.running.value);
    this.refusing = refusing;
    this.failing = failing;
    this.skipping = skipping;
    this.takeOvers = takeOvers;
  }

  /** Share of the cores of running tasks in use, 0..1. */
  onUtilisation(utilisation: number): void {
    this.cpu.set(this.context.kernel.nowUs, 100 * utilisation);
  }

  onTasks(running: number, pending: number, desired: number, launchesUsed: number): void {
    const { nowUs } = this.context.kernel;
    // Tokens come back by themselves: only the moment of a launch is noted.
    this.launches.set(nowUs, launchesUsed);
    this.launches.set(nowUs, 0);
    if (running !== this.running.value) this.running.set(nowUs, running);
    if (pending !== this.pending.value) this.pending.set(nowUs, pending);
    if (desired === this.desired.value) return;
    this.desired.set(nowUs, desired);
    this.tasks?.set(nowUs, desired);
  }

  onRequests(busy: number, waiting: number): void {
    const { config, kernel } = this.context;
    const { nowUs } = kernel;
    const places = Math.max(1, this.running.value * config.concurrency);
    this.places.set(nowUs, Math.min(100, (100 * busy) / places));
    this.places.wait(nowUs, waiting);
    this.queue?.set(nowUs, waiting);
    if (waiting !== this.queueLength.value) this.queueLength.set(nowUs, waiting);
  }

  onAccepted(requests: number): void {
    this.requestCount.add(this.context.kernel.nowUs, requests);
  }

  onRefused(requests: number): void {
    const { nowUs } = this.context.kernel;
    this.refusedCount.add(nowUs, requests);
    (this.queue ?? this.places).refuse(nowUs, requests);
    this.refusing.mark(requests);
  }

  onStart(waitedUs: number): void {
    this.waiting.add(this.context.kernel.nowUs, waitedUs / MS_US);
  }

  onDeparture(records: number, responseUs: number): void {
    const { nowUs } = this.context.kernel;
    this.processed.add(nowUs, records);
    this.response.add(nowUs, responseUs / MS_US);
  }

  /** Requests that do not wait, from their coming to their end. */
  onServedTogether(requests: number): void {
    const { nowUs } = this.context.kernel;
    this.requestCount.add(nowUs, requests);
    this.waiting.add(nowUs, 0, requests);
    this.processed.add(nowUs, requests);
  }

  /** Response times, the first `count` of them, microseconds; each stands for `requests` requests. Leaves them in milliseconds. */
  onResponses(responses: Float64Array, count: number, requests: number): void {
    for (let i = 0; i < count; i++) responses[i]! /= MS_US;
    this.response.addAll(this.context.kernel.nowUs, responses, count, requests);
  }

  onLost(records: number): void {
    this.lostCount.add(this.context.kernel.nowUs, records);
  }

  onFailed(records: number): void {
    this.failedCount.add(this.context.kernel.nowUs, records);
    this.failing.mark(records);
  }

  onProcessed(records: number): void {
    this.processed.add(this.context.kernel.nowUs, records);
  }

  onRead(behindUs: number): void {
    this.behind.add(this.context.kernel.nowUs, behindUs / MS_US);
  }

  /** Leases of stream number `stream`. */
  onLeases(stream: number, open: number, unheld: number, unheldOfAll: number): void {
    const { nowUs } = this.context.kernel;
    this.bookRenewals();
    this.heldOf[stream] = open - unheld;
    this.leases.set(nowUs, this.heldLeases());
    this.leasesWithoutHolder.set(nowUs, unheldOfAll);
  }

  onCheckpoint(): void {
    this.checkpoints.add(this.context.kernel.nowUs, 1);
    this.leaseWrites.add(1);
  }

  onTakenOver(records: number): void {
    this.repeated.add(this.context.kernel.nowUs, records);
    // One more than the records, as an episode is also marked where none is repeated.
    this.takeOvers.mark(this.takeOvers.isOpen ? records : records + 1);
  }

  /** Renewals since the last change: each holder writes once every third of the fail-over time. */
  bookRenewals(): void {
    const { config, kernel } = this.context;
    const from = Math.max(0, this.heldUntilUs);
    const { nowUs } = kernel;
    this.heldUntilUs = nowUs;
    if (nowUs <= from) return;
    this.leaseWrites.add((this.heldLeases() * (nowUs - from)) / ((config.failoverTimeMs * MS_US) / 3));
  }

  /** Bills a task from its launch to now. One that goes on running is not rounded up to a minute. */
  billTask(launchedUs: number, hasEnded: boolean): void {
    const { config, kernel, usage } = this.context;
    if (kernel.nowUs <= 0) return;
    const seconds = Math.ceil((kernel.nowUs - Math.max(0, launchedUs)) / SECOND_US);
    const billed = hasEnded && launchedUs >= 0 ? Math.max(LEAST_BILLED_SECONDS, seconds) : seconds;
    const hours = billed / HOUR_S;
    usage('vcpuHours').add((hours * Number(config.cpu)) / 1024);
    usage('memoryGbHours').add((hours * config.memoryMiB) / 1024);
    const storage = config.ephemeralStorageGiB - FREE_STORAGE_GIB;
    if (storage > 0) usage('ephemeralGbHours').add(hours * storage);
  }

  private heldLeases(): number {
    let held = 0;
    for (const of of this.heldOf) held += of ?? 0;
    return held;
  }
}

/** The limits that the service meets, each as a meter. */
function limitsOf(context: BehaviorContext<Config>) {
  const { config } = context;
  const level = { kind: 'level', raisable: true } as const;
  const isScaled = config.autoScaling !== 'none';
  return {
    places: context.limit({
      id: 'places',
      name: 'places of the running tasks that are taken',
      unit: '%',
      capacity: 100,
      source: isScaled ? 'config.maxCapacity, config.concurrency' : 'config.desiredCount, config.concurrency',
      ...level,
    }),
    queue: config.queueLimit
      ? context.limit({
          id: 'queue',
          name: 'requests that wait',
          unit: 'requests',
          capacity: config.queueLimit,
          source: 'config.queueLimit',
          ...level,
        })
      : undefined,
    tasks: isScaled
      ? context.limit({
          id: 'tasks',
          name: 'tasks asked for',
          unit: 'tasks',
          capacity: config.maxCapacity,
          source: 'config.maxCapacity',
          ...level,
        })
      : undefined,
    launches: context.shared('fargate/launches', () =>
      context.limit({
        id: 'fargate/launches',
        name: 'task launches that may come at once',
        unit: 'tasks',
        capacity: launchBurst,
        source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html',
        account: true,
        ...level,
      }),
    ),
  };
}

/** What is said once for many occurrences. */
function episodesOf({ config, kernel, log }: BehaviorContext<Config>, runningTasks: () => number) {
  return {
    refusing: new Episode(kernel, QUIET_US, {
      onBegan: () => log('warning', 'ecs-service/refusing', { tasks: runningTasks() }),
      onEnded: (refused) => log('info', 'ecs-service/accepting', { refused }),
    }),
    failing: new Episode(kernel, QUIET_US, {
      onBegan: () => log('warning', 'ecs-service/failing', {}),
      onEnded: (records) => log('info', 'ecs-service/failing-ended', { records }),
    }),
    skipping: new Episode(kernel, QUIET_US, {
      onBegan: () => log('error', 'ecs-service/skipping', { attempts: config.maxAttempts }),
      onEnded: (records) => log('info', 'ecs-service/skipping-ended', { records }),
    }),
    takeOvers: new Episode(kernel, QUIET_US, {
      onBegan: () => log('warning', 'ecs-service/leases-taken', { failoverMs: config.failoverTimeMs }),
      // One more than the records was marked: see onTakenOver.
      onEnded: (records) => log('info', 'ecs-service/leases-taken-ended', { records: records - 1 }),
    }),
  };
}

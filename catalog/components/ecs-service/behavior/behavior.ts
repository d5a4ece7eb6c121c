/** A service of Fargate tasks: serves requests, reads streams and queues, keeps its number of tasks. */
import { shapedLaw } from '#engine/kernel/laws.ts';
import type { Behavior, BehaviorContext, BehaviorFactory } from '#engine/behavior.ts';
import type { Push } from '#engine/flow/ports.ts';
import { compileLaw } from '#engine/kernel/laws.ts';
import { Emitter } from '#engine/stations/emitter.ts';
import { LoadSchedule } from '#engine/stations/load-schedule.ts';
import { Replicas, type ReplicasOwner } from '#engine/stations/replicas.ts';
import { TargetTracking } from '#engine/stations/target-tracking.ts';
import { TokenBucket } from '#engine/stations/token-bucket.ts';
import { type Config, launchBurst, launchesPerSecond, serviceLaunchesPerMinute } from '../config.ts';
import { ServiceMeters } from './meters.ts';
import type { ServiceParts } from './parts.ts';
import { QueueConsumer } from './queues.ts';
import { Requests } from './requests.ts';
import { ServiceTimes } from '#engine/stations/service-times.ts';
import { StreamConsumer } from './streams.ts';

const SECOND_US = 1_000_000;
const MS_US = 1000;
/**
 * The alarms of a target tracking policy: datapoints of one minute, 3 in a row to scale out, 15 to scale in.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html (read 2026-11-21).
 */
const PERIOD_US = 60 * SECOND_US;
const OUT_PERIODS = 3;
const IN_PERIODS = 15;

export const build: BehaviorFactory<Config> = (context) => new Service(context);

class Service implements Behavior, ReplicasOwner {
  readonly inputs: Readonly<Record<string, Push>>;
  private readonly context: BehaviorContext<Config>;
  private readonly meters: ServiceMeters;
  private readonly accountLaunches: TokenBucket;
  private readonly parts: ServiceParts;
  private readonly requests: Requests;
  private readonly streams: StreamConsumer[] = [];
  private readonly queues: QueueConsumer[] = [];
  private readonly schedules: readonly LoadSchedule[];
  private readonly scaler: TargetTracking | undefined;
  private ratio = 1;
  private seenVersion = -1;

  constructor(context: BehaviorContext<Config>) {
    const { config, kernel } = context;
    this.context = context;
    this.meters = new ServiceMeters(context);
    this.accountLaunches = context.shared(
      'fargate/launch tokens',
      () => new TokenBucket(launchBurst, launchesPerSecond, context.startUs),
    );
    const replicas = new Replicas(
      kernel,
      {
        initial: config.desiredCount,
        cores: Number(config.cpu) / 1024,
        computingRatio: config.cpuBoundRatio,
        startUp: compileLaw({
          kind: 'uniform',
          min: config.startUpMinSeconds * SECOND_US,
          max: config.startUpMaxSeconds * SECOND_US,
        }),
        startUpDraw: context.draw('startUp'),
        launchLimits: [
          this.accountLaunches,
          new TokenBucket(serviceLaunchesPerMinute, serviceLaunchesPerMinute / 60, context.startUs),
        ],
        stopTimeoutUs: config.stopTimeoutSeconds * SECOND_US,
      },
      this,
    );
    const emitter = new Emitter(context, context.outputs('output'), config.desiredCount);
    const { serviceTimeLaw, meanServiceTimeMs, coefficientOfVariation } = config;
    const law = shapedLaw(serviceTimeLaw, meanServiceTimeMs * MS_US, coefficientOfVariation);
    const times = new ServiceTimes(context, law);
    this.parts = { context, replicas, emitter, times, meters: this.meters };
    this.requests = new Requests(this.parts);
    this.inputs = { requests: this.requests };
    this.schedules = context.arrivals.map((source) => new LoadSchedule(context, source, this.requests));
    this.scaler = this.newScaler();
  }

  link(): void {
    const { context, parts } = this;
    const inlets = ['requests', 'stream', 'queue'];
    this.requests.runs.servesOnlyLoads = inlets.every((port) => context.inletCount(port) === 0);
    const unheld: number[] = [];
    for (const { port, edge } of context.polled('stream')) {
      if (port.meeting === 'log') this.streams.push(new StreamConsumer(parts, port, edge, this.streams.length, unheld));
    }
    for (const { port, edge } of context.polled('queue')) {
      if (port.meeting === 'queue') this.queues.push(new QueueConsumer(parts, port, edge));
    }
  }

  start(): void {
    this.parts.replicas.start();
    this.scaler?.start();
    for (const schedule of this.schedules) schedule.start();
  }

  /** An outage takes all tasks, a throttling fault what is above its share; they are launched again when it is over. */
  fault(): void {
    const { faults, log } = this.context;
    const { replicas } = this.parts;
    const ratio = faults.outage ? 0 : faults.capacityRatio;
    if (ratio === this.ratio) return;
    const before = replicas.running;
    const isLess = ratio < this.ratio;
    this.ratio = ratio;
    replicas.limitTo(ratio);
    if (isLess) log('error', 'ecs-service/tasks-lost', { lost: before - replicas.running, left: replicas.running });
    else log('info', 'ecs-service/tasks-launched', { launched: replicas.pending });
  }

  finish(): void {
    this.parts.replicas.each((_replica, launchedUs) => this.meters.billTask(launchedUs, false));
    this.meters.bookRenewals();
  }

  onRunning(replica: number): void {
    this.requests.pool.open(replica);
    for (const { reader } of this.streams) reader.onRunning(replica);
    for (const queue of this.queues) queue.onRunning(replica);
  }

  onStopping(replica: number): void {
    this.requests.pool.close(replica);
    for (const { reader } of this.streams) reader.onStopping(replica);
    for (const queue of this.queues) queue.onStopping(replica);
  }

  onGone(replica: number, launchedUs: number, wasRunning: boolean): void {
    this.meters.billTask(launchedUs, true);
    if (!wasRunning) return;
    this.requests.pool.lose(replica);
    for (const { reader } of this.streams) reader.onGone(replica);
    for (const queue of this.queues) queue.onGone(replica);
  }

  onChange(): void {
    const { replicas } = this.parts;
    const { nowUs } = this.context.kernel;
    this.meters.onUtilisation(replicas.utilisation);
    // The cores in use change with every work, the tasks rarely.
    if (replicas.version === this.seenVersion) return;
    this.seenVersion = replicas.version;
    const used = launchBurst - this.accountLaunches.available(nowUs);
    this.meters.onTasks(replicas.running, replicas.pending, replicas.desired, used);
  }

  private newScaler(): TargetTracking | undefined {
    const { config, kernel, log } = this.context;
    const { replicas } = this.parts;
    if (config.autoScaling === 'none') return undefined;
    const onRequests = config.autoScaling === 'ALBRequestCountPerTarget';
    return new TargetTracking(
      kernel,
      {
        targetValue: config.targetValue,
        lowRatio: config.lowAlarmRatio,
        periodUs: PERIOD_US,
        outPeriods: OUT_PERIODS,
        inPeriods: IN_PERIODS,
        outCooldownUs: config.scaleOutCooldownSeconds * SECOND_US,
        inCooldownUs: config.scaleInCooldownSeconds * SECOND_US,
        minCapacity: config.minCapacity,
        maxCapacity: config.maxCapacity,
        disableScaleIn: config.disableScaleIn,
      },
      {
        get capacity() {
          return replicas.desired;
        },
        measure: () => {
          const utilisation = replicas.takeMeanUtilisation();
          const arrived = this.requests.takeArrived();
          if (replicas.running === 0) return Number.NaN;
          return onRequests ? arrived / replicas.running : 100 * utilisation;
        },
        scaleTo: (tasks, metric) => {
          const params = { from: replicas.desired, to: tasks, metric: Math.round(metric * 10) / 10 };
          log('info', 'ecs-service/scaled', { ...params, target: config.targetValue });
          replicas.scaleTo(tasks);
        },
      },
    );
  }
}

/**
 * Replicas of one program that come and go: asked for, launched within launch limits, up after a start-up time, told to stop and
 * given a while to finish, or lost at once. Each has processor cores that its works share.
 *
 * Works wait and compute. With n works computing on c cores and a computing share r of a work alone on a core, the computing part is
 * stretched by max(1, 1/c, n/c - (1 - r)/r): the two asymptotes of a closed network (Denning and Buzen, The operational analysis of
 * queueing network models, ACM Computing Surveys 10(3), 1978), so that a replica never uses more cores than it has. The stretch is
 * that of the moment at which a work begins.
 * Handles of replicas are reused when they are gone. O(1) per work; scaling is O(replicas). No allocation per work.
 */
import { invariant } from '#engine/kernel/invariant.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import type { Law } from '#engine/kernel/laws.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { Alarm } from './alarm.ts';
import type { TokenBucket } from './token-bucket.ts';

/** Told about every change of a replica. */
export interface ReplicasOwner {
  /** It is up and takes work. */
  onRunning(replica: number): void;
  /** It takes no new work from now on, and ends what it does within the stop timeout. */
  onStopping(replica: number): void;
  /** It is gone, launched at `launchedUs`; what it still worked on is lost. `wasRunning`: it had been up. */
  onGone(replica: number, launchedUs: number, wasRunning: boolean): void;
  /** Numbers of replicas, or what they compute, have changed. */
  onChange(): void;
}

export interface ReplicasOptions {
  /** Replicas that are up when the run begins. */
  readonly initial: number;
  /** Processor cores of one, > 0. */
  readonly cores: number;
  /** Share of a work that computes, when it is alone on a core, 0..1. */
  readonly computingRatio: number;
  /** From the launch until it is up, microseconds. */
  readonly startUp: Law;
  readonly startUpDraw: DrawStream;
  /** One token a launch, from each. */
  readonly launchLimits: readonly TokenBucket[];
  /** How long a replica that is told to stop may go on working, microseconds. */
  readonly stopTimeoutUs: number;
}

const GONE = 0;
const STARTING = 1;
const RUNNING = 2;
const STOPPING = 3;

/** How often a stopping replica looks whether it is idle, microseconds. */
const IDLE_CHECK_US = 1_000_000;
/** 10 replicas times 0.7 are seven, whatever the last bit of a float says. */
const WHOLE_TOLERANCE = 1e-9;

export class Replicas {
  /** Rises whenever a replica changes its state or another number is asked for. */
  version = 0;
  private readonly kernel: Kernel;
  private readonly options: ReplicasOptions;
  private readonly owner: ReplicasOwner;
  private readonly state: number[] = [];
  private readonly launchedUs: number[] = [];
  private readonly stopByUs: number[] = [];
  /** Works, works that compute, and the cores that these use, of each replica. */
  private readonly works: number[] = [];
  private readonly computing: number[] = [];
  private readonly coresUsed: number[] = [];
  /** Counts the lives of a handle, so that events of an earlier life are told apart. */
  private readonly lives: number[] = [];
  private readonly free: number[] = [];
  private readonly onUp: number;
  private readonly onIdleCheck: number;
  private readonly launchAlarm: Alarm;
  private desiredCount: number;
  private ratio = 1;
  private runningCount = 0;
  private startingCount = 0;
  private launches = 0;
  private totalCores = 0;
  /** Cores used by works that are not told one by one. */
  private background = 0;
  private taken = 0;
  /** Share of cores in use, its integral over microseconds, and what works took above all cores and is still to be shown. */
  private share = 0;
  private wanted = 0;
  private owed = 0;
  private area = 0;
  private areaUntilUs: number;
  private measuredFromUs: number;

  constructor(kernel: Kernel, options: ReplicasOptions, owner: ReplicasOwner) {
    invariant(options.cores > 0, 'a replica has cores');
    this.kernel = kernel;
    this.options = options;
    this.owner = owner;
    this.desiredCount = options.initial;
    this.areaUntilUs = kernel.nowUs;
    this.measuredFromUs = kernel.nowUs;
    this.onUp = kernel.register((replica, life) => this.up(replica, life));
    this.onIdleCheck = kernel.register((replica, life) => this.idleCheck(replica, life));
    const onLaunch = kernel.register(() => {
      this.launchAlarm.rang();
      this.launchMissing();
    });
    this.launchAlarm = new Alarm(kernel, onLaunch, 0);
  }

  /** Replicas that are up and take work. */
  get running(): number {
    return this.runningCount;
  }

  /** Replicas asked for that are not up yet. */
  get pending(): number {
    return Math.max(0, this.allowed() - this.runningCount);
  }

  /** Replicas asked for. */
  get desired(): number {
    return this.desiredCount;
  }

  /** Handles are below this number. */
  get highWater(): number {
    return this.state.length;
  }

  isRunning(replica: number): boolean {
    return this.state[replica] === RUNNING;
  }

  isStopping(replica: number): boolean {
    return this.state[replica] === STOPPING;
  }

  /** Share of the cores of running replicas that is in use, 0..1. */
  get utilisation(): number {
    return this.share;
  }

  /** Mean utilisation since the last call, 0..1. */
  takeMeanUtilisation(): number {
    this.integrate();
    const { nowUs } = this.kernel;
    const lengthUs = nowUs - this.measuredFromUs;
    const mean = lengthUs > 0 ? this.area / lengthUs : this.utilisation;
    this.area = 0;
    this.measuredFromUs = nowUs;
    return mean;
  }

  /** The first replicas are up from the start. */
  start(): void {
    for (let i = 0; i < this.options.initial; i++) {
      const replica = this.take();
      this.startingCount++;
      this.up(replica, this.lives[replica]);
    }
  }

  /** Asks for that many replicas. Too many are told to stop, the newest first; missing ones are launched. */
  scaleTo(count: number): void {
    this.desiredCount = count;
    this.adjust(false);
  }

  /** Only this share of the replicas asked for can exist, 0..1: what is above is lost at once, and launched again later. */
  limitTo(ratio: number): void {
    this.ratio = ratio;
    this.adjust(true);
  }

  /** Ends a replica at once. */
  lose(replica: number): void {
    this.end(replica);
    this.launchMissing();
  }

  /** Calls back for each replica that exists, with the time of its launch. */
  each(visit: (replica: number, launchedUs: number) => void): void {
    for (let replica = 0; replica < this.state.length; replica++) {
      if (this.state[replica] !== GONE) visit(replica, this.launchedUs[replica]);
    }
  }

  /** A work has begun at a replica; it may compute and wait by turns. */
  beginWork(replica: number): void {
    this.works[replica]++;
  }

  /** A work has ended. */
  endWork(replica: number): void {
    this.works[replica]--;
  }

  /**
   * A work computes from now on: returns how long it takes here, microseconds, if it takes `nominalUs` alone on a core.
   * `coresTaken` is what the caller gives back with `endCompute`.
   */
  compute(replica: number, nominalUs: number): number {
    const { cores, computingRatio } = this.options;
    const n = ++this.computing[replica];
    const crowd = computingRatio > 0 ? n / cores - (1 - computingRatio) / computingRatio : 1;
    const stretch = Math.max(1, 1 / cores, crowd);
    const factor = 1 - computingRatio + computingRatio * stretch;
    this.taken = computingRatio / factor;
    this.coresUsed[replica] += this.taken;
    if (this.state[replica] === RUNNING) this.addCores(this.taken);
    return nominalUs * factor;
  }

  /** Cores that the work of the last `compute` uses. */
  get coresTaken(): number {
    return this.taken;
  }

  /** A work has computed; `cores` as given by `coresTaken`. Not called for works of a replica that is gone. */
  endCompute(replica: number, cores: number): void {
    this.computing[replica]--;
    // Nothing left: no rest of rounding either.
    const used = this.computing[replica] === 0 ? this.coresUsed[replica] : cores;
    this.coresUsed[replica] -= used;
    if (this.state[replica] === RUNNING) this.addCores(-used);
  }

  /** Works that one replica computes at a time before they slow each other down. */
  get uncrowdedWorks(): number {
    const { cores, computingRatio } = this.options;
    if (computingRatio === 0) return Number.POSITIVE_INFINITY;
    const stretch = Math.max(1, 1 / cores) + (1 - computingRatio) / computingRatio;
    return Math.floor(cores * stretch + WHOLE_TOLERANCE);
  }

  /** Factor on the time of a work that no other slows down: above 1 where a replica has less than a core. */
  get uncrowdedFactor(): number {
    const { cores, computingRatio } = this.options;
    return 1 - computingRatio + computingRatio * Math.max(1, 1 / cores);
  }

  /** So many works that no other slows down compute from now on, at all replicas together; they are not told one by one. */
  computeTogether(works: number): void {
    this.integrate();
    this.background = (works * this.options.computingRatio) / this.uncrowdedFactor;
    this.refresh();
    this.owner.onChange();
  }

  private allowed(): number {
    return Math.ceil(this.desiredCount * this.ratio - WHOLE_TOLERANCE);
  }

  private adjust(atOnce: boolean): void {
    this.version++;
    const allowed = this.allowed();
    while (this.runningCount + this.startingCount > allowed) {
      const starting = this.newest(STARTING);
      const replica = starting >= 0 ? starting : this.newest(RUNNING);
      if (atOnce || starting >= 0) this.end(replica);
      else this.stop(replica);
    }
    this.launchMissing();
    this.owner.onChange();
  }

  /** The replica of a state that was launched last; -1 when there is none. */
  private newest(state: number): number {
    let found = -1;
    for (let replica = 0; replica < this.state.length; replica++) {
      if (this.state[replica] !== state) continue;
      if (found < 0 || this.launchedUs[replica] >= this.launchedUs[found]) found = replica;
    }
    return found;
  }

  private launchMissing(): void {
    const { kernel, options } = this;
    const { nowUs } = kernel;
    while (this.runningCount + this.startingCount < this.allowed()) {
      let waitUs = 0;
      for (const limit of options.launchLimits) waitUs = Math.max(waitUs, limit.timeUntilUs(1, nowUs));
      if (waitUs > 0) {
        if (waitUs < Number.POSITIVE_INFINITY) this.launchAlarm.set(nowUs + waitUs);
        return;
      }
      for (const limit of options.launchLimits) limit.take(1, nowUs);
      const replica = this.take();
      this.startingCount++;
      this.version++;
      const startUpUs = options.startUp.sample(options.startUpDraw, this.launches++);
      kernel.after(startUpUs, this.onUp, replica, this.lives[replica], PRIORITY_TIMER);
    }
  }

  private take(): number {
    const replica = this.free.pop() ?? this.state.length;
    this.lives[replica] ??= 0;
    this.state[replica] = STARTING;
    this.launchedUs[replica] = this.kernel.nowUs;
    this.works[replica] = 0;
    this.computing[replica] = 0;
    this.coresUsed[replica] = 0;
    return replica;
  }

  private up(replica: number, life: number): void {
    if (this.lives[replica] !== life) return;
    this.state[replica] = RUNNING;
    this.version++;
    this.integrate();
    this.startingCount--;
    this.runningCount++;
    this.refresh();
    this.owner.onRunning(replica);
    this.owner.onChange();
  }

  private stop(replica: number): void {
    const { kernel, options } = this;
    this.leave(replica);
    this.state[replica] = STOPPING;
    this.stopByUs[replica] = kernel.nowUs + options.stopTimeoutUs;
    this.owner.onStopping(replica);
    this.idleCheck(replica, this.lives[replica]);
  }

  private idleCheck(replica: number, life: number): void {
    if (this.lives[replica] !== life) return;
    const leftUs = this.stopByUs[replica] - this.kernel.nowUs;
    if (this.works[replica] === 0 || leftUs <= 0) this.end(replica);
    else this.kernel.after(Math.min(IDLE_CHECK_US, leftUs), this.onIdleCheck, replica, life, PRIORITY_TIMER);
  }

  private end(replica: number): void {
    const wasRunning = this.state[replica] !== STARTING;
    if (this.state[replica] === RUNNING) this.leave(replica);
    else if (this.state[replica] === STARTING) this.startingCount--;
    this.state[replica] = GONE;
    this.version++;
    this.lives[replica]++;
    this.free.push(replica);
    this.owner.onGone(replica, this.launchedUs[replica], wasRunning);
    this.owner.onChange();
  }

  /** A running replica no longer counts. */
  private leave(replica: number): void {
    this.integrate();
    this.totalCores = Math.max(0, this.totalCores - this.coresUsed[replica]);
    this.runningCount--;
    this.refresh();
  }

  private addCores(cores: number): void {
    this.integrate();
    this.totalCores = Math.max(0, this.totalCores + cores);
    this.refresh();
    this.owner.onChange();
  }

  /**
   * Adds up the time since the last change. Works that began in a crowd may take more than all cores for a while, and less later: the share
   * never shows more than all, and the rest when there is room, so that its mean is that of the work done.
   */
  private integrate(): void {
    const { nowUs } = this.kernel;
    const lengthUs = nowUs - this.areaUntilUs;
    this.area += this.share * lengthUs;
    this.owed += (this.wanted - this.share) * lengthUs;
    this.areaUntilUs = nowUs;
  }

  /** The share from now on. */
  private refresh(): void {
    const cores = this.runningCount * this.options.cores;
    this.wanted = cores === 0 ? 0 : (this.totalCores + this.background) / cores;
    this.share = this.wanted === 0 ? 0 : this.owed > 0 ? 1 : Math.min(1, this.wanted);
  }
}

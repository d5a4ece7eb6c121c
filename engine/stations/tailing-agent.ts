/**
 * An agent on each host that follows a file and sends its lines in batches, as the Kinesis Agent does.
 *
 * 1. A record is a line written to the file of its host. The agent looks at the file at an interval and reads what is there, as long as its
 *    queue of full buffers has room: what it cannot take stays in the file.
 * 2. A buffer is closed when it has so many records or bytes, or when its first record has waited long enough.
 * 3. Buffers are sent one after the other, several at a time. What is refused or fails is sent again, before new buffers, without end.
 * 4. After failures every send waits: a first wait that doubles with each failed call (a part of one, when a part of the call failed), with
 *    jitter. A call that succeeds wholly ends the wait and divides the count of failures by ten.
 * Rules: https://github.com/awslabs/amazon-kinesis-agent (tailing/AsyncPublisherThrottler.java, PublishingQueue.java; read 2026-11-21).
 * O(1) per record and call; one pending event per host and cause. No allocation once lists have grown.
 */
import type { Outlet } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { newReply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { invariant } from '#engine/kernel/invariant.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { Alarm } from './alarm.ts';
import { producerOf } from './producers.ts';
import type { SenderEnvironment } from './sender.ts';

export interface AgentSettings {
  /** Hosts that share the load, >= 1; each has a file and an agent. */
  readonly producers: number;
  /** From one look at the file to the next, microseconds, > 0. */
  readonly pollUs: number;
  /** What closes a buffer: records, bytes, and the age of its first record in microseconds. */
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly maxAgeUs: number;
  /** Longer lines are cut to this, bytes. */
  readonly maxRecordBytes: number;
  /** Each record gets a partition key at random; otherwise it keeps its own. */
  readonly hasRandomKeys: boolean;
  /** Closed buffers that may wait on a host, and calls under way at the same time. */
  readonly queueBuffers: number;
  readonly sendingThreads: number;
  /** Wait after a first failure and longest wait, microseconds; each is spread by this share to both sides. */
  readonly firstWaitUs: number;
  readonly longestWaitUs: number;
  readonly jitterRatio: number;
  /** Count of failures is divided by this after a call that succeeded. */
  readonly recoveryFactor: number;
  /** Round trip of a call, microseconds; the callee says its own when left out. */
  readonly callLatencyUs?: number | undefined;
}

/** A file and the agent that follows it. */
interface Host {
  readonly index: number;
  readonly phaseUs: number;
  /** Lines that are not read yet. */
  readonly file: ParcelList;
  /** The buffer that fills. */
  readonly open: ParcelList;
  openedUs: number;
  /** Closed buffers: new ones, and those to be sent again. */
  readonly queue: ParcelList[];
  readonly retries: ParcelList[];
  sending: number;
  failures: number;
  waits: number;
  /** A wait is under way; the wait before the next send is over. */
  isWaiting: boolean;
  hasWaited: boolean;
  waitHandle: number;
  readonly pollAlarm: Alarm;
  readonly ageAlarm: Alarm;
}

/** A call under way. */
interface Send {
  host: Host;
  buffer: ParcelList;
  /** Share of its records that was not taken, 0..1. */
  failedShare: number;
}

export class TailingAgent {
  private readonly env: SenderEnvironment;
  private readonly outlet: Outlet;
  private readonly settings: AgentSettings;
  private readonly hosts: Host[] = [];
  private readonly byProducer = new Map<number, Host>();
  private readonly sends: Send[] = [];
  private readonly freeSends: number[] = [];
  private readonly freeBuffers: ParcelList[] = [];
  private readonly reply = newReply();
  private readonly phase: DrawStream;
  private readonly jitter: DrawStream;
  private readonly onPoll: number;
  private readonly onAge: number;
  private readonly onAnswer: number;
  private readonly onWaited: number;
  private held = 0;

  constructor(env: SenderEnvironment, outlet: Outlet, settings: AgentSettings) {
    invariant(settings.producers >= 1 && settings.pollUs > 0, 'agents run on hosts and look at files at an interval');
    invariant(settings.maxRecords >= 1 && settings.maxBytes >= 1, 'a buffer holds a record');
    this.env = env;
    this.outlet = outlet;
    this.settings = settings;
    const { kernel } = env;
    this.phase = env.draw('agentPhase');
    this.jitter = env.draw('agentRetry');
    this.onPoll = kernel.register((index) => {
      this.hosts[index].pollAlarm.rang();
      this.poll(this.hosts[index]);
    });
    this.onAge = kernel.register((index) => {
      this.hosts[index].ageAlarm.rang();
      this.aged(this.hosts[index]);
    });
    this.onAnswer = kernel.register((index) => this.answered(index));
    this.onWaited = kernel.register((index) => this.waited(this.hosts[index]));
  }

  /** Records in files, in buffers and in calls. */
  get heldRecords(): number {
    return this.held;
  }

  /** Writes a plain record to the file of its host. */
  add(p: number): void {
    const { settings } = this;
    const { store } = this.env.flow;
    if (settings.hasRandomKeys) store.key[p] = -1;
    if (store.bytes[p] > settings.maxRecordBytes) store.bytes[p] = settings.maxRecordBytes;
    const host = this.hostOf(producerOf(store.entity[p], settings.producers));
    this.held += store.records[p];
    host.file.push(p);
    this.pollLater(host);
  }

  private pollLater(host: Host): void {
    const { pollUs } = this.settings;
    const { nowUs } = this.env.kernel;
    host.pollAlarm.set(Math.ceil((nowUs - host.phaseUs) / pollUs) * pollUs + host.phaseUs);
  }

  /** Reads what is in the file, as far as there is room. */
  private poll(host: Host): void {
    const { settings } = this;
    const { store } = this.env.flow;
    const { file, open, queue } = host;
    while (file.head !== NONE && queue.length < settings.queueBuffers) {
      if (open.length > 0 && open.bytes + store.bytes[file.head] > settings.maxBytes) {
        this.close(host);
        continue;
      }
      if (open.length === 0) {
        host.openedUs = this.env.kernel.nowUs;
        host.ageAlarm.set(host.openedUs + settings.maxAgeUs);
      }
      open.push(file.shift());
      if (open.records >= settings.maxRecords || open.bytes >= settings.maxBytes) this.close(host);
    }
    this.pump(host);
  }

  /** The buffer may have waited long enough; one that was closed for its size meanwhile has a younger successor. */
  private aged(host: Host): void {
    if (host.open.length === 0) return;
    const dueUs = host.openedUs + this.settings.maxAgeUs;
    if (this.env.kernel.nowUs < dueUs) {
      host.ageAlarm.set(dueUs);
      return;
    }
    this.close(host);
    this.pump(host);
  }

  private close(host: Host): void {
    const buffer = this.freeBuffers.pop() ?? new ParcelList(this.env.flow.store);
    buffer.append(host.open);
    host.queue.push(buffer);
  }

  /** Sends what there is, unless failures make it wait. */
  private pump(host: Host): void {
    const { settings } = this;
    while (host.sending < settings.sendingThreads && (host.retries.length > 0 || host.queue.length > 0)) {
      if (Math.round(host.failures) > 0 && !host.hasWaited) {
        if (!host.isWaiting) this.wait(host);
        return;
      }
      host.hasWaited = false;
      const isRetry = host.retries.length > 0;
      const buffer = (isRetry ? host.retries.shift() : host.queue.shift())!;
      this.send(host, buffer, isRetry);
      if (!isRetry && host.file.head !== NONE) this.pollLater(host);
    }
  }

  private wait(host: Host): void {
    const { firstWaitUs, longestWaitUs, jitterRatio } = this.settings;
    let waitUs = firstWaitUs;
    for (let i = 1; i < Math.round(host.failures) && waitUs < longestWaitUs; i++) waitUs *= 2;
    const spread = 2 * this.jitter.uniformPair(host.index, host.waits++ & 2047) - 1;
    host.isWaiting = true;
    const delayUs = Math.min(waitUs, longestWaitUs) * (1 + jitterRatio * spread);
    host.waitHandle = this.env.kernel.after(delayUs, this.onWaited, host.index, 0, PRIORITY_TIMER);
  }

  private waited(host: Host): void {
    host.isWaiting = false;
    host.hasWaited = true;
    this.pump(host);
  }

  private send(host: Host, buffer: ParcelList, isRetry: boolean): void {
    const { env, reply, settings } = this;
    const { records, units } = buffer;
    this.outlet.offer(buffer, true, reply, isRetry);
    this.held -= records - buffer.records;
    env.onHeldChange?.();
    host.sending++;
    const index = this.freeSends.pop() ?? this.sends.length;
    const failedShare = buffer.units / units;
    const send = this.sends[index];
    if (send === undefined) this.sends[index] = { host, buffer, failedShare };
    else {
      send.host = host;
      send.buffer = buffer;
      send.failedShare = failedShare;
    }
    env.kernel.after(Math.max(1, settings.callLatencyUs ?? reply.latencyUs), this.onAnswer, index, 0, PRIORITY_TIMER);
  }

  private answered(index: number): void {
    const { host, buffer, failedShare } = this.sends[index];
    this.freeSends.push(index);
    host.sending--;
    if (buffer.length > 0) {
      host.failures += failedShare;
      host.retries.push(buffer);
    } else {
      this.freeBuffers.push(buffer);
      host.failures /= this.settings.recoveryFactor;
      if (host.failures < 1) host.failures = 0;
      if (host.isWaiting) {
        this.env.kernel.cancel(host.waitHandle);
        host.isWaiting = false;
        host.hasWaited = true;
      }
    }
    this.pump(host);
  }

  private hostOf(producer: number): Host {
    const known = this.byProducer.get(producer);
    if (known !== undefined) return known;
    const { kernel, flow } = this.env;
    const index = this.hosts.length;
    const host: Host = {
      index,
      phaseUs: Math.floor(this.phase.uniform(producer) * this.settings.pollUs),
      file: new ParcelList(flow.store),
      open: new ParcelList(flow.store),
      openedUs: 0,
      queue: [],
      retries: [],
      sending: 0,
      failures: 0,
      waits: 0,
      isWaiting: false,
      hasWaited: false,
      waitHandle: -1,
      pollAlarm: new Alarm(kernel, this.onPoll, index),
      ageAlarm: new Alarm(kernel, this.onAge, index),
    };
    this.hosts.push(host);
    this.byProducer.set(producer, host);
    return host;
  }
}

/** What the bucket holds: levels, expiry at midnight, and what its storage adds to the bill. */
import type { BehaviorContext, UsageCounter } from '#engine/behavior.ts';
import type { GaugeMetric } from '#engine/stats/metrics.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import type { Config } from '../config.ts';
import { SMALLEST_BILLED, storagePlan } from './storage-plan.ts';

const GIBIBYTE = 1_073_741_824;
const DAY_US = 86_400_000_000;
const MONTH_US = 730 * 3_600_000_000;

interface BookedPortion {
  readonly counter: UsageCounter;
  /** GiB-months for each byte billed. */
  readonly perByte: number;
  readonly countsSize: boolean;
  readonly leastBytes: number;
  readonly extraBytes: number;
}

interface Bookings {
  readonly portions: readonly BookedPortion[];
  readonly counts: readonly { readonly counter: UsageCounter; readonly perObject: number }[];
}

export class Stock {
  private readonly context: BehaviorContext<Config>;
  private readonly size: GaugeMetric;
  private readonly objects: GaugeMetric;
  private readonly large: Bookings;
  private readonly small: Bookings;
  /** By day since the start: what was written then. */
  private readonly bytesOfDay: number[] = [];
  private readonly objectsOfDay: number[] = [];
  private readonly onMidnight: number;

  constructor(context: BehaviorContext<Config>) {
    this.context = context;
    this.size = context.gauge('BucketSizeBytes');
    this.objects = context.gauge('NumberOfObjects');
    this.large = this.bookings(true);
    this.small = this.bookings(false);
    this.onMidnight = context.kernel.register((day) => this.midnight(day));
  }

  start(): void {
    const { config, kernel, startUs } = this.context;
    this.size.set(kernel.nowUs, config.existingGibibytes * GIBIBYTE);
    this.objects.set(kernel.nowUs, config.existingObjects);
    if (config.expirationDays !== undefined) kernel.at(startUs + DAY_US, this.onMidnight, 1, 0, PRIORITY_SAMPLING);
  }

  /** `objects` objects of `bytes` together are there. */
  add(objects: number, bytes: number): void {
    const { config, kernel, startUs } = this.context;
    const { nowUs } = kernel;
    this.size.add(nowUs, bytes);
    this.objects.add(nowUs, objects);
    const mean = bytes / objects;
    const { portions, counts } = mean < SMALLEST_BILLED ? this.small : this.large;
    for (const { counter, perByte, countsSize, leastBytes, extraBytes } of portions) {
      const billed = (countsSize ? Math.max(mean, leastBytes) : 0) + extraBytes;
      counter.add(objects * billed * perByte);
    }
    for (const { counter, perObject } of counts) counter.add(objects * perObject);
    if (config.expirationDays === undefined) return;
    const day = Math.floor((nowUs - startUs) / DAY_US);
    this.bytesOfDay[day] = (this.bytesOfDay[day] ?? 0) + bytes;
    this.objectsOfDay[day] = (this.objectsOfDay[day] ?? 0) + objects;
  }

  /** Books what was there before for the time of the run. */
  finish(): void {
    const { config, kernel, usage } = this.context;
    if (config.existingGibibytes === 0) return;
    usage('existingGibibyteMonths').add((config.existingGibibytes * Math.max(0, kernel.nowUs)) / MONTH_US);
  }

  /** Day `day` begins. What was written on a day goes at the first midnight at which all of it is old enough. */
  private midnight(day: number): void {
    const { config, kernel } = this.context;
    const { expirationDays = 0 } = config;
    kernel.after(DAY_US, this.onMidnight, day + 1, 0, PRIORITY_SAMPLING);
    const old = day - expirationDays - 1;
    if (old < 0) return;
    this.size.add(kernel.nowUs, -(this.bytesOfDay[old] ?? 0));
    this.objects.add(kernel.nowUs, -(this.objectsOfDay[old] ?? 0));
  }

  private bookings(isLarge: boolean): Bookings {
    const { config, usage } = this.context;
    const { portions, counts } = storagePlan(config, isLarge);
    return {
      portions: portions.map(({ usage: id, months, ...part }) => ({
        counter: usage(id),
        perByte: months / GIBIBYTE,
        ...part,
      })),
      counts: counts.map(({ usage: id, perObject }) => ({ counter: usage(id), perObject })),
    };
  }
}

/**
 * What an object makes of a month's storage bill, by class: from the lifecycle rules, for a bucket that is written at a steady
 * rate. Pure arithmetic, done once when the bucket is built.
 *
 * Assumptions: objects come evenly over the day, so that a rule of N days, carried out at the next midnight, takes half a day
 * more on average; a transition is done at that midnight. A month has 730 hours.
 */
import type { Config, StorageClass } from '../config.ts';

const KIBIBYTE = 1024;
/** Objects below this are not moved by lifecycle rules, and billed as this large in the infrequent access classes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html (read 2026-11-21). */
export const SMALLEST_BILLED = 128 * KIBIBYTE;
/** Index and metadata of an archived object: 32 KiB in its class and 8 KiB in Standard; same page. */
const ARCHIVE_INDEX = 32 * KIBIBYTE;
const ARCHIVE_METADATA = 8 * KIBIBYTE;
const DAYS_PER_MONTH = 730 / 24;
const MEAN_WAIT_FOR_MIDNIGHT = 0.5;

/** One line of the plan: what one object adds to a usage. */
export interface Portion {
  readonly usage: string;
  /** Object-months in the billed month for each object of a month's load. */
  readonly months: number;
  /** Billed for each: its size, at least `leastBytes`, and `extraBytes`; 0 of the size where only the extra counts. */
  readonly countsSize: boolean;
  readonly leastBytes: number;
  readonly extraBytes: number;
}

/** Requests or monitored objects: added once per object. */
export interface Count {
  readonly usage: string;
  readonly perObject: number;
}

export interface StoragePlan {
  readonly portions: readonly Portion[];
  readonly counts: readonly Count[];
}

interface ClassTraits {
  readonly usage: string;
  readonly leastDays: number;
  readonly leastBytes: number;
  readonly isArchive: boolean;
  readonly transitions: string;
}

const infrequent = { leastDays: 30, leastBytes: SMALLEST_BILLED, isArchive: false } as const;
const archive = { leastBytes: 0, isArchive: true } as const;
const none = { leastDays: 0, leastBytes: 0, isArchive: false } as const;

/** Minimum duration and size of each class; https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html (read 2026-11-21). */
const traits: Readonly<Record<StorageClass, ClassTraits>> = {
  STANDARD: { usage: 'standardGibibyteMonths', ...none, transitions: '' },
  STANDARD_IA: { usage: 'standardIaGibibyteMonths', ...infrequent, transitions: 'infrequentTransitions' },
  INTELLIGENT_TIERING: {
    usage: 'intelligentFrequentGibibyteMonths',
    ...none,
    transitions: 'infrequentTransitions',
  },
  ONEZONE_IA: { usage: 'oneZoneIaGibibyteMonths', ...infrequent, transitions: 'infrequentTransitions' },
  GLACIER_IR: {
    usage: 'glacierInstantGibibyteMonths',
    ...infrequent,
    leastDays: 90,
    transitions: 'glacierInstantTransitions',
  },
  GLACIER: {
    usage: 'glacierFlexibleGibibyteMonths',
    ...archive,
    leastDays: 90,
    transitions: 'glacierFlexibleTransitions',
  },
  DEEP_ARCHIVE: {
    usage: 'deepArchiveGibibyteMonths',
    ...archive,
    leastDays: 180,
    transitions: 'deepArchiveTransitions',
  },
};

/** Tiers of Intelligent-Tiering for objects that nobody reads: from which age, days. Same page. */
const intelligentTiers = [
  { usage: 'intelligentFrequentGibibyteMonths', fromDays: 0 },
  { usage: 'intelligentInfrequentGibibyteMonths', fromDays: 30 },
  { usage: 'intelligentArchiveGibibyteMonths', fromDays: 90 },
] as const;

/** A stay of an object in a class, by its age in days. */
interface Stay {
  readonly storageClass: StorageClass;
  readonly from: number;
  readonly to: number;
}

/** The plan of objects that lifecycle rules move (`isLarge`), or of those below 128 KiB, which they leave where they are. */
export function storagePlan(config: Config, isLarge: boolean): StoragePlan {
  const portions: Portion[] = [];
  const counts: Count[] = [];
  const month = config.billedMonth;
  stays(config, isLarge).forEach(({ storageClass, from, to }, index) => {
    const { usage, leastDays, leastBytes, isArchive, transitions } = traits[storageClass];
    const until = Math.max(to, from + leastDays);
    const add = (name: string, begin: number, end: number, part: Omit<Portion, 'usage' | 'months'>): void => {
      const months = objectMonths(begin / DAYS_PER_MONTH, end / DAYS_PER_MONTH, month);
      if (months > 0) portions.push({ usage: name, months, ...part });
    };
    const whole = { countsSize: true, leastBytes, extraBytes: isArchive ? ARCHIVE_INDEX : 0 };
    if (storageClass === 'INTELLIGENT_TIERING' && isLarge) {
      intelligentTiers.forEach(({ usage: tier, fromDays }, i) => {
        const next = intelligentTiers[i + 1]?.fromDays ?? Number.POSITIVE_INFINITY;
        add(tier, from + fromDays, Math.min(until, from + next), whole);
      });
      const monitored = objectMonths(from / DAYS_PER_MONTH, until / DAYS_PER_MONTH, month);
      if (monitored > 0) counts.push({ usage: 'monitoredObjectMonths', perObject: monitored });
    } else add(usage, from, until, whole);
    if (isArchive) {
      const metadata = { countsSize: false, leastBytes: 0, extraBytes: ARCHIVE_METADATA };
      add('standardGibibyteMonths', from, until, metadata);
    }
    if (index === 0) return;
    const age = from / DAYS_PER_MONTH;
    const moved = Math.max(0, month - age) - Math.max(0, month - 1 - age);
    if (moved > 0) counts.push({ usage: transitions, perObject: moved });
  });
  return { portions, counts };
}

/** Where an object is at which age. */
function stays(config: Config, isLarge: boolean): readonly Stay[] {
  const { storageClass, transitionDays, transitionStorageClass, archiveDays, archiveStorageClass } = config;
  const moves = [{ storageClass, from: 0 }];
  const move = (to: StorageClass, days: number | undefined): void => {
    if (isLarge && days !== undefined) moves.push({ storageClass: to, from: days + MEAN_WAIT_FOR_MIDNIGHT });
  };
  move(transitionStorageClass, transitionDays);
  move(archiveStorageClass, archiveDays);
  const end =
    config.expirationDays === undefined ? Number.POSITIVE_INFINITY : config.expirationDays + MEAN_WAIT_FOR_MIDNIGHT;
  return moves.map((stay, i) => ({ ...stay, to: moves[i + 1]?.from ?? end }));
}

/**
 * Object-months that fall into month `month` (1, 2, ...) of a bucket, for each object of a month's load, if objects stay from age
 * `from` to age `to`, months: the stock of that age, averaged over the month.
 */
export function objectMonths(from: number, to: number, month: number): number {
  return written(to, month) - written(to, month - 1) - (written(from, month) - written(from, month - 1));
}

/** Object-months up to time `t` of all objects of at most age `age`: the integral of min(t, age). */
function written(age: number, t: number): number {
  return t <= age ? (t * t) / 2 : (age * age) / 2 + age * (t - age);
}

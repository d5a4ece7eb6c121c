/** The form of a drive: texts as they are typed, and what they mean. Pure. */
import { calendarOf } from '#analysis/calendar.ts';
import { compileProfile } from '#engine/workload/profile.ts';
import { secondsOfText } from '#renderer/runs/duration-input.ts';
import type { CaudalDocument } from '#schema/document.ts';

export interface DriveForm {
  readonly seconds: string;
  readonly fromSecond: string;
  readonly speed: string;
  readonly recordsPerSecondCap: string;
  readonly totalCap: string;
  readonly ceilingUsd: string;
  readonly waitSeconds: string;
}

export type DriveField = keyof DriveForm;

export const firstDriveForm: DriveForm = {
  seconds: '5 min',
  fromSecond: '0 s',
  speed: '1',
  recordsPerSecondCap: '',
  totalCap: '',
  ceilingUsd: '1',
  waitSeconds: '2 min',
};

/** What `aws.drive` takes. */
export interface DriveInput {
  readonly seconds: number;
  readonly fromSecond: number;
  readonly speed: number;
  readonly recordsPerSecondCap?: number;
  readonly totalCap?: number;
  readonly ceilingUsd: number;
  readonly waitSeconds: number;
}

const LONGEST_SECONDS = 365 * 86_400;
const LONGEST_WAIT_SECONDS = 86_400;

interface Rule {
  /** NaN where the text is none. */
  readonly read: (text: string) => number;
  readonly holds: (value: number) => boolean;
  readonly fault: string;
  readonly isOptional?: boolean;
}

const seconds = (text: string): number => secondsOfText(text) ?? Number.NaN;
/** With thousands as they are shown: 10,000. */
const number = (text: string): number => {
  const trimmed = text.trim().replace(/,(?=\d{3}\b)/g, '');
  return trimmed === '' ? Number.NaN : Number(trimmed);
};

const RULES: Readonly<Record<DriveField, Rule>> = {
  seconds: {
    read: seconds,
    holds: (value) => value >= 1 && value <= LONGEST_SECONDS,
    fault: 'Write a time from 1 s to 365 d, such as 5 min.',
  },
  fromSecond: {
    read: seconds,
    holds: (value) => value >= 0 && value <= LONGEST_SECONDS,
    fault: 'Write a time from 0 s on, such as 20 h.',
  },
  speed: {
    read: number,
    holds: (value) => value > 0 && value <= 100_000,
    fault: 'Write a number above 0 up to 100,000; 1 is as fast as the load is.',
  },
  recordsPerSecondCap: {
    read: number,
    holds: (value) => value > 0 && value <= 1e9,
    fault: 'Write a number above 0, or nothing for no cap.',
    isOptional: true,
  },
  totalCap: {
    read: number,
    holds: (value) => Number.isInteger(value) && value >= 1 && value <= 1e12,
    fault: 'Write a whole number from 1 on, or nothing for no cap.',
    isOptional: true,
  },
  ceilingUsd: {
    read: number,
    holds: (value) => value > 0 && value <= 1_000_000,
    fault: 'Write US dollars above 0 up to 1,000,000, such as 1.',
  },
  waitSeconds: {
    read: seconds,
    holds: (value) => value >= 0 && value <= LONGEST_WAIT_SECONDS,
    fault: 'Write a time up to 24 h, such as 2 min; 0 leaves the sinks alone.',
  },
};

export function driveFaults(form: DriveForm): Readonly<Partial<Record<DriveField, string>>> {
  return Object.fromEntries(
    fieldsOf(form)
      .filter(([field, text]) => !isGood(RULES[field], text))
      .map(([field]) => [field, RULES[field].fault]),
  );
}

/** Undefined where a field has a fault. */
export function driveInput(form: DriveForm): DriveInput | undefined {
  if (Object.keys(driveFaults(form)).length > 0) return undefined;
  const value = (field: DriveField): number => RULES[field].read(form[field]);
  return {
    seconds: Math.ceil(value('seconds')),
    fromSecond: Math.floor(value('fromSecond')),
    speed: value('speed'),
    ...(form.recordsPerSecondCap.trim() === '' ? {} : { recordsPerSecondCap: value('recordsPerSecondCap') }),
    ...(form.totalCap.trim() === '' ? {} : { totalCap: value('totalCap') }),
    ceilingUsd: value('ceilingUsd'),
    waitSeconds: value('waitSeconds'),
  };
}

function fieldsOf(form: DriveForm): (readonly [DriveField, string])[] {
  return Object.entries(form) as (readonly [DriveField, string])[];
}

function isGood({ read, holds, isOptional }: Rule, text: string): boolean {
  return (isOptional === true && text.trim() === '') || holds(read(text));
}

/** Records that the load has in the time, about: without chance, faults and caps. Undefined where a trace is in a file. */
export function loadRecords(
  { workloads, account }: Pick<CaudalDocument, 'workloads' | 'account'>,
  { fromSecond, seconds: length }: Pick<DriveInput, 'fromSecond' | 'seconds'>,
): number | undefined {
  let sum = 0;
  for (const { arrivals } of workloads) {
    if (arrivals.kind === 'trace' && arrivals.counts === undefined) return undefined;
    sum += compileProfile(arrivals, calendarOf(account)).integral(fromSecond, fromSecond + length);
  }
  return sum;
}

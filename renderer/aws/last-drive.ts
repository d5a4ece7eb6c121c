/** When each stack was driven last, so that its metrics can be asked for minutes later, also after the window was closed. */
import { z } from 'zod';
import type { Driven } from '#schema/deployment-drive.ts';

const KEY = 'caudal.drives';
const MOST_KEPT = 20;

const driveSchema = z.object({
  stackName: z.string(),
  region: z.string(),
  /** ISO. */
  startedAt: z.iso.datetime(),
  /** Seconds of the clock. */
  wallSeconds: z.number(),
  fromSecond: z.number(),
  /** Simulated seconds for each second of the clock. */
  speed: z.number().positive(),
});

export type LastDrive = Readonly<z.infer<typeof driveSchema>>;

export function lastDriveOf({ stackName, region, fromSecond, drive }: Driven, speed: number): LastDrive {
  const { startedAt, wallSeconds } = drive;
  return { stackName, region, startedAt, wallSeconds, fromSecond, speed };
}

/** The newest drive of a stack; undefined where none is remembered. */
export function readLastDrive(
  storage: Pick<Storage, 'getItem'>,
  stackName: string,
  region: string,
): LastDrive | undefined {
  return readDrives(storage).find((one) => one.stackName === stackName && one.region === region);
}

/** A full or forbidden storage only means that nothing is remembered. */
export function writeLastDrive(storage: Pick<Storage, 'getItem' | 'setItem'>, drive: LastDrive): void {
  const others = readDrives(storage).filter(
    ({ stackName, region }) => stackName !== drive.stackName || region !== drive.region,
  );
  try {
    storage.setItem(KEY, JSON.stringify([drive, ...others].slice(0, MOST_KEPT)));
  } catch {
    return;
  }
}

function readDrives(storage: Pick<Storage, 'getItem'>): readonly LastDrive[] {
  try {
    return z.array(driveSchema).parse(JSON.parse(storage.getItem(KEY) ?? '[]'));
  } catch {
    return [];
  }
}

/** Files in which the host keeps its own state between sessions. */
import { z } from 'zod';

/** Unsaved work on one document. */
export const unsavedEntrySchema = z.object({
  format: z.literal(1),
  /** Full path of its file; empty for a document that was never saved. */
  file: z.string(),
  name: z.string(),
  /** ISO date and time. */
  keptAt: z.string(),
  /** Version of the file that the work began from. */
  version: z.string(),
  document: z.record(z.string(), z.unknown()),
});

export type UnsavedEntry = z.infer<typeof unsavedEntrySchema>;

/** Files used last, newest first. */
export const recentFilesSchema = z.array(z.object({ file: z.string(), name: z.string(), usedAt: z.string() }));

export type RecentFile = z.infer<typeof recentFilesSchema>[number];

/** What the list of scenarios that come with Caudal needs of one; the rest is checked when it is opened. */
export const scenarioFileSchema = z.looseObject({
  name: z.string(),
  description: z.string().optional(),
  nodes: z.array(z.looseObject({ type: z.string() })),
});

export type ScenarioFile = z.infer<typeof scenarioFileSchema>;

/** Which program writes a document. */
export const lockHolderSchema = z.object({ pid: z.int().positive(), owner: z.string() });

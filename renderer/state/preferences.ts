/** What a window remembers between visits. What cannot be read is forgotten. */
import { z } from 'zod';

const KEY = 'caudal.preferences';

const preferencesSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  ratePeriod: z.enum(['second', 'day']).default('second'),
  isPanelOpen: z.boolean().default(true),
  panelHeight: z.number().default(250),
  isPaletteOpen: z.boolean().default(true),
  paletteWidth: z.number().default(208),
  isInspectorOpen: z.boolean().default(true),
  inspectorWidth: z.number().default(320),
  /** Where deployments are: left out as the user's AWS settings and the design say. Never a credential. */
  aws: z
    .object({
      profile: z.string().min(1).optional(),
      region: z.string().min(1).optional(),
      isReadOnly: z.boolean().default(false),
    })
    .default({ isReadOnly: false }),
  /** Stack names that were chosen, by the design's file, or by its name where it has none. */
  stackNames: z.record(z.string(), z.string()).default({}),
});

export type Preferences = z.infer<typeof preferencesSchema>;
export type ThemeChoice = Preferences['theme'];

export function readPreferences(storage: Pick<Storage, 'getItem'>): Preferences {
  try {
    return preferencesSchema.parse(JSON.parse(storage.getItem(KEY) ?? '{}'));
  } catch {
    return preferencesSchema.parse({});
  }
}

/** A full or forbidden storage only means that nothing is remembered. */
export function writePreferences(storage: Pick<Storage, 'setItem'>, preferences: Preferences): void {
  try {
    storage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    return;
  }
}

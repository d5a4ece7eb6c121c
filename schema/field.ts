/** Metadata of one setting: form, command-line help, `--set`, docs and the contract test all read it. */
import type { z } from 'zod';
import type { EdgeKind } from './protocols.ts';

/** Where a number comes from and when it was read. */
export interface Source {
  /** Address of the page or file. */
  readonly url: string;
  /** Day it was read, ISO date. */
  readonly read: string;
  /** Short remark, e.g. the section of the page. */
  readonly note?: string;
}

/** How far a default can be trusted; `choice` is the user's to make and needs no source. */
export type FieldKind = 'documented' | 'measured' | 'guess' | 'choice';

/** Which facets a change of the field must change. */
export type Affected = 'behavior' | 'price' | 'stack';

/** The metadata that every config field carries as the last call of its zod chain. */
export interface FieldMeta {
  readonly label: string;
  /** Unit as shown behind the field; empty text for a plain count or a choice. */
  readonly unit: string;
  /** One or two sentences of help. */
  readonly help: string;
  readonly kind: FieldKind;
  readonly source?: Source;
  readonly affects: readonly Affected[];
  /** The field counts only while the named fields hold one of these values. */
  readonly when?: Readonly<Record<string, unknown>>;
  /** Settings of an output: counts only on ports of these kinds; on all where left out. */
  readonly ports?: readonly EdgeKind[];
  /** The field is a share of the records: of those that go on, or of those that do not. */
  readonly share?: 'goesOn' | 'staysBehind';
  /** CloudWatch metrics of the same node that show the field's effect: `calibrate` fits the one to the others. */
  readonly fittedTo?: readonly string[];
  /** Shown under "More settings". */
  readonly advanced?: boolean;
}

/** Attaches metadata to a schema; must be the last call of the chain. */
export function field<T extends z.ZodType>(schema: T, meta: FieldMeta): T {
  return schema.meta({ caudal: meta }) as T;
}

/** Reads the metadata of a schema, also through optional, default and nullable wrappers. */
export function fieldMeta(schema: z.ZodType): FieldMeta | undefined {
  const own = (schema.meta() as { caudal?: FieldMeta } | undefined)?.caudal;
  if (own) return own;
  const inner = (schema as unknown as { def?: { innerType?: z.ZodType } }).def?.innerType;
  return inner ? fieldMeta(inner) : undefined;
}

/** Smallest and largest value that a schema of a number takes, also through wrappers. */
export function fieldRange(schema: z.ZodType): { readonly least: number; readonly most: number } {
  const { minValue, maxValue, def } = schema as unknown as {
    minValue?: number | null;
    maxValue?: number | null;
    def?: { innerType?: z.ZodType };
  };
  if (def?.innerType !== undefined) return fieldRange(def.innerType);
  return { least: minValue ?? 0, most: maxValue ?? Number.MAX_SAFE_INTEGER };
}

/** True when a `when` clause holds for the given config. A list means "one of these". */
export function whenHolds(when: FieldMeta['when'], config: Readonly<Record<string, unknown>>): boolean {
  if (!when) return true;
  return Object.entries(when).every(([name, wanted]) =>
    Array.isArray(wanted) ? wanted.includes(config[name]) : config[name] === wanted,
  );
}

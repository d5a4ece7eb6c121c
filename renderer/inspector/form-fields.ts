/** What a schema says about the fields of a value: forms draw any component from this, and know none. */
import { describeAllowed, metaOf, type SchemaNode, schemaNode, shapeOf, unwrapped } from '#analysis/schema-walk.ts';
import { type FieldMeta, whenHolds } from '#schema/field.ts';

export interface Choice {
  readonly value: string | number;
  readonly label: string;
}

/** How a field is edited. */
export type Control =
  | { readonly kind: 'number' }
  | { readonly kind: 'text' }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  /** A list of plain numbers. */
  | { readonly kind: 'numbers' }
  /** A list of objects that hold plain values: a table. */
  | { readonly kind: 'rows'; readonly row: SchemaNode }
  /** An object with fields of its own. */
  | { readonly kind: 'group'; readonly schema: SchemaNode };

export interface FormField {
  readonly name: string;
  readonly meta: FieldMeta;
  readonly control: Control;
  /** What holds where nothing is set; undefined where that is nothing. */
  readonly byDefault: unknown;
  /** The field may be left out. */
  readonly isOptional: boolean;
  /** `1 to 20,000`; empty where everything is allowed. */
  readonly range: string;
}

/** Fields that count with these values, in the order in which they are declared. */
export function formFields(schema: object, values: Readonly<Record<string, unknown>>): readonly FormField[] {
  const shape = shapeOf(schemaNode(schema), values) ?? {};
  return Object.entries(shape).flatMap(([name, own]) => {
    const control = controlOf(own);
    const meta = metaOf(own) ?? plainMeta(name);
    if (control === undefined || !whenHolds(meta.when, values)) return [];
    const byDefault = defaultOf(own);
    return [
      { name, meta, control, byDefault, isOptional: byDefault !== undefined || isOptional(own), range: rangeOf(own) },
    ];
  });
}

/** Undefined for what is not the user's to edit here: a fixed `kind`, a union, a record. */
function controlOf(schema: SchemaNode): Control | undefined {
  const inner = unwrapped(schema);
  const { def } = inner;
  switch (def.type) {
    case 'number':
      return { kind: 'number' };
    case 'string':
      return { kind: 'text' };
    case 'boolean':
      return { kind: 'toggle' };
    case 'enum':
      return { kind: 'choice', choices: Object.values(def.entries ?? {}).map((value) => choiceOf(value)) };
    case 'union': {
      const values = (def.options ?? []).flatMap((option) => unwrapped(option).def.values ?? []);
      return values.length === 0 ? undefined : { kind: 'choice', choices: values.map((value) => choiceOf(value)) };
    }
    case 'array': {
      const element = def.element && unwrapped(def.element);
      if (element?.def.type === 'number') return { kind: 'numbers' };
      return element?.def.type === 'object' ? { kind: 'rows', row: element } : undefined;
    }
    case 'object':
      return { kind: 'group', schema: inner };
    default:
      return undefined;
  }
}

function choiceOf(value: unknown): Choice {
  if (typeof value !== 'number') return { value: String(value), label: words(String(value)) };
  // Fixed shares are quantiles.
  const isShare = value > 0 && value < 1;
  return { value, label: isShare ? `p${Number((value * 100).toPrecision(6))}` : String(value) };
}

const SPELLED: Readonly<Record<string, string>> = {
  sdk: 'SDK',
  kpl: 'KPL',
  fifo: 'First in, first out',
  lifo: 'Last in, first out',
};

/** AWS's own words stay as they are, so that they can be searched for; ours are written out. */
function words(value: string): string {
  if (!/^[a-z]+([A-Z][a-z]+)*$/.test(value)) return value;
  const spelled = value.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return SPELLED[value] ?? spelled.charAt(0).toUpperCase() + spelled.slice(1);
}

interface Wrapper {
  readonly type: string;
  readonly defaultValue?: unknown;
}

/** The default of the schema; undefined where it has none. */
export function defaultOf(schema: SchemaNode): unknown {
  const { type, defaultValue } = schema.def as Wrapper;
  if (type === 'default' || type === 'prefault') return defaultValue;
  return schema.def.innerType === undefined ? undefined : defaultOf(schema.def.innerType);
}

function isOptional(schema: SchemaNode): boolean {
  return schema.def.type === 'optional' || (schema.def.innerType !== undefined && isOptional(schema.def.innerType));
}

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });

/** What the schema allows of a number, as a caption. */
function rangeOf(schema: SchemaNode): string {
  if (unwrapped(schema).def.type !== 'number') return '';
  const [allowed = ''] = (describeAllowed(schema) ?? '').split(' (');
  return allowed
    .replace(/^(an integer|a number) ?(from )?/, '')
    .replaceAll(/-?\d+(\.\d+)?(e[+-]?\d+)?/g, (number) => GROUPED.format(Number(number)));
}

const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/RecordsPerSecond$/, 'records/s'],
  [/PerSecond$/, '1/s'],
  [/Seconds$/, 's'],
  [/Minutes$/, 'min'],
  [/Hours$/, 'h'],
  [/Ms$/, 'ms'],
  [/Bytes$/, 'bytes'],
  [/Ratio$/, 'ratio'],
];

/** For a field that has no metadata: what its name says. */
function plainMeta(name: string): FieldMeta {
  const ending = ENDINGS.find(([pattern]) => pattern.test(name));
  const stem = ending === undefined ? name : name.replace(ending[0], '');
  const spelled = stem.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  const label = spelled.charAt(0).toUpperCase() + spelled.slice(1);
  return { label, unit: ending?.[1] ?? '', help: '', kind: 'choice', affects: [] };
}

/**
 * The values with one more set; undefined unsets it, so that the default holds. Settings that no longer count with it go
 * back to their defaults: a stream on demand has no number of shards.
 */
export function withSetting(
  schema: object,
  values: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  const shape = shapeOf(schemaNode(schema), values) ?? {};
  let next = put(values, name, value ?? (shape[name] && defaultOf(shape[name])));
  // What one field rules out may in turn rule out others.
  for (let round = 0; round < Object.keys(shape).length; round += 1) {
    const before = next;
    for (const [other, own] of Object.entries(shape)) {
      if (next[other] !== undefined && !whenHolds(metaOf(own)?.when, next)) next = put(next, other, defaultOf(own));
    }
    if (next === before) break;
  }
  return next;
}

function put(
  values: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (isAlike(values[name], value)) return values;
  if (value !== undefined) return { ...values, [name]: value };
  const { [name]: _, ...rest } = values;
  return rest;
}

/** Equal as JSON. */
export function isAlike(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

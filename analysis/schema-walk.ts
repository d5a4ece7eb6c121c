/**
 * Reads what a zod schema allows, without importing zod: only the parts of its description that are named here.
 * One walk serves faults (what is allowed), `when` clauses and the list of assumptions.
 */
import { type FieldMeta, fieldMeta } from '#schema/field.ts';
import { isRecord, type Pointer } from './paths.ts';

interface SchemaCheck {
  readonly _zod: {
    readonly def: { readonly check: string; readonly value?: unknown; readonly inclusive?: boolean } & Record<
      string,
      unknown
    >;
  };
}

/** The part of a zod schema that the walk reads. */
export interface SchemaNode {
  readonly def: {
    readonly type: string;
    readonly innerType?: SchemaNode;
    readonly in?: SchemaNode;
    readonly shape?: Readonly<Record<string, SchemaNode>>;
    readonly element?: SchemaNode;
    readonly options?: readonly SchemaNode[];
    readonly discriminator?: string;
    readonly entries?: Readonly<Record<string, unknown>>;
    readonly values?: readonly unknown[];
    readonly valueType?: SchemaNode;
    readonly checks?: readonly SchemaCheck[];
  };
  readonly isInt?: boolean;
}

/** Views a zod schema as the walk sees it. */
export function schemaNode(schema: object): SchemaNode {
  return schema as SchemaNode;
}

const WRAPPERS = new Set(['optional', 'default', 'prefault', 'nullable', 'readonly', 'nonoptional', 'catch']);

/** The schema inside optional, default and similar wrappers. */
export function unwrapped(schema: SchemaNode): SchemaNode {
  if (WRAPPERS.has(schema.def.type) && schema.def.innerType) return unwrapped(schema.def.innerType);
  if (schema.def.type === 'pipe' && schema.def.in) return unwrapped(schema.def.in);
  return schema;
}

/** The fields of an object schema; of a union, those of the alternative that the value chose. */
export function shapeOf(schema: SchemaNode, value: unknown): Readonly<Record<string, SchemaNode>> | undefined {
  const inner = unwrapped(schema);
  if (inner.def.shape) return inner.def.shape;
  const { discriminator, options } = inner.def;
  if (discriminator === undefined || !options || !isRecord(value)) return undefined;
  const chosen = options.find((option) => {
    const kind = unwrapped(option).def.shape?.[discriminator];
    return kind !== undefined && (unwrapped(kind).def.values ?? []).includes(value[discriminator]);
  });
  return chosen && shapeOf(chosen, value);
}

/** The schema that governs the place `pointer` of a value; `undefined` where the schema says nothing. */
export function schemaAt(schema: SchemaNode, pointer: Pointer, value: unknown): SchemaNode | undefined {
  let current: SchemaNode | undefined = schema;
  let held = value;
  for (const key of pointer) {
    if (current === undefined) return undefined;
    const inner: SchemaNode = unwrapped(current);
    if (typeof key === 'number') current = inner.def.element;
    else current = inner.def.type === 'record' ? inner.def.valueType : shapeOf(inner, held)?.[key];
    held = Array.isArray(held) && typeof key === 'number' ? held[key] : isRecord(held) ? held[key] : undefined;
  }
  return current;
}

/** Says in words what a schema allows; `undefined` where there are no words for it. */
export function describeAllowed(schema: SchemaNode): string | undefined {
  const inner = unwrapped(schema);
  const { def } = inner;
  switch (def.type) {
    case 'number':
      return `${inner.isInt ? 'an integer' : 'a number'}${numberRange(def.checks ?? [])}${unitOf(schema)}`;
    case 'string':
      return `text${lengthRange(def.checks ?? [], 'characters')}`;
    case 'boolean':
      return 'true, false';
    case 'enum':
      return Object.values(def.entries ?? {})
        .map(String)
        .join(', ');
    case 'literal':
      return (def.values ?? []).map(String).join(', ');
    case 'array':
      return `a list${lengthRange(def.checks ?? [], 'items')}`;
    case 'object':
    case 'record':
      return def.shape ? `an object with ${Object.keys(def.shape).join(', ')}` : 'an object';
    case 'union':
      if (def.discriminator !== undefined) return describeAlternatives(def.options ?? [], def.discriminator);
      return def.options
        ?.map((option) => describeAllowed(option) ?? 'an object')
        .filter(isFirst)
        .join(', ');
    default:
      return undefined;
  }
}

/** `an object whose kind is constant, uniform or zipf`. */
function describeAlternatives(options: readonly SchemaNode[], discriminator: string): string {
  const values = options.flatMap((option) => {
    const kind = unwrapped(option).def.shape?.[discriminator];
    return kind === undefined ? [] : (unwrapped(kind).def.values ?? []).map(String);
  });
  const last = values.at(-1);
  if (last === undefined) return 'an object';
  const rest = values.slice(0, -1);
  return `an object whose ${discriminator} is ${rest.length === 0 ? last : `${rest.join(', ')} or ${last}`}`;
}

/** The metadata of a field, through wrappers. */
export function metaOf(schema: SchemaNode): FieldMeta | undefined {
  return fieldMeta(schema as unknown as Parameters<typeof fieldMeta>[0]);
}

/** Calls `visit` for every field with metadata that a value holds or could hold, objects in lists included. */
export function eachField(
  schema: SchemaNode,
  value: unknown,
  visit: (pointer: Pointer, meta: FieldMeta, value: unknown, parent: Readonly<Record<string, unknown>>) => void,
  pointer: Pointer = [],
): void {
  const inner = unwrapped(schema);
  if (inner.def.element && Array.isArray(value)) {
    const { element } = inner.def;
    value.forEach((item, index) => {
      eachField(element, item, visit, [...pointer, index]);
    });
    return;
  }
  const shape = shapeOf(inner, value);
  if (shape === undefined || !isRecord(value)) return;
  for (const [name, child] of Object.entries(shape)) {
    const place = [...pointer, name];
    const meta = metaOf(child);
    if (meta) visit(place, meta, value[name], value);
    if (value[name] !== undefined) eachField(child, value[name], visit, place);
  }
}

function isFirst(item: string, index: number, list: readonly string[]): boolean {
  return list.indexOf(item) === index;
}

function unitOf(schema: SchemaNode): string {
  const unit = metaOf(schema)?.unit;
  return unit ? ` (${unit})` : '';
}

function numberRange(checks: readonly SchemaCheck[]): string {
  let low: { value: number; inclusive: boolean } | undefined;
  let high: { value: number; inclusive: boolean } | undefined;
  for (const { _zod } of checks) {
    const { check, value, inclusive } = _zod.def;
    if (typeof value !== 'number') continue;
    if (check === 'greater_than' && (low === undefined || value >= low.value))
      low = { value, inclusive: inclusive === true };
    if (check === 'less_than' && (high === undefined || value <= high.value))
      high = { value, inclusive: inclusive === true };
  }
  if (low?.inclusive && high?.inclusive) return ` from ${low.value} to ${high.value}`;
  const parts = [
    low && `${low.inclusive ? 'at least' : 'above'} ${low.value}`,
    high && `${high.inclusive ? 'at most' : 'below'} ${high.value}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : ` ${parts.join(' and ')}`;
}

function lengthRange(checks: readonly SchemaCheck[], what: string): string {
  let least: number | undefined;
  let most: number | undefined;
  let form = '';
  for (const { _zod } of checks) {
    const { check, minimum, maximum, length, pattern, error } = _zod.def;
    if (check === 'min_length' && typeof minimum === 'number') least = minimum;
    if (check === 'max_length' && typeof maximum === 'number') most = maximum;
    if (check === 'length_equals' && typeof length === 'number') {
      least = length;
      most = length;
    }
    const ownWords: unknown = typeof error === 'function' ? error({}) : undefined;
    if (typeof ownWords === 'string') form = ` of ${ownWords}`;
    else if (pattern instanceof RegExp && pattern.source.length <= 40) form = ` matching ${pattern.source}`;
  }
  return lengthText(least, most, what) + form;
}

function lengthText(least: number | undefined, most: number | undefined, what: string): string {
  if (least !== undefined && least === most) return ` of ${least} ${what}`;
  if (least !== undefined && most !== undefined) return ` of ${least} to ${most} ${what}`;
  if (least !== undefined) return ` of ${least} ${what} or more`;
  return most === undefined ? '' : ` of at most ${most} ${what}`;
}

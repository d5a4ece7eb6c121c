/** Turns what zod found into faults of ours: where, what was received, what is allowed, what to do. */
import type { FaultList } from './document-fault.ts';
import { didYouMean } from './nearest.ts';
import { isKeptExactly } from './numbers.ts';
import { type Pointer, valueAt } from './paths.ts';
import { describeAllowed, type SchemaNode, schemaAt, schemaNode, shapeOf } from './schema-walk.ts';

/** The part of a zod issue that is read here. */
export interface ZodIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly discriminator?: string;
  readonly options?: readonly unknown[];
}

interface SafeParsable<T> {
  safeParse(input: unknown): { success: true; data: T } | { success: false; error: { issues: readonly object[] } };
}

/** Parses `value`, which stands at `at` of the document; reports every issue and returns `undefined` if there is one. */
export function parseAt<T>(
  faults: FaultList,
  schema: SafeParsable<T> & object,
  value: unknown,
  at: Pointer,
): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const handled = new Set<string>();
  for (const issue of parsed.error.issues as readonly ZodIssue[]) {
    const place = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    const name = place.join('\0');
    if (issue.code !== 'unrecognized_keys' && handled.has(name)) continue;
    handled.add(name);
    reportIssue(faults, schemaNode(schema), value, issue, place, at);
  }
  return undefined;
}

function reportIssue(
  faults: FaultList,
  schema: SchemaNode,
  value: unknown,
  issue: ZodIssue,
  place: Pointer,
  at: Pointer,
): void {
  const pointer = [...at, ...place];
  const received = valueAt(value, place);
  // A number that is too large to be kept has been reported already.
  if (typeof received === 'number' && !isKeptExactly(received)) return;
  const governing = schemaAt(schema, place, value);
  const allowed = governing && describeAllowed(governing);
  if (issue.code === 'unrecognized_keys') {
    reportUnknownFields(faults, schema, value, issue.keys ?? [], place, at);
    return;
  }
  if (received === undefined && (issue.code !== 'custom' || issue.discriminator !== undefined)) {
    const kinds = issue.options?.map(String).join(', ');
    faults.add('document/missing-field', pointer, 'is missing', { allowed: kinds ?? allowed });
    return;
  }
  switch (issue.code) {
    case 'invalid_type':
      faults.add('document/wrong-type', pointer, wrongType(received, allowed), { received, allowed });
      return;
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
      faults.add('document/out-of-range', pointer, 'is outside the allowed range', { received, allowed });
      return;
    case 'invalid_union':
    case 'invalid_value': {
      const choices = (issue.options?.map(String) ?? allowed?.split(', ')) || [];
      const message = `is not one of the allowed values${didYouMean(received, choices)}`;
      faults.add('document/unknown-value', pointer, message, { received, allowed: choices.join(', ') });
      return;
    }
    case 'invalid_format': {
      const isOwnMessage = !issue.message.startsWith('Invalid');
      faults.add('document/wrong-format', pointer, 'has the wrong form', {
        received,
        allowed: isOwnMessage ? issue.message : formatOf(pointer, allowed),
      });
      return;
    }
    default:
      faults.add('document/invalid', pointer, issue.message, received === undefined ? {} : { received });
  }
}

function reportUnknownFields(
  faults: FaultList,
  schema: SchemaNode,
  value: unknown,
  keys: readonly string[],
  place: Pointer,
  at: Pointer,
): void {
  const owner = place.length === 0 ? schema : schemaAt(schema, place, value);
  const known = Object.keys((owner && shapeOf(owner, valueAt(value, place))) ?? {});
  for (const key of keys) {
    const message = `is not a field known here${didYouMean(key, known)}`;
    const received = valueAt(value, [...place, key]);
    faults.add('document/unknown-field', [...at, ...place, key], message, {
      received,
      allowed: known.length === 0 ? 'no fields' : known.join(', '),
    });
  }
}

function wrongType(received: unknown, allowed: string | undefined): string {
  const isFraction = typeof received === 'number' && allowed?.startsWith('an integer') === true;
  if (isFraction) return 'must be a whole number';
  return isQuoted(received, allowed ?? '') ? 'has the wrong type; write it without quotes' : 'has the wrong type';
}

/** A number or truth value that was written as text. */
function isQuoted(received: unknown, allowed: string): boolean {
  if (typeof received !== 'string' || received.trim() === '') return false;
  if (/^(an integer|a number)/.test(allowed)) return Number.isFinite(Number(received));
  return allowed === 'true, false' && (received === 'true' || received === 'false');
}

function formatOf(pointer: Pointer, allowed: string | undefined): string | undefined {
  if (pointer.at(-1) === 'region') return 'the code of a Region, such as us-east-1';
  return pointer.at(-1) === 'startsAt' ? 'a local date and time such as 2026-01-05T00:00:00' : allowed;
}

/** One value of the document, set by its path; nothing changes where it is that already. */
import { followPath, isRecord, valueAt } from '#analysis/paths.ts';
import { setPath } from '#analysis/set-path.ts';
import { isAlike, withSetting } from '#renderer/inspector/form-fields.ts';
import type { CaudalDocument } from '#schema/document.ts';

/** Undefined removes the field. A path that leads nowhere changes nothing. */
export function setValue(document: CaudalDocument, path: string, value: unknown): CaudalDocument {
  if (isAlike(valueOf(document, path), value)) return document;
  const set = setPath(document, path, value);
  return 'code' in set ? document : (set.root as CaudalDocument);
}

/** One field of the object at `path`, which has that schema: settings that no longer count with it go back to defaults. */
export function setField(
  document: CaudalDocument,
  path: string,
  schema: object,
  name: string,
  value: unknown,
): CaudalDocument {
  const held = valueOf(document, path);
  const values = isRecord(held) ? held : {};
  const next = withSetting(schema, values, name, value);
  return next === values ? document : setValue(document, path, next);
}

export function valueOf(document: CaudalDocument, path: string): unknown {
  const { pointer, rest } = followPath(document, path);
  return rest.length === 0 ? valueAt(document, pointer) : undefined;
}

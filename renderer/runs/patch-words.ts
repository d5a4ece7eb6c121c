/** What buttons, menus and tables say of settings that advice changes. */
import { numbered } from '#drawing/quantities.ts';
import type { PatchStep } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { type SettingName, settingName } from './setting-name.ts';

/** The words of a change by the title of the setting: `Set shards 2 → 4`, or how many settings change. */
export function patchWords(document: CaudalDocument, patch: readonly PatchStep[]): string {
  const [first] = patch;
  if (first === undefined) return '';
  if (patch.length > 1) return `Change ${patch.length} settings`;
  const name = settingName(document, first.path);
  const { label } = name;
  // No capital inside a sentence, but for abbreviations.
  const words = /^[A-Z][a-z]/.test(label) ? label[0]?.toLowerCase() + label.slice(1) : label;
  return `Set ${words} ${changeWords(first, unitBehind(name))}`;
}

/** The unit behind the values of a change; none where the title of the setting says it. */
export function unitBehind({ label, unit }: SettingName): string {
  return label.toLowerCase() === unit ? '' : unit;
}

/** `40 → 65 s`. */
export function changeWords({ from, to }: Pick<PatchStep, 'from' | 'to'>, unit: string): string {
  return `${settingText(from, '')} → ${settingText(to, unit)}`;
}

const EXACT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });

/** A value of a setting as menus and tables show it, in full: `1,048,576 bytes`, `none`, `PROVISIONED`. */
export function settingText(value: unknown, unit: string): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
  const amount = EXACT.format(value);
  if (unit === '' || unit === 'ratio') return amount;
  return unit === '1/s' ? `${amount}/s` : `${amount} ${numbered(unit, value)}`;
}

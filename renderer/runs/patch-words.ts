/** What buttons, menus and tables say of settings that advice changes. */
import { numbered } from '#drawing/quantities.ts';
import type { PatchStep } from '#schema/component.ts';

/** The words of a change by AWS's name of the setting: `Set shard count 2 → 4`, or how many settings change. */
export function patchWords(patch: readonly PatchStep[]): string {
  const [first] = patch;
  if (first === undefined) return '';
  if (patch.length > 1) return `Change ${patch.length} settings`;
  const name = first.path.split('.').at(-1) ?? first.path;
  return `Set ${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${changeWords(first, '')}`;
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

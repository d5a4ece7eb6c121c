/** What buttons, menus and tables say of settings that advice changes. */
import { numbered } from '#drawing/quantities.ts';
import type { PatchStep } from '#schema/component.ts';

/** The words of a change by AWS's name of the setting: `Set shard count 2 → 4`, or how many settings change. */
export function patchWords(patch: readonly PatchStep[]): string {
  const [first] = patch;
  if (first === undefined) return '';
  if (patch.length > 1) return `Change ${patch.length} settings`;
  const name = first.path.split('.').at(-1) ?? first.path;
  const [ending = '', unit = ''] = UNITS.find(([word]) => name.endsWith(word) && name !== word) ?? [];
  const words = name.slice(0, name.length - ending.length).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `Set ${words} ${changeWords(first, unit)}`;
}

/** Units at the end of a setting's name, which stand behind its value instead; longer endings first. */
const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ['InSeconds', 's'],
  ['Seconds', 's'],
  ['Minutes', 'min'],
  ['Hours', 'h'],
  ['Days', 'days'],
  ['Ms', 'ms'],
  ['Bytes', 'bytes'],
  ['InKiB', 'KiB'],
  ['InMBs', 'MiB'],
  ['MiB', 'MiB'],
];

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

/** Values of the design as a whole, as people read and write them. */
import type { ComponentSpec } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** `2026-01-05T08:00:00` of `2026-01-05 8:00`; undefined for what is no date and time. */
export function localDateTime(text: string): string | undefined {
  const [, day, hour = '', minute, second = '00'] = DATE_TIME.exec(text.trim()) ?? [];
  if (day === undefined) return undefined;
  const written = `${day}T${hour.padStart(2, '0')}:${minute}:${second}`;
  const time = new Date(`${written}Z`);
  // A day that does not exist would be taken for a later one.
  return Number.isNaN(time.getTime()) || time.toISOString().slice(0, 19) !== written ? undefined : written;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** `, a Monday`; empty for what is no date. */
export function weekdayOf(startsAt: string): string {
  const day = WEEKDAYS[new Date(`${startsAt.slice(0, 10)}T00:00:00Z`).getUTCDay()];
  return day === undefined ? '' : `, a ${day}`;
}

/** Quotas that the design depends on, and those that it sets. */
export function quotaIds(
  components: ReadonlyMap<string, ComponentSpec>,
  { nodes, account }: Pick<CaudalDocument, 'nodes' | 'account'>,
): readonly string[] {
  const types = new Set(nodes.map(({ type }) => type));
  const used = [...types].flatMap((type) => components.get(type)?.declaration.quotas ?? []);
  return [...new Set([...used, ...Object.keys(account.quotas)])].toSorted();
}

/** `lambda/concurrent-executions` -> `AWS Lambda: concurrent executions`. */
export function quotaLabel(components: ReadonlyMap<string, ComponentSpec>, id: string): string {
  const [type = '', ...name] = id.split('/');
  if (name.length === 0) return id;
  return `${components.get(type)?.declaration.title ?? type}: ${name.join('/').replaceAll('-', ' ')}`;
}

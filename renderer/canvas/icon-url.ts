/** The picture of a component, as an address for `<img>`: the official AWS icon where there is one. */
import { icons } from '#catalog/icons.ts';

const urls = new Map<string, string>();

export function iconUrl(type: string): string {
  const known = urls.get(type);
  if (known !== undefined) return known;
  const url = `data:image/svg+xml,${encodeURIComponent(icons[type] ?? EMPTY)}`;
  urls.set(type, url);
  return url;
}

const EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"/>';

/** Which page of the inspector is shown, and the way to a field on it. */
import { create } from 'zustand';
import { forgetFieldRequest, type FieldRequest, nearestPath } from './field-focus.ts';

export type InspectorPage = 'settings' | 'metrics' | 'advice' | 'deployed';

export const useInspectorPage = create<{ readonly page: InspectorPage }>(() => ({ page: 'settings' }));

export function showPage(page: InspectorPage): void {
  useInspectorPage.setState({ page });
}

/** Sections open over a few frames. */
const PATIENCE_MS = 600;

/** Shows the settings and takes the focus to the field, as soon as it is drawn. Returns what gives it up. */
export function followFieldRequests({ path }: FieldRequest): () => void {
  showPage('settings');
  const until = performance.now() + PATIENCE_MS;
  let frame = 0;
  const look = (): void => {
    const place = fieldAt(path);
    const isExact = place?.dataset['path'] === path;
    if (place !== undefined && (isExact || performance.now() > until)) {
      place.scrollIntoView({ block: 'nearest' });
      place.querySelector<HTMLElement>('input, textarea, button')?.focus();
      forgetFieldRequest();
    } else if (performance.now() <= until) frame = requestAnimationFrame(look);
    else forgetFieldRequest();
  };
  frame = requestAnimationFrame(look);
  return () => cancelAnimationFrame(frame);
}

function fieldAt(path: string): HTMLElement | undefined {
  const fields = [...document.querySelectorAll<HTMLElement>('.inspector [data-path]')];
  const nearest = nearestPath(
    path,
    fields.map((field) => field.dataset['path'] ?? ''),
  );
  return fields.find((field) => field.dataset['path'] === nearest);
}

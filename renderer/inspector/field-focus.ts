/** Which field the user is to be taken to: a fault in a list leads to the field it is about. */
import { create } from 'zustand';

export interface FieldRequest {
  readonly path: string;
  /** Each request is one of its own, also for the same field. */
  readonly count: number;
}

interface FieldState {
  /** Not yet followed. */
  readonly request: FieldRequest | undefined;
  /** What was asked for last: what lies around it is open. */
  readonly asked: string;
  /** Sections that the user has opened or folded, by name. */
  readonly toggled: Readonly<Record<string, boolean>>;
}

export const useFieldRequest = create<FieldState>(() => ({ request: undefined, asked: '', toggled: {} }));

export function askForField(path: string): void {
  useFieldRequest.setState(({ request }) => ({
    request: { path, count: (request?.count ?? 0) + 1 },
    asked: path,
    toggled: {},
  }));
}

export function forgetFieldRequest(): void {
  useFieldRequest.setState({ request: undefined });
}

/** Whether a section that holds the fields of `paths` is open, and what opens and folds it. */
export function useSection(
  name: string,
  paths: readonly string[],
  isOpenAtFirst: boolean,
): readonly [boolean, (isOpen: boolean) => void] {
  const isOpen = useFieldRequest(
    ({ toggled, asked }) => toggled[name] ?? (isOpenAtFirst || paths.some((path) => isWithin(asked, path))),
  );
  const toggle = (isNowOpen: boolean): void => {
    useFieldRequest.setState(({ toggled }) => ({ toggled: { ...toggled, [name]: isNowOpen } }));
  };
  return [isOpen, toggle];
}

/** True where a path is the other one or lies below it. */
export function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}

/** The field nearest to a path among those on screen: itself, or the closest around it. */
export function nearestPath(path: string, shown: readonly string[]): string | undefined {
  const around = shown.filter((candidate) => isWithin(path, candidate));
  return around.reduce<string | undefined>(
    (best, candidate) => (best === undefined || candidate.length > best.length ? candidate : best),
    undefined,
  );
}

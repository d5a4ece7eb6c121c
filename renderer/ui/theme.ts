/** Light or dark: as the system has it, until the user chooses. */
import { applyDensity, applyMode, Density, Mode } from '@cloudscape-design/global-styles';
import { useSyncExternalStore } from 'react';
import { useApp } from '#renderer/state/app-store.ts';

const system = matchMedia('(prefers-color-scheme: dark)');

export function isDark(): boolean {
  const { theme } = useApp.getState().preferences;
  return theme === 'system' ? system.matches : theme === 'dark';
}

/** Applies the theme now and whenever it changes. */
export function followTheme(): void {
  const apply = (): void => {
    applyMode(isDark() ? Mode.Dark : Mode.Light);
    document.documentElement.style.colorScheme = isDark() ? 'dark' : 'light';
  };
  applyDensity(Density.Compact);
  apply();
  subscribe(apply);
}

function subscribe(listener: () => void): () => void {
  system.addEventListener('change', listener);
  const stop = useApp.subscribe(listener);
  return () => {
    system.removeEventListener('change', listener);
    stop();
  };
}

export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

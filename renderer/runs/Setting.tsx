import type { ReactNode } from 'react';
import { useDocument } from '#renderer/state/document-store.ts';
import { placeName } from './place-name.ts';
import { settingName } from './setting-name.ts';

interface SettingProps {
  readonly path: string;
  /** Where this is shown: its own settings need not say whose they are. */
  readonly within?: string | undefined;
}

/** A setting by its field and whose it is; its path, as the file and the command line have it, in the tooltip. */
export function Setting({ path, within }: SettingProps): ReactNode {
  const words = useDocument((document) => {
    const { owner, label } = settingName(document, path);
    return owner === undefined || owner === within ? label : `${placeName(document, owner)} · ${label}`;
  });
  return <span title={path}>{words}</span>;
}

import { CopyToClipboard } from '@cloudscape-design/components';
import type { ReactNode } from 'react';

/** A text with a button that copies it. */
export function CopyText({ text }: { readonly text: string }): ReactNode {
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      copyButtonAriaLabel={`Copy ${text}`}
      copySuccessText="Copied"
      copyErrorText="Could not be copied"
    />
  );
}

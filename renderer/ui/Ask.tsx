import { Modal, type ModalProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';

interface AskProps {
  readonly header: string;
  readonly children: ReactNode;
  /** Buttons, the one that goes on last. */
  readonly actions: ReactNode;
  readonly onDismiss: () => void;
  readonly size?: ModalProps.Size;
  readonly closeLabel?: string;
}

/** A dialog that ends with a choice. */
export function Ask({
  header,
  children,
  actions,
  onDismiss,
  size = 'small',
  closeLabel = 'Close',
}: AskProps): ReactNode {
  return (
    <Modal
      visible
      header={header}
      size={size}
      onDismiss={onDismiss}
      closeAriaLabel={closeLabel}
      footer={<div className="dialog-actions">{actions}</div>}
    >
      {children}
    </Modal>
  );
}

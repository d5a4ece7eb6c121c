import { Box, Modal } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { Scenarios } from './Scenarios.tsx';

/** What comes with Caudal to be opened, learned from and changed. */
export function ScenarioDialog(): ReactNode {
  return (
    <Modal visible header="Open a reference architecture" size="large" onDismiss={closeDialog} closeAriaLabel="Close">
      <Box color="text-body-secondary">
        Each opens as a copy without a file: run it, change it, and save it where you like.
      </Box>
      <Scenarios />
    </Modal>
  );
}

import type { ReactNode } from 'react';
import { useAwsDialog } from './aws-dialogs.ts';
import { useAws } from './aws-store.ts';
import { DeployDialog } from './DeployDialog.tsx';
import { ExportDialog } from './ExportDialog.tsx';
import { PricesDialog } from './PricesDialog.tsx';
import { QuestionDialog } from './QuestionDialog.tsx';

/** What an operation asks goes before what the user has opened. */
export function AwsDialogs(): ReactNode {
  const asked = useAws(({ questions }) => questions[0]);
  const dialog = useAwsDialog((state) => state.dialog);
  if (asked !== undefined) return <QuestionDialog key={asked.questionId} asked={asked} />;
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'deploy':
      return <DeployDialog form={dialog} />;
    case 'export':
      return <ExportDialog />;
    case 'prices':
      return <PricesDialog />;
  }
}

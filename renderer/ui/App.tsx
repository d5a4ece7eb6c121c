import { ErrorBoundary } from '@cloudscape-design/components';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import type { ReactNode } from 'react';
import { AwsDialogs } from '#renderer/aws/AwsDialogs.tsx';
import { useApp, useCaudalDocument } from '#renderer/state/app-store.ts';
import { CanvasMenu } from './CanvasMenu.tsx';
import { Dialogs } from './Dialogs.tsx';
import { EmptyState } from './EmptyState.tsx';
import { FaultList } from './FaultList.tsx';
import { Notices } from './Notices.tsx';
import { TopBar } from './TopBar.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { Workspace } from './Workspace.tsx';

const FAILED = {
  headerText: 'Caudal made a mistake',
  descriptionText: 'The window could not be drawn. Your files are as they were; load the window again.',
  refreshActionText: 'Load again',
};

export function App(): ReactNode {
  useFileDrop();
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <ErrorBoundary errorBoundaryId="window" onError={({ error }) => reportError(error)} i18nStrings={FAILED}>
        <div className="frame">
          <TopBar />
          <Notices />
          <Content />
          <Dialogs />
          <AwsDialogs />
          <CanvasMenu />
        </div>
      </ErrorBoundary>
    </I18nProvider>
  );
}

function Content(): ReactNode {
  const opened = useApp((state) => state.opened);
  const document = useCaudalDocument();
  switch (opened?.kind) {
    case undefined:
      return <main className="frame-content" aria-busy="true" />;
    case 'none':
      return <EmptyState />;
    case 'faulty':
      return <FaultList refused={opened} />;
    case 'valid':
    case 'draft':
      return document && <Workspace document={document} />;
  }
}

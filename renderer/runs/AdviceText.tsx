import { Box } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useDocument } from '#renderer/state/document-store.ts';
import type { PatchStep } from '#schema/component.ts';
import type { AdviceResult } from '#schema/result.ts';
import { AdviceButton } from './AdviceButton.tsx';
import { changeWords, unitBehind } from './patch-words.ts';
import { Sentence } from './Sentence.tsx';
import { Setting } from './Setting.tsx';
import { settingName } from './setting-name.ts';

/** What is advised and why, the settings it would change, and the button that changes them. */
export function AdviceText({ advice }: { readonly advice: AdviceResult }): ReactNode {
  return (
    <>
      <Sentence told={advice} text={advice.text} />
      {advice.patch.map((step) => (
        <Change key={step.path} step={step} of={advice.node} />
      ))}
      <AdviceButton advice={advice} />
    </>
  );
}

function Change({ step, of }: { readonly step: PatchStep; readonly of: string }): ReactNode {
  const unit = useDocument((document) => unitBehind(settingName(document, step.path)));
  return (
    <Box display="block" fontSize="body-s" color="text-body-secondary">
      <Setting path={step.path} within={of} />: {changeWords(step, unit)}
    </Box>
  );
}

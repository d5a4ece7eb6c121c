import { Button, type ButtonProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import type { AdviceResult } from '#schema/result.ts';
import { applyAdvice } from './apply-advice.ts';
import { patchWords } from './patch-words.ts';
import { usePatchPrice } from './patch-prices.ts';
import { priceDifferenceText } from './run-summary.ts';

interface AdviceButtonProps {
  readonly advice: AdviceResult;
  readonly variant?: ButtonProps.Variant;
}

/** Applies the change and runs the design anew; what it adds to the month's bill stands beside it. */
export function AdviceButton({ advice, variant = 'normal' }: AdviceButtonProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const isStale = useDocumentState((state) => state.areResultsStale);
  const words = useDocument((document) => patchWords(document, advice.patch));
  if (advice.patch.length === 0) return null;
  return (
    <div className="advice-foot">
      <Button
        variant={variant}
        disabled={isReadOnly || isStale}
        {...(isStale ? { disabledReason: 'The design has changed since this advice. Run it again.' } : {})}
        onClick={() => void applyAdvice(advice.patch)}
      >
        {words}
      </Button>
      <PatchPrice advice={advice} />
    </div>
  );
}

function PatchPrice({ advice }: { readonly advice: AdviceResult }): ReactNode {
  const price = usePatchPrice(advice);
  if (price === undefined || price === 'unknown') return null;
  if (price === 'asked') return <span className="advice-price">pricing …</span>;
  return (
    <span className="advice-price" title="Estimated from a run with the change, at this load and without faults">
      {priceDifferenceText(price)}
    </span>
  );
}

import { Input } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useDraft } from '#renderer/inspector/drafts.ts';
import { setValue } from '#renderer/inspector/edits/set-value.ts';
import { Field } from '#renderer/inspector/Field.tsx';
import { numberOfText, textOfNumber } from '#renderer/inspector/quantity-input.ts';
import { edit, useDocumentState } from '#renderer/state/document-store.ts';
import { fieldMeta } from '#schema/field.ts';
import { weeklyProfileSchema } from '#schema/workload.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

interface DayWeightsProps {
  readonly weights: readonly number[];
  readonly path: string;
  readonly of: string;
}

/** The days of the week side by side. */
export function DayWeights({ weights, path, of }: DayWeightsProps): ReactNode {
  const meta = fieldMeta(weeklyProfileSchema.shape.dayWeights);
  return (
    <Field path={path} label="Weights of the days" meta={meta}>
      <div className="day-weights" role="group" aria-label="Weights of the days">
        {DAYS.map((day, index) => (
          <DayWeight
            key={day}
            day={day}
            weight={weights[index] ?? 0}
            onChange={(weight) =>
              edit(`change the weight of ${day} of ${of}`, (document) =>
                setValue(
                  document,
                  path,
                  DAYS.map((_, place) => (place === index ? weight : (weights[place] ?? 0))),
                ),
              )
            }
          />
        ))}
      </div>
    </Field>
  );
}

interface DayWeightProps {
  readonly day: string;
  readonly weight: number;
  readonly onChange: (weight: number) => void;
}

function DayWeight({ day, weight, onChange }: DayWeightProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const draft = useDraft(textOfNumber(weight), (text) => {
    const number = numberOfText(text, '');
    if (number === undefined) return 'Write a number such as 0.5.';
    onChange(number);
    return undefined;
  });
  return (
    <span title={draft.fault ?? day}>
      <span aria-hidden="true">{day.slice(0, 3)}</span>
      <Input
        value={draft.text}
        ariaLabel={day}
        inputMode="decimal"
        autoComplete={false}
        readOnly={isReadOnly}
        invalid={draft.fault !== undefined}
        onChange={({ detail }) => draft.type(detail.value)}
        onBlur={draft.take}
        onKeyDown={draft.onKeyDown}
      />
    </span>
  );
}

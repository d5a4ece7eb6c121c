import { Input, Select, Textarea, Toggle } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useDocumentState } from '#renderer/state/document-store.ts';
import type { FieldMeta } from '#schema/field.ts';
import { useDraft } from './drafts.ts';
import { Field } from './Field.tsx';
import type { Choice } from './form-fields.ts';
import { numbersOfText, textOfNumbers } from './number-list.ts';
import { exampleFor, numberOfText, readableHint, textOfNumber } from './quantity-input.ts';

interface ControlProps<Value> {
  readonly path: string;
  readonly label: string;
  readonly value: Value;
  readonly meta?: FieldMeta | undefined;
  readonly range?: string | undefined;
  readonly byDefault?: unknown;
  readonly isOptional?: boolean;
  /** Undefined unsets it. */
  readonly onChange: (value: Value | undefined) => void;
}

export function NumberControl(props: ControlProps<number | undefined>): ReactNode {
  const { path, label, value, meta, range, byDefault, isOptional = false, onChange } = props;
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const unit = meta?.unit ?? '';
  const draft = useDraft(value === undefined ? '' : textOfNumber(value), (text) => {
    const isUnset = text.trim() === '' && isOptional;
    const number = isUnset ? undefined : numberOfText(text, unit);
    if (number === undefined && !isUnset) return exampleFor(unit);
    onChange(number);
    return undefined;
  });
  const defaultText = typeof byDefault === 'number' ? textOfNumber(byDefault) : '';
  return (
    <Field
      path={path}
      label={label}
      meta={meta}
      range={range}
      unit={unit}
      defaultText={defaultText}
      draftFault={draft.fault}
      hint={value === undefined ? undefined : readableHint(value, unit)}
      onReset={resetOf({ value, byDefault, isOptional, isReadOnly, reset: () => onChange(undefined) })}
    >
      <Input
        value={draft.text}
        readOnly={isReadOnly}
        inputMode="decimal"
        placeholder={isOptional && byDefault === undefined ? 'not set' : ''}
        autoComplete={false}
        onChange={({ detail }) => draft.type(detail.value)}
        onBlur={draft.take}
        onKeyDown={draft.onKeyDown}
      />
    </Field>
  );
}

interface TextProps extends ControlProps<string> {
  readonly isLong?: boolean;
  /** What is wrong with a text that is no legal value. */
  readonly refuse?: ((text: string) => string | undefined) | undefined;
  readonly placeholder?: string;
  readonly caption?: string;
}

export function TextControl(props: TextProps): ReactNode {
  const {
    path,
    label,
    value,
    meta,
    byDefault,
    isOptional,
    isLong = false,
    refuse,
    placeholder,
    caption,
    onChange,
  } = props;
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const draft = useDraft(
    value,
    (text) => {
      const refused = refuse?.(text);
      if (refused === undefined) onChange(text === '' && isOptional === true ? undefined : text);
      return refused;
    },
    isLong,
  );
  const shared = {
    value: draft.text,
    readOnly: isReadOnly,
    placeholder: placeholder ?? (isOptional === true && byDefault === undefined ? 'not set' : ''),
    onChange: ({ detail }: { readonly detail: { readonly value: string } }) => draft.type(detail.value),
    onBlur: draft.take,
    onKeyDown: draft.onKeyDown,
  };
  const defaultText = typeof byDefault === 'string' ? byDefault : '';
  return (
    <Field
      path={path}
      label={label}
      meta={meta}
      range={caption}
      defaultText={defaultText}
      draftFault={draft.fault}
      onReset={
        defaultText === ''
          ? undefined
          : resetOf({ value, byDefault, isOptional: true, isReadOnly, reset: () => onChange(undefined) })
      }
    >
      {isLong ? <Textarea {...shared} rows={3} /> : <Input {...shared} autoComplete={false} />}
    </Field>
  );
}

interface ChoiceProps extends ControlProps<string | number | undefined> {
  readonly choices: readonly (Choice & { readonly description?: string; readonly refusal?: string | undefined })[];
  readonly placeholder?: string;
  /** Faults of what is chosen are told where its own fields stand. */
  readonly isOuter?: boolean;
}

const MANY = 12;

export function ChoiceControl(props: ChoiceProps): ReactNode {
  const {
    path,
    label,
    value,
    meta,
    byDefault,
    isOptional = false,
    isOuter = false,
    choices,
    placeholder,
    onChange,
  } = props;
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const chosen = choices.find((choice) => choice.value === value);
  // Where the default is chosen, the field says it already.
  const byDefaultLabel = value === byDefault ? undefined : choices.find((choice) => choice.value === byDefault)?.label;
  return (
    <Field
      path={path}
      label={label}
      meta={meta}
      isOuter={isOuter}
      defaultText={byDefaultLabel}
      onReset={resetOf({ value, byDefault, isOptional, isReadOnly, reset: () => onChange(undefined) })}
    >
      <Select
        selectedOption={
          chosen === undefined
            ? value === undefined
              ? null
              : { value: String(value), label: String(value) }
            : { value: String(chosen.value), label: chosen.label }
        }
        options={choices.map((choice) => ({
          value: String(choice.value),
          label: choice.label,
          ...(choice.description === undefined || choice.description === '' ? {} : { description: choice.description }),
          ...(choice.refusal === undefined ? {} : { disabled: true, disabledReason: choice.refusal }),
        }))}
        disabled={isReadOnly}
        placeholder={placeholder ?? 'Choose'}
        empty="There is nothing to choose."
        expandToViewport
        filteringType={choices.length > MANY ? 'auto' : 'none'}
        filteringAriaLabel={`Search ${label}`}
        onChange={({ detail }) =>
          onChange(choices.find((choice) => String(choice.value) === detail.selectedOption.value)?.value)
        }
      />
    </Field>
  );
}

export function ToggleControl(props: ControlProps<boolean>): ReactNode {
  const { path, label, value, meta, byDefault, onChange } = props;
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  return (
    <Field
      path={path}
      label={label}
      meta={meta}
      defaultText={byDefault === undefined || byDefault === value ? undefined : byDefault === true ? 'on' : 'off'}
    >
      <Toggle checked={value} disabled={isReadOnly} onChange={({ detail }) => onChange(detail.checked)}>
        {value ? 'On' : 'Off'}
      </Toggle>
    </Field>
  );
}

/** Plain numbers, separated by commas, spaces or lines: as they come from a spreadsheet. */
export function NumberListControl(props: ControlProps<readonly number[] | undefined>): ReactNode {
  const { path, label, value, meta, isOptional = false, onChange } = props;
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const draft = useDraft(
    value === undefined ? '' : textOfNumbers(value),
    (text) => {
      const isUnset = text.trim() === '' && isOptional;
      const read = numbersOfText(text);
      if ('fault' in read && !isUnset) return read.fault;
      onChange('numbers' in read ? read.numbers : undefined);
      return undefined;
    },
    true,
  );
  const count = value === undefined ? '' : value.length === 1 ? '1 number' : `${textOfNumber(value.length)} numbers`;
  return (
    <Field
      path={path}
      label={label}
      meta={meta}
      range={count}
      draftFault={draft.fault}
      onReset={resetOf({ value, isOptional, isReadOnly, reset: () => onChange(undefined) })}
    >
      <Textarea
        value={draft.text}
        rows={3}
        readOnly={isReadOnly}
        placeholder={isOptional ? 'not set' : ''}
        onChange={({ detail }) => draft.type(detail.value)}
        onBlur={draft.take}
        onKeyDown={draft.onKeyDown}
      />
    </Field>
  );
}

interface Reset {
  readonly value: unknown;
  readonly byDefault?: unknown;
  readonly isOptional: boolean;
  readonly isReadOnly: boolean;
  readonly reset: () => void;
}

/** Offered where another value than the default is set. */
function resetOf({ value, byDefault, isOptional, isReadOnly, reset }: Reset): (() => void) | undefined {
  return isReadOnly || !isOptional || value === undefined || value === byDefault ? undefined : reset;
}

import { Button, ExpandableSection } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { edit, useDocumentState, useFaults } from '#renderer/state/document-store.ts';
import { ChoiceControl, NumberControl, NumberListControl, TextControl, ToggleControl } from './Controls.tsx';
import { setField } from './edits/set-value.ts';
import { Field } from './Field.tsx';
import { isWithin, useSection } from './field-focus.ts';
import { type FormField, formFields } from './form-fields.ts';
import { RowsControl } from './RowsControl.tsx';

export interface SchemaFormProps {
  readonly schema: object;
  readonly values: Readonly<Record<string, unknown>>;
  /** Of the values in the document. */
  readonly path: string;
  /** Whose they are, as undo says it: `clicks`. */
  readonly of: string;
  /** Fields that are drawn elsewhere. */
  readonly except?: readonly string[];
}

/** A form for any object, drawn from its schema: every change is one step of undo. */
export function SchemaForm({ schema, values, path, of, except = [] }: SchemaFormProps): ReactNode {
  const fields = formFields(schema, values).filter(({ name }) => !except.includes(name));
  const shown = fields.filter(({ meta }) => meta.advanced !== true);
  const advanced = fields.filter(({ meta }) => meta.advanced === true);
  const draw = (field: FormField): ReactNode => (
    <SchemaField key={field.name} field={field} schema={schema} values={values} path={path} of={of} />
  );
  return (
    <div className="form">
      {shown.map(draw)}
      {advanced.length > 0 && (
        <AdvancedFields paths={advanced.map(({ name }) => `${path}.${name}`)} changed={changedCount(advanced, values)}>
          {advanced.map(draw)}
        </AdvancedFields>
      )}
    </div>
  );
}

function changedCount(fields: readonly FormField[], values: Readonly<Record<string, unknown>>): number {
  return fields.filter(({ name, byDefault }) => values[name] !== undefined && values[name] !== byDefault).length;
}

interface AdvancedProps {
  readonly paths: readonly string[];
  readonly changed: number;
  readonly children: ReactNode;
}

/** Folded, unless one of them is wrong or asked for. */
function AdvancedFields({ paths, changed, children }: AdvancedProps): ReactNode {
  const faults = useFaults();
  const [isOpen, setOpen] = useSection(`${paths[0]} and more`, paths, false);
  const isFaulty = faults.some((fault) => paths.some((path) => isWithin(fault.path, path)));
  const isShown = isOpen || isFaulty;
  const words = `More settings (${changed === 0 ? paths.length : `${changed} of ${paths.length} changed`})`;
  return (
    <ExpandableSection
      headerText={words}
      variant="footer"
      expanded={isShown}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      {isShown && <div className="form">{children}</div>}
    </ExpandableSection>
  );
}

interface SchemaFieldProps extends SchemaFormProps {
  readonly field: FormField;
}

function SchemaField({ field, schema, values, path: owner, of }: SchemaFieldProps): ReactNode {
  const { name, meta, control, byDefault, isOptional, range } = field;
  const path = `${owner}.${name}`;
  const value = values[name];
  const shared = { path, label: meta.label, meta, range, byDefault, isOptional };
  const change = (next: unknown): void => {
    edit(`change ${meta.label} of ${of}`, (document) => setField(document, owner, schema, name, next));
  };
  switch (control.kind) {
    case 'number':
      return <NumberControl {...shared} value={value as number | undefined} onChange={change} />;
    case 'text':
      return <TextControl {...shared} value={textOf(value)} onChange={change} />;
    case 'toggle':
      return <ToggleControl {...shared} value={value === true} onChange={change} />;
    case 'choice':
      return (
        <ChoiceControl
          {...shared}
          choices={control.choices}
          value={(value ?? byDefault) as string | number | undefined}
          onChange={change}
        />
      );
    case 'numbers':
      return <NumberListControl {...shared} value={value as readonly number[] | undefined} onChange={change} />;
    case 'rows':
      return (
        <RowsControl
          {...shared}
          row={control.row}
          rows={(value ?? []) as readonly Readonly<Record<string, unknown>>[]}
          of={of}
          onChange={change}
        />
      );
    case 'group':
      return <GroupControl {...shared} schema={control.schema} value={value} of={of} onChange={change} />;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface GroupProps {
  readonly path: string;
  readonly label: string;
  readonly meta: FormField['meta'];
  readonly schema: object;
  readonly value: unknown;
  readonly of: string;
  readonly isOptional: boolean;
  readonly onChange: (value: unknown) => void;
}

/** An object inside an object; one that may be left out has a button that takes it away. */
function GroupControl({ path, label, meta, schema, value, of, isOptional, onChange }: GroupProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  if (value === undefined) return null;
  return (
    <fieldset className="form-group" aria-label={label}>
      <Field path={path} label={label} meta={meta} isOuter>
        {isOptional && (
          <Button disabled={isReadOnly} onClick={() => onChange(undefined)}>
            Remove
          </Button>
        )}
      </Field>
      <SchemaForm schema={schema} values={value as Readonly<Record<string, unknown>>} path={path} of={of} />
    </fieldset>
  );
}

import { Button, Input } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import type { SchemaNode } from '#analysis/schema-walk.ts';
import { useDocumentState, useFaults } from '#renderer/state/document-store.ts';
import type { FieldMeta } from '#schema/field.ts';
import { useDraft } from './drafts.ts';
import { FaultTexts, Field } from './Field.tsx';
import { type FormField, formFields } from './form-fields.ts';
import { type Row, withRow } from './table-rows.ts';
import { exampleFor, numberOfText, textOfNumber } from './quantity-input.ts';

interface RowsControlProps {
  readonly path: string;
  readonly label: string;
  readonly meta: FieldMeta;
  readonly row: SchemaNode;
  readonly rows: readonly Row[];
  readonly of: string;
  readonly onChange: (rows: readonly Row[]) => void;
}

/** Longer lists are edited in the file: a form of thousands of fields helps no one. */
const MOST_ROWS = 60;

/** A list of small objects as a table: one line each. */
export function RowsControl({ path, label, meta, row, rows, of, onChange }: RowsControlProps): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const columns = formFields(row, {});
  const shown = rows.slice(0, MOST_ROWS);
  const left = rows.length - shown.length;
  return (
    <Field path={path} label={label} meta={meta} isOuter range={left > 0 ? `${left} more rows are in the file` : ''}>
      <table className="form-rows" aria-label={`${label} of ${of}`}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col">
                {column.meta.label}
                {column.meta.unit !== '' && <span> ({column.meta.unit})</span>}
              </th>
            ))}
            <th aria-label="Remove" />
          </tr>
        </thead>
        <tbody>
          {shown.map((values, index) => (
            // Rows have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <RowLine
              key={index}
              index={index}
              path={`${path}.${index}`}
              columns={columns}
              values={values}
              isReadOnly={isReadOnly}
              onChange={(next) => onChange(rows.map((other, place) => (place === index ? next : other)))}
              onRemove={() => onChange(rows.filter((_, place) => place !== index))}
            />
          ))}
        </tbody>
      </table>
      {left <= 0 && (
        <Button
          iconName="add-plus"
          disabled={isReadOnly}
          ariaLabel={`Add a row to ${label}`}
          onClick={() => onChange(withRow(columns, rows))}
        >
          Add
        </Button>
      )}
    </Field>
  );
}

interface RowLineProps {
  readonly index: number;
  readonly path: string;
  readonly columns: readonly FormField[];
  readonly values: Row;
  readonly isReadOnly: boolean;
  readonly onChange: (values: Row) => void;
  readonly onRemove: () => void;
}

function RowLine({ index, path, columns, values, isReadOnly, onChange, onRemove }: RowLineProps): ReactNode {
  const faults = useFaults(path);
  return (
    <>
      <tr data-path={path}>
        {columns.map(({ name, meta }) => (
          <td key={name}>
            <Cell
              label={`${meta.label}, row ${index + 1}`}
              unit={meta.unit}
              value={values[name]}
              isInvalid={faults.some((fault) => fault.path === `${path}.${name}`)}
              isReadOnly={isReadOnly}
              onChange={(value) => onChange({ ...values, [name]: value })}
            />
          </td>
        ))}
        <td>
          <Button
            variant="inline-icon"
            iconName="close"
            disabled={isReadOnly}
            ariaLabel={`Remove row ${index + 1}`}
            onClick={onRemove}
          />
        </td>
      </tr>
      {faults.length > 0 && (
        <tr>
          <td colSpan={columns.length + 1} className="form-row-fault" role="alert">
            <FaultTexts faults={faults} />
          </td>
        </tr>
      )}
    </>
  );
}

interface CellProps {
  readonly label: string;
  readonly unit: string;
  readonly value: unknown;
  readonly isInvalid: boolean;
  readonly isReadOnly: boolean;
  readonly onChange: (value: number) => void;
}

function Cell({ label, unit, value, isInvalid, isReadOnly, onChange }: CellProps): ReactNode {
  const draft = useDraft(typeof value === 'number' ? textOfNumber(value) : '', (text) => {
    const number = numberOfText(text, unit);
    if (number === undefined) return exampleFor(unit);
    onChange(number);
    return undefined;
  });
  return (
    <>
      <Input
        value={draft.text}
        ariaLabel={label}
        inputMode="decimal"
        autoComplete={false}
        invalid={isInvalid || draft.fault !== undefined}
        readOnly={isReadOnly}
        onChange={({ detail }) => draft.type(detail.value)}
        onBlur={draft.take}
        onKeyDown={draft.onKeyDown}
      />
      {draft.fault !== undefined && (
        <span className="form-row-fault" role="alert">
          {draft.fault}
        </span>
      )}
    </>
  );
}

import { Link } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { FieldMeta } from '#schema/field.ts';
import { fieldRows } from './fields.ts';

interface FieldListProps {
  readonly title: string;
  readonly schema: z.ZodObject;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Settings as they are: label, value with its unit, and where the default comes from. */
export function FieldList({ title, schema, values }: FieldListProps): ReactNode {
  const rows = fieldRows(schema, values);
  if (rows.length === 0) return null;
  return (
    <section className="fields">
      <h3>{title}</h3>
      <dl>
        {rows.map(({ name, meta, value, isUnset }) => (
          <div key={name} className="field">
            <dt title={meta.help}>{meta.label}</dt>
            <dd className={isUnset ? 'field-unset' : undefined}>{value}</dd>
            <FieldSource meta={meta} />
          </div>
        ))}
      </dl>
    </section>
  );
}

const KIND_WORDS: Readonly<Record<FieldMeta['kind'], string>> = {
  documented: 'Documented',
  measured: 'Measured',
  guess: 'Assumption',
  choice: '',
};

function FieldSource({ meta }: { readonly meta: FieldMeta }): ReactNode {
  const words = KIND_WORDS[meta.kind];
  if (meta.source === undefined) return words === '' ? null : <dd className="field-source">{words}</dd>;
  const { url, read } = meta.source;
  return (
    <dd className="field-source">
      {words === '' ? 'See' : `${words},`}{' '}
      <Link
        href={url}
        external
        fontSize="body-s"
        externalIconAriaLabel="Opens in a new tab"
        ariaLabel={`Source of ${meta.label}`}
      >
        source
      </Link>{' '}
      read {read}
    </dd>
  );
}

import { type ReactNode, useMemo } from 'react';
import { regions } from '#catalog/pricing/regions.ts';
import * as catalog from '#catalog/specs.ts';
import { LoadList } from '#renderer/workload/LoadList.tsx';
import { edit } from '#renderer/state/document-store.ts';
import { type CaudalDocument, runSchema } from '#schema/document.ts';
import { ChoiceControl, NumberControl, TextControl } from './Controls.tsx';
import { setValue } from './edits/set-value.ts';
import { FormSection } from './FormSection.tsx';
import { localDateTime, quotaIds, quotaLabel, weekdayOf } from './design-values.ts';
import { SchemaForm } from './SchemaForm.tsx';

const change = (what: string, path: string, value: unknown): void => {
  edit(`change ${what}`, (document) => setValue(document, path, value));
};

export function DesignForm({ document }: { readonly document: CaudalDocument }): ReactNode {
  const { name, description, run } = document;
  return (
    <>
      <FormSection title="Document">
        <div className="form">
          <TextControl
            path="name"
            label="Name"
            value={name}
            refuse={(text) =>
              text.trim() === '' || text.length > 200 ? 'Write a name of 1 to 200 characters.' : undefined
            }
            onChange={(text) => change('the name', 'name', text ?? name)}
          />
          <TextControl
            path="description"
            label="Description"
            value={description}
            isLong
            onChange={(text) => change('the description', 'description', text ?? '')}
          />
        </div>
      </FormSection>
      <LoadList document={document} />
      <FormSection title="Account">
        <AccountFields document={document} />
      </FormSection>
      <FormSection title="Run">
        <SchemaForm schema={runSchema} values={run} path="run" of="the run" />
      </FormSection>
      <FormSection title="Account quotas">
        <QuotaFields document={document} />
      </FormSection>
    </>
  );
}

function AccountFields({ document }: { readonly document: CaudalDocument }): ReactNode {
  const { region, startsAt, timeZone } = document.account;
  const zones = useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')], []);
  return (
    <div className="form">
      <ChoiceControl
        path="account.region"
        label="Region"
        value={region}
        choices={regions.map((value) => ({ value, label: value }))}
        onChange={(value) => change('the Region', 'account.region', value)}
      />
      <TextControl
        path="account.startsAt"
        label="Starts at"
        value={startsAt.replace('T', ' ')}
        caption={`Local time of time zero${weekdayOf(startsAt)}. It decides where daily and weekly loads stand.`}
        refuse={(text) =>
          localDateTime(text) === undefined ? 'Write a date and a time, such as 2026-01-05 08:00.' : undefined
        }
        onChange={(text) => change('the start', 'account.startsAt', localDateTime(text ?? ''))}
      />
      <ChoiceControl
        path="account.timeZone"
        label="Time zone"
        value={timeZone}
        choices={zones.map((value) => ({ value, label: value }))}
        onChange={(value) => change('the time zone', 'account.timeZone', value)}
      />
    </div>
  );
}

function QuotaFields({ document }: { readonly document: CaudalDocument }): ReactNode {
  const { quotas } = document.account;
  const ids = quotaIds(catalog.components, document);
  if (ids.length === 0) return <p className="inspector-note">No component here depends on a quota of the account.</p>;
  return (
    <div className="form">
      <p className="inspector-note">Empty: what AWS gives a new account, as the component says.</p>
      {ids.map((id) => (
        <NumberControl
          key={id}
          path={`account.quotas.${id}`}
          label={quotaLabel(catalog.components, id)}
          isOptional
          value={quotas[id]}
          onChange={(value) => change(`the quota ${id}`, `account.quotas.${id}`, value)}
        />
      ))}
    </div>
  );
}

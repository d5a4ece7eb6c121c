import { Alert, Badge, Box, Button, FormField, Link, Popover, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { faultsAt, useDocumentState, useFaults } from '#renderer/state/document-store.ts';
import type { Fault } from '#schema/errors.ts';
import type { FieldMeta } from '#schema/field.ts';

interface FieldProps {
  readonly path: string;
  readonly label: string;
  readonly meta?: FieldMeta | undefined;
  /** `1 to 20,000`. */
  readonly range?: string | undefined;
  /** `1`; empty where there is no default. */
  readonly defaultText?: string | undefined;
  /** What was typed and not taken is wrong. */
  readonly draftFault?: string | undefined;
  /** The value in other words. */
  readonly hint?: string | undefined;
  /** Offered where the value is not the default. */
  readonly onReset?: (() => void) | undefined;
  readonly unit?: string | undefined;
  /** Faults of values inside are told where these stand. */
  readonly isOuter?: boolean;
  readonly children: ReactNode;
}

/** The frame of every field: label, what it is, what is allowed, what is wrong with it. */
export function Field(props: FieldProps): ReactNode {
  const { path, label, meta, range, defaultText, draftFault, hint, onReset, unit, isOuter = false, children } = props;
  const found = useFaults(path);
  const faults = isOuter ? found.filter((fault) => fault.path === path) : found;
  const warnings = useDocumentState((state) => state.warnings);
  const warned = warnings.length === 0 ? [] : faultsAt(path, warnings);
  // The bounds of a plain choice are only there against slips; those of AWS are worth knowing.
  const isLimit = meta === undefined || meta.source !== undefined;
  const caption = [
    ...(hint === undefined ? [] : [`= ${hint}`]),
    ...(range === undefined || range === '' || !isLimit ? [] : [range]),
    ...(defaultText === undefined || defaultText === '' ? [] : [`default ${defaultText}`]),
  ].join(' · ');
  const error = draftFault ?? (faults.length === 0 ? undefined : <FaultTexts faults={faults} />);
  const badge = meta === undefined ? undefined : BADGES[meta.kind];
  return (
    <div className="form-field" data-path={path}>
      <FormField
        label={<span className="form-label">{label}</span>}
        stretch
        {...(caption === '' && badge === undefined ? {} : { constraintText: <Caption text={caption} badge={badge} /> })}
        {...(error === undefined ? {} : { errorText: error })}
        {...(warned.length === 0 || error !== undefined ? {} : { warningText: <FaultTexts faults={warned} /> })}
        i18nStrings={{ errorIconAriaLabel: 'Error', warningIconAriaLabel: 'Warning' }}
      >
        <div className="form-control">
          <div className="form-input">{children}</div>
          {unit !== undefined && unit !== '' && unit !== 'ratio' && <span className="form-unit">{unit}</span>}
        </div>
      </FormField>
      <span className="form-aside">
        {onReset !== undefined && (
          <Button variant="inline-icon" iconName="undo" ariaLabel={`Reset ${label} to the default`} onClick={onReset} />
        )}
        {meta !== undefined && meta.help !== '' && <About meta={meta} range={range} defaultText={defaultText} />}
      </span>
    </div>
  );
}

const BADGES: Readonly<Partial<Record<FieldMeta['kind'], string>>> = { guess: 'Assumption', measured: 'Measured' };

function Caption({ text, badge }: { readonly text: string; readonly badge: string | undefined }): ReactNode {
  return (
    <span className="form-caption">
      {badge !== undefined && <Badge color="severity-neutral">{badge}</Badge>}
      {text}
    </span>
  );
}

/** Each fault in one sentence, with what is allowed. */
export function FaultTexts({ faults }: { readonly faults: readonly Fault[] }): ReactNode {
  return faults.map(({ code, message, allowed, received }) => (
    <div key={`${code} ${message}`}>
      {`${message.charAt(0).toUpperCase()}${message.slice(1)}`}
      {received !== undefined && ` (found ${received})`}
      {allowed !== undefined && `. Allowed: ${allowed}`}
    </div>
  ));
}

/** What is wrong with a thing as a whole, not with one of its fields. */
export function OwnFaults({ paths }: { readonly paths: readonly string[] }): ReactNode {
  const faults = useFaults().filter(({ path }) => paths.includes(path));
  if (faults.length === 0) return null;
  return (
    <div className="form-own-faults" data-path={paths[0]}>
      <Alert type="warning" statusIconAriaLabel="To be mended">
        <FaultTexts faults={faults.map(({ code, path, message }) => ({ code, path, message }))} />
      </Alert>
    </div>
  );
}

const KIND_WORDS: Readonly<Record<FieldMeta['kind'], string>> = {
  documented: 'Documented by AWS.',
  measured: 'Measured.',
  guess: 'An assumption: AWS does not document it. Set what you know better.',
  choice: '',
};

interface AboutProps {
  readonly meta: FieldMeta;
  readonly range: string | undefined;
  readonly defaultText: string | undefined;
}

/** Help, limits and the source of the number; F1 opens it from the field. */
function About({ meta, range, defaultText }: AboutProps): ReactNode {
  const { label, unit, help, kind, source } = meta;
  const limits = [
    ...(range === undefined || range === '' ? [] : [`Allowed: ${range} ${unit === 'ratio' ? '' : unit}`.trim()]),
    ...(defaultText === undefined || defaultText === '' ? [] : [`Default: ${defaultText}`]),
  ].join('. ');
  return (
    <span className="form-about">
      <Popover
        triggerType="custom"
        header={label}
        size="medium"
        position="left"
        renderWithPortal
        dismissAriaLabel="Close"
        content={
          <SpaceBetween size="xs">
            {help !== '' && <span>{help}</span>}
            {limits !== '' && <span>{limits}.</span>}
            {KIND_WORDS[kind] !== '' && <span>{KIND_WORDS[kind]}</span>}
            {source !== undefined && (
              <Box fontSize="body-s" color="text-body-secondary">
                <Link href={source.url} external externalIconAriaLabel="Opens in a new tab" fontSize="body-s">
                  {hostOf(source.url)}
                </Link>{' '}
                read {source.read}
                {source.note !== undefined && <>. {source.note}</>}
              </Box>
            )}
          </SpaceBetween>
        }
      >
        <Button variant="inline-icon" iconName="status-info" ariaLabel={`About ${label}`} />
      </Popover>
    </span>
  );
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? url;
}

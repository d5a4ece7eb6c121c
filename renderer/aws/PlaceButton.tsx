/** Whose account, which Region, and whether anything may be changed there; on a click the form to choose it. */
import {
  Alert,
  Autosuggest,
  Button,
  FormField,
  Popover,
  Select,
  SpaceBetween,
  Toggle,
} from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { regions } from '#catalog/pricing/regions.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import { isWorking, setPlace, useAws, useOperation, useRegion } from './aws-store.ts';
import { accountWords } from './account-words.ts';
import { look } from './stack-control.ts';

export function PlaceButton(): ReactNode {
  const region = useRegion();
  const account = useAws(({ overview }) => overview?.account);
  const looking = useOperation('account');
  const name = account === undefined ? undefined : accountWords(account);
  const isAsked = useAws(({ setting }) => setting !== undefined) && !isWorking(looking);
  const words = name ?? (isAsked ? 'no account' : 'asking AWS');
  return (
    <span className="aws-where-line">
      <Popover
        triggerType="custom"
        position="bottom"
        size="large"
        header="Account and Region"
        dismissAriaLabel="Close the settings of the account"
        content={<PlaceForm />}
      >
        <Button variant="inline-link" ariaLabel={`${words}, ${region}, change account and Region`}>
          <span className="aws-place" title={`${words}, ${region}`}>
            {words} · {region}
          </span>
        </Button>
      </Popover>
      <Chips />
    </span>
  );
}

function Chips(): ReactNode {
  const isReadOnly = useApp(({ preferences }) => preferences.aws.isReadOnly);
  const endpoint = useAws(({ setting, overview }) => overview?.endpoint ?? setting?.endpoint);
  return (
    <>
      {isReadOnly && (
        <span className="aws-chip" title="Nothing is sent that could change anything">
          read only
        </span>
      )}
      {endpoint !== undefined && (
        <span className="aws-chip aws-chip-warn" title={`Calls go to ${endpoint} instead of AWS (AWS_ENDPOINT_URL)`}>
          not AWS
        </span>
      )}
    </>
  );
}

const OWN = '';

function PlaceForm(): ReactNode {
  const place = useApp(({ preferences }) => preferences.aws);
  const setting = useAws((state) => state.setting);
  const endpoint = useAws((state) => state.setting?.endpoint);
  const ownText = setting?.profile === undefined ? 'As your environment says' : `${setting.profile} (AWS_PROFILE)`;
  const profiles = [
    { value: OWN, label: ownText, description: 'Environment, default profile, single sign-on or role' },
    ...(setting?.profiles ?? []).map((value) => ({ value, label: value })),
  ];
  const choose = (change: Parameters<typeof setPlace>[0]): void => {
    setPlace(change);
    void look();
  };
  return (
    <SpaceBetween size="s">
      {endpoint !== undefined && (
        <Alert type="warning">AWS_ENDPOINT_URL sends every call to {endpoint}: this is not AWS itself.</Alert>
      )}
      <FormField label="Profile" description="Of your AWS settings. Caudal reads and keeps no credential.">
        <Select
          selectedOption={
            profiles.find(({ value }) => value === (place.profile ?? OWN)) ?? { value: place.profile ?? OWN }
          }
          options={profiles}
          onChange={({ detail }) => {
            const { value } = detail.selectedOption;
            choose({ profile: value === OWN ? undefined : value });
          }}
          expandToViewport
        />
      </FormField>
      <RegionField onChoose={(region) => choose({ region })} />
      <Toggle checked={place.isReadOnly} onChange={({ detail }) => setPlace({ isReadOnly: detail.checked })}>
        Read only: look, and change nothing
      </Toggle>
    </SpaceBetween>
  );
}

function RegionField({ onChoose }: { readonly onChoose: (region: string | undefined) => void }): ReactNode {
  const region = useRegion();
  const own = useDocument(({ account }) => account.region);
  const environment = useAws(({ setting }) => setting?.region);
  const [draft, setDraft] = useState<string>();
  const finish = (text: string): void => {
    setDraft(undefined);
    const chosen = text.trim();
    if (chosen !== region) onChoose(chosen === '' || chosen === own ? undefined : chosen);
  };
  const differs = environment !== undefined && environment !== region;
  return (
    <FormField
      label="Region"
      description={`The design says ${own}${differs ? `, your environment says ${environment}` : ''}.`}
    >
      <Autosuggest
        value={draft ?? region}
        options={regions.map((value) => ({ value }))}
        enteredTextLabel={(value) => `Use ${value}`}
        filteringType={draft === undefined ? 'none' : 'auto'}
        onChange={({ detail }) => setDraft(detail.value)}
        onSelect={({ detail }) => finish(detail.value)}
        onBlur={() => draft !== undefined && finish(draft)}
        ariaLabel="Region"
        expandToViewport
      />
    </FormField>
  );
}

/** `of 24 h · ×3600 · seed 7 · auto`: what is run and how fast it plays, and on a click the form to change it. */
import {
  Button,
  FormField,
  Input,
  Popover,
  SegmentedControl,
  Select,
  SpaceBetween,
} from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { durationText } from '#drawing/quantities.ts';
import { setRatePeriod, useRatePeriod } from '#renderer/state/app-store.ts';
import { edit, useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import type { RunSettings as Settings } from '#schema/document.ts';
import { secondsOfText } from './duration-input.ts';
import { setSpeed, usePlayhead } from './playhead.ts';
import { speeds, speedText, speedWords, suggestedSpeed } from './speeds.ts';

const LONGEST_SECONDS = 366 * 86_400;
const LARGEST_SEED = 2 ** 32 - 1;

export function RunSettings(): ReactNode {
  const run = useDocument((document) => document.run);
  const chosen = usePlayhead((state) => state.speed);
  const speed = chosen ?? suggestedSpeed(run.horizonSeconds);
  const pieces = [`of ${durationText(run.horizonSeconds)}`, speedText(speed), `seed ${run.seed}`, run.fidelity];
  return (
    <Popover
      triggerType="custom"
      position="bottom"
      size="medium"
      header="Run"
      dismissAriaLabel="Close the settings of the run"
      content={<SettingsForm run={run} speed={speed} />}
    >
      <Button variant="inline-link" ariaLabel={`${pieces.join(' · ')}, change it`}>
        <span className="top-bar-settings">
          {pieces.map((piece, at) => (
            <span key={at}>{at === 0 ? piece : `\u00a0· ${piece}`}</span>
          ))}
        </span>
      </Button>
    </Popover>
  );
}

function SettingsForm({ run, speed }: { readonly run: Settings; readonly speed: number }): ReactNode {
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  return (
    <SpaceBetween size="s">
      <TextSetting
        label="Horizon"
        description="Simulated time that is recorded, such as 24 h or 90 min."
        value={durationText(run.horizonSeconds)}
        isReadOnly={isReadOnly}
        fault="Write a time from 1 s to 366 d, such as 24 h."
        take={(text) => {
          const seconds = secondsOfText(text);
          if (seconds === undefined || seconds < 1 || seconds > LONGEST_SECONDS) return false;
          change('horizon', { horizonSeconds: seconds });
          return true;
        }}
      />
      <FormField label="Speed" description="How fast the playhead moves. The run itself goes as fast as it can.">
        <Select
          selectedOption={{ value: String(speed), label: speedText(speed) }}
          options={speeds.map((value) => ({
            value: String(value),
            label: speedText(value),
            description: speedWords(value),
          }))}
          onChange={({ detail }) => setSpeed(Number(detail.selectedOption.value))}
          expandToViewport
        />
      </FormField>
      <TextSetting
        label="Seed"
        description="The same seed gives the same arrivals, sizes and keys."
        value={String(run.seed)}
        isReadOnly={isReadOnly}
        fault={`Write a whole number from 0 to ${LARGEST_SEED}.`}
        take={(text) => {
          const seed = Number(text.trim());
          if (text.trim() === '' || !Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) return false;
          change('seed', { seed });
          return true;
        }}
      />
      <FormField
        label="Fidelity"
        description="Exact simulates every record and invocation by itself; auto may simulate alike ones together."
      >
        <SegmentedControl
          label="Fidelity"
          selectedId={run.fidelity}
          options={[
            { id: 'auto', text: 'Auto', disabled: isReadOnly },
            { id: 'exact', text: 'Exact', disabled: isReadOnly },
          ]}
          onChange={({ detail }) => change('fidelity', { fidelity: detail.selectedId as Settings['fidelity'] })}
        />
      </FormField>
      <RateSetting />
    </SpaceBetween>
  );
}

/** Of this window, not of the document. */
function RateSetting(): ReactNode {
  const period = useRatePeriod();
  return (
    <FormField label="Rates" description="How this window shows rates, here and in every design.">
      <SegmentedControl
        label="Rates"
        selectedId={period}
        options={[
          { id: 'second', text: 'Per second' },
          { id: 'day', text: 'Per day' },
        ]}
        onChange={({ detail }) => setRatePeriod(detail.selectedId as typeof period)}
      />
    </FormField>
  );
}

interface TextSettingProps {
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly isReadOnly: boolean;
  /** Shown where `take` refuses. */
  readonly fault: string;
  readonly take: (text: string) => boolean;
}

/** Taken on Enter and when the field is left; a text that is refused stays to be mended. */
function TextSetting({ label, description, value, isReadOnly, fault, take }: TextSettingProps): ReactNode {
  const [draft, setDraft] = useState<string>();
  const [isRefused, setRefused] = useState(false);
  const finish = (): void => {
    if (draft === undefined) return;
    const isTaken = take(draft);
    setRefused(!isTaken);
    if (isTaken) setDraft(undefined);
  };
  return (
    <FormField label={label} description={description} {...(isRefused ? { errorText: fault } : {})}>
      <Input
        value={draft ?? value}
        readOnly={isReadOnly}
        onChange={({ detail }) => setDraft(detail.value)}
        onBlur={finish}
        onKeyDown={({ detail }) => {
          if (detail.key === 'Enter') finish();
        }}
      />
    </FormField>
  );
}

function change(what: string, settings: Partial<Settings>): void {
  edit(`change the ${what}`, (document) => {
    const isSame = Object.entries(settings).every(([name, value]) => document.run[name as keyof Settings] === value);
    return isSame ? document : { ...document, run: { ...document.run, ...settings } };
  });
}

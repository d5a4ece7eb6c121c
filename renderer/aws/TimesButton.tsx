import { Button, FormField, Input, Popover, Select, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { durationText } from '#drawing/quantities.ts';
import { useRegion, useStackName } from './aws-store.ts';
import type { LastDrive } from './last-drive.ts';
import { fromSecondOf, newestDrive } from './measure-control.ts';
import { changeTimes, setMeasure, useMeasure } from './measure-store.ts';
import { shortMoment, type TimeChoice, timesOf, typedMoment } from './measured-times.ts';
import { useNowMs } from './times.ts';

const SPANS = [900, 1800, 3600, 10_800, 43_200] as const;

/** Which minutes are read: says so, and on a click the form to choose others. */
export function TimesButton(): ReactNode {
  const stackName = useStackName();
  const region = useRegion();
  const lastDrive = useMeasure((state) => state.lastDrive);
  const choice = useMeasure((state) => state.times);
  const drive = newestDrive({ lastDrive }, stackName, region);
  const words = choiceWords(choice, drive, useNowMs());
  return (
    <Popover
      triggerType="custom"
      position="top"
      size="medium"
      header="Times to read"
      dismissAriaLabel="Close the times"
      content={<TimesForm choice={choice} drive={drive} />}
    >
      <Button iconName="calendar" ariaLabel={`Times to read: ${words}, change them`}>
        {words}
      </Button>
    </Popover>
  );
}

function choiceWords(choice: TimeChoice, drive: LastDrive | undefined, nowMs: number): string {
  if (choice.kind === 'last') return `Last ${durationText(choice.seconds)}`;
  const times = timesOf(choice, drive, nowMs);
  if ('fault' in times) return 'Choose times';
  const words = [times.since, times.until].map((moment) => shortMoment(moment.toISOString(), nowMs)).join(' – ');
  return choice.kind === 'drive' ? `Last drive, ${words}` : words;
}

interface TimesFormProps {
  readonly choice: TimeChoice;
  readonly drive: LastDrive | undefined;
}

function TimesForm({ choice, drive }: TimesFormProps): ReactNode {
  const options = [
    { value: 'drive', label: 'The last drive', disabled: drive === undefined },
    ...SPANS.map((seconds) => ({ value: String(seconds), label: `Last ${durationText(seconds)}` })),
    { value: 'between', label: 'Between two moments' },
  ];
  const chosen = choice.kind === 'last' ? String(choice.seconds) : choice.kind;
  return (
    <SpaceBetween size="s">
      <FormField label="Times" description="CloudWatch has a point each minute, some minutes late.">
        <Select
          selectedOption={options.find(({ value }) => value === chosen) ?? null}
          options={options}
          onChange={({ detail }) => changeTimes(chosenTimes(detail.selectedOption.value ?? 'drive', choice))}
        />
      </FormField>
      {choice.kind === 'between' && <Moments choice={choice} drive={drive} />}
      <FromField drive={drive} />
    </SpaceBetween>
  );
}

function chosenTimes(value: string, { since }: TimeChoice): Partial<TimeChoice> {
  if (value === 'drive') return { kind: 'drive' };
  if (value !== 'between') return { kind: 'last', seconds: Number(value) };
  return { kind: 'between', ...(since === '' ? { since: typedMoment(new Date(Date.now() - 1_800_000)) } : {}) };
}

function Moments({ choice, drive }: TimesFormProps): ReactNode {
  const nowMs = useNowMs();
  const times = timesOf(choice, drive, nowMs);
  return (
    <>
      <FormField
        label="Since"
        constraintText="Time of this machine, such as 2026-11-21 20:31."
        {...('fault' in times ? { errorText: times.fault } : {})}
      >
        <Input value={choice.since} onChange={({ detail }) => changeTimes({ since: detail.value })} />
      </FormField>
      <FormField label="Until" constraintText="Empty: now.">
        <Input value={choice.until} onChange={({ detail }) => changeTimes({ until: detail.value })} />
      </FormField>
    </>
  );
}

/** Where what was measured lies on the time of the simulation. */
function FromField({ drive }: { readonly drive: LastDrive | undefined }): ReactNode {
  const text = useMeasure((state) => state.fromText);
  const seconds = fromSecondOf(text, drive);
  return (
    <FormField
      label="Simulated time at the begin"
      constraintText="As the load that was sent: 0 s is the begin of the run."
      {...(seconds === undefined ? { errorText: 'Write a time such as 0 s or 20 h.' } : {})}
    >
      <Input
        value={text ?? durationText(drive?.fromSecond ?? 0)}
        onChange={({ detail }) => setMeasure({ fromText: detail.value })}
      />
    </FormField>
  );
}

/** What the host does for a window about deployments: the functions behind `schema/rpc-aws.ts`. */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { profileNames } from '#host/deployments/aws-setting.ts';
import { calibrateDocument } from '#host/deployments/calibrate-document.ts';
import { deployDocument } from '#host/deployments/deploy-document.ts';
import { driveDocument } from '#host/deployments/drive-document.ts';
import { observeRun } from '#host/deployments/observe-document.ts';
import type { Operation, Operations } from '#host/deployments/operations.ts';
import { planDocument } from '#host/deployments/plan-document.ts';
import { writeProject } from '#host/deployments/project.ts';
import {
  destroyDeployment,
  destroyGuardOf,
  deploymentStatus,
  overview,
  removeBucketOf,
} from '#host/deployments/running.ts';
import { suggestedStackName, synthDocument, templateText } from '#host/deployments/synth-document.ts';
import type { Documents } from '#host/documents/documents.ts';
import { writeAtomically } from '#host/files/save.ts';
import { refreshStoredPrices } from '#host/prices/refresh.ts';
import type { KeptRuns } from '#host/saved-runs/kept-runs.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import type { CountTold, DriveTold, FollowTold, PlanningTold, TrialTold } from '#schema/rpc-aws.ts';
import type { HostFunctions } from './router.ts';
import type { StartFolder } from './start-folder.ts';

export interface AwsParts {
  readonly folder: StartFolder;
  readonly documents: Documents;
  readonly keptRuns: KeptRuns;
  readonly operations: Operations;
}

type AwsFunctions = HostFunctions['aws'];
type Place = Parameters<AwsFunctions['overview']>[0]['place'];

const done = { ok: true } as const;

export function awsProcedures(parts: AwsParts): AwsFunctions {
  const { operations } = parts;
  return {
    ...lookingProcedures(parts),
    ...changingProcedures(parts),
    ...measuringProcedures(parts),
    refreshPrices: ({ place: { profile }, region }, options) =>
      operations.run<CountTold, Awaited<ReturnType<typeof refreshStoredPrices>>>(options, async (operation) =>
        refreshStoredPrices({
          region,
          profile,
          askMfaCode: operation.askMfaCode,
          onProgress: (count, of) => operation.tell({ kind: 'counted', done: count, of }, true),
          signal: operation.signal,
        }),
      ),
    answer: async ({ questionId, text }, { seat }) => {
      operations.answer(seat, questionId, text);
      return done;
    },
    stop: async ({ operationId }, { seat }) => {
      operations.stop(seat, operationId);
      return done;
    },
  };
}

function lookingProcedures({ documents, folder, operations }: AwsParts) {
  return {
    setting: async ({ document }, { seat }) => {
      const { AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE, AWS_ENDPOINT_URL } = process.env;
      return {
        profiles: await profileNames(),
        region: AWS_REGION || AWS_DEFAULT_REGION || undefined,
        profile: AWS_PROFILE || undefined,
        endpoint: AWS_ENDPOINT_URL || undefined,
        suggestedStackName:
          document === undefined ? 'caudal' : suggestedStackName(documents.runnableOf(seat, document)),
      };
    },
    overview: ({ place }, options) =>
      operations.run<never, Awaited<ReturnType<typeof overview>>>(options, async (operation) =>
        overview({ ...place, askMfaCode: operation.askMfaCode }),
      ),
    status: ({ place, stackName, follows, seeksDrift }, options) =>
      operations.run<FollowTold, Awaited<ReturnType<typeof deploymentStatus>>>(options, async (operation) =>
        deploymentStatus(accountOf(place, operation), stackName, { follows, seeksDrift, ...following(operation) }),
      ),
    plan: ({ document, place, stackName, allowLeftOut }, options) => {
      const runnable = documents.runnableOf(options.seat, document);
      return operations.run<PlanningTold, Awaited<ReturnType<typeof planDocument>>>(options, async (operation) =>
        planDocument(runnable, { ...planning(place, operation), stackName, allowLeftOut }),
      );
    },
    export: async ({ document, stackName, allowLeftOut, form, path, overwrite }, { seat, signal }) => {
      const runnable = documents.runnableOf(seat, document);
      const target = form === 'project' ? await folder.locate(path) : await folder.locateTarget(path, `.${form}`);
      if (form !== 'project' && !overwrite) await refuseExisting(target, folder.shown(target));
      const { synth } = await synthDocument(runnable, { stackName, allowLeftOut, signal });
      if (form === 'project') await writeProject(target, stackName, synth);
      else await writeAtomically(target, templateText(synth, form));
      return { path: folder.shown(target) };
    },
  } satisfies Partial<AwsFunctions>;
}

function changingProcedures({ documents, operations }: AwsParts) {
  return {
    deploy: ({ document, place, stackName, allowLeftOut, expiresAt, acceptsDrift }, options) => {
      const runnable = documents.runnableOf(options.seat, document);
      refuseReadOnly(place, 'deployed');
      return operations.run<PlanningTold | FollowTold, Pick<Awaited<ReturnType<typeof deployDocument>>, 'outcome'>>(
        options,
        async (operation) => {
          const { outcome } = await deployDocument(runnable, {
            ...planning(place, operation),
            ...following(operation),
            stackName,
            allowLeftOut,
            acceptsDrift,
            expiresAt,
            confirm: (plan) => operation.ask({ kind: 'deploy', name: stackName, plan }),
          });
          return { outcome };
        },
      );
    },
    destroy: ({ place, stackName, keep }, options) => {
      refuseReadOnly(place, 'deleted');
      return operations.run<FollowTold, Awaited<ReturnType<typeof destroyDeployment>>>(options, async (operation) =>
        destroyDeployment({ ...deleting(place, operation), keep }, stackName),
      );
    },
    destroyGuard: ({ place, stackName }, options) => {
      refuseReadOnly(place, 'deleted');
      return operations.run<FollowTold, Awaited<ReturnType<typeof destroyGuardOf>>>(options, async (operation) =>
        destroyGuardOf(deleting(place, operation), stackName),
      );
    },
    emptyBucket: ({ place, stackName, bucket }, options) => {
      refuseReadOnly(place, 'deleted');
      return operations.run<CountTold, { readonly objects: number }>(options, async (operation) => {
        const onProgress = (objects: number): void => operation.tell({ kind: 'counted', done: objects, of: 0 }, true);
        const { onEvent: _, ...settings } = deleting(place, operation as Operation<CountTold | FollowTold>);
        return { objects: await removeBucketOf({ ...settings, onProgress }, stackName, bucket) };
      });
    },
  } satisfies Partial<AwsFunctions>;
}

function measuringProcedures({ documents, keptRuns, operations }: AwsParts) {
  return {
    drive: ({ document, place, ...asked }, options) => {
      const runnable = documents.runnableOf(options.seat, document);
      refuseReadOnly(place, 'sent');
      return operations.run<DriveTold, Awaited<ReturnType<typeof driveDocument>>>(options, async (operation) =>
        driveDocument(runnable, {
          ...asked,
          ...accountOf(place, operation),
          signal: operation.signal,
          onProgress: (progress) => operation.tell({ kind: 'driving', progress }, true),
          onLook: (arrived) => operation.tell({ kind: 'looking', arrived }, true),
        }),
      );
    },
    observe: ({ document, place, stackName, since, until, fromSecond, against }, options) => {
      const { seat } = options;
      const runnable = documents.runnableOf(seat, document);
      const simulated = against === undefined ? undefined : keptRuns.find(seat, against);
      return operations.run(options, async (operation) => {
        const { observed, measured } = await observeRun(runnable, {
          ...accountOf(place, operation),
          stackName,
          since: new Date(since),
          until: until === undefined ? new Date() : new Date(until),
          fromSecond,
          against: simulated,
        });
        if (measured === undefined) return { observed, runId: null };
        const runId = randomUUID();
        keptRuns.keep(seat, runId, measured);
        return { observed, runId };
      });
    },
    calibrate: ({ document, run, seeds, mostRuns }, options) => {
      const { seat } = options;
      const runnable = documents.runnableOf(seat, document);
      const measured = keptRuns.find(seat, run);
      return operations.run<TrialTold, Awaited<ReturnType<typeof calibrateDocument>>>(options, async (operation) =>
        calibrateDocument(runnable, measured, {
          seeds,
          mostRuns,
          signal: operation.signal,
          onRun: (runs, error) => operation.tell({ kind: 'trial', runs, error }, true),
        }),
      );
    },
  } satisfies Partial<AwsFunctions>;
}

function accountOf<Told>({ region, profile, isReadOnly }: Place, { askMfaCode }: Operation<Told>) {
  return { region, profile, isReadOnly, askMfaCode };
}

function following(operation: Operation<FollowTold>) {
  const onEvent = (event: FollowTold['event']): void => operation.tell({ kind: 'follow', event });
  return { onEvent, signal: operation.signal };
}

function planning(place: Place, operation: Operation<PlanningTold>) {
  return {
    ...accountOf(place, operation),
    onStep: (step: PlanningTold['step'], ratio?: number) =>
      operation.tell({ kind: 'planning', step, ratio }, step === 'simulation'),
    signal: operation.signal,
  };
}

function deleting(place: Place, operation: Operation<FollowTold>) {
  return {
    ...accountOf(place, operation),
    ...following(operation),
    confirm: (name: string, where: string) => operation.ask({ kind: 'delete', name, place: where }),
  };
}

function refuseReadOnly({ isReadOnly }: Place, what: string): void {
  if (!isReadOnly) return;
  const message = `nothing was ${what}: this window may only look at the account; switch "read only" off to change anything`;
  throw new EnvironmentError('aws/read-only', message);
}

async function refuseExisting(file: string, name: string): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const message = `${name} exists already; export again to replace it, or choose another name`;
  throw new InputError([{ code: 'file/exists', path: '', message }]);
}

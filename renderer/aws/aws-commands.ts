/** What can be done on AWS, for the command palette. */
import { useApp } from '#renderer/state/app-store.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import { addCommands, type Command } from '#renderer/ui/commands.ts';
import { showAwsDialog } from './aws-dialogs.ts';
import { type AwsTab, isWorking, useAws } from './aws-store.ts';
import {
  deploymentHere,
  destroy,
  enterAws,
  follow,
  leaveAws,
  look,
  makePlan,
  readStatus,
  showAwsTab,
} from './stack-control.ts';

const isAws = (): boolean => useAws.getState().mode === 'aws';
const isReady = (): boolean =>
  useApp.getState().connection === 'open' && useDocumentState.getState().document !== undefined;
const isIdle = (): boolean => isAws() && isReady() && !isWorking(useAws.getState().operations.stack);
const mayChange = (): boolean =>
  isIdle() && useAws.getState().overview !== undefined && !useApp.getState().preferences.aws.isReadOnly;

function command(id: string, title: string | (() => string), run: () => unknown, isEnabled: () => boolean): Command {
  const words = typeof title === 'string' ? () => title : title;
  return { id, group: 'AWS', title: words, name: words(), keys: [], isEnabled, run: () => void run() };
}

function page(tab: AwsTab, title: string): Command {
  return command(`aws-${tab}`, title, () => showAwsTab(tab), isAws);
}

export function addAwsCommands(): void {
  addCommands([
    command(
      'aws-switch',
      () => (isAws() ? 'Switch to Simulate' : 'Switch to AWS'),
      () => (isAws() ? leaveAws() : enterAws()),
      isReady,
    ),
    command('aws-make-plan', 'Plan a deployment', () => makePlan(), isIdle),
    command('aws-deploy', 'Deploy or update', () => showAwsDialog({ kind: 'deploy' }), mayChange),
    command('aws-follow', 'Follow what AWS is doing', follow, () => isIdle() && deploymentHere() !== undefined),
    command(
      'aws-drift',
      'Look for changes by hand',
      () => readStatus(true),
      () => isIdle() && deploymentHere() !== undefined,
    ),
    command(
      'aws-destroy',
      'Destroy the deployment',
      () => destroy(),
      () => mayChange() && deploymentHere() !== undefined,
    ),
    command('aws-look', 'Look again what is on AWS', look, () => isAws() && isReady()),
    command(
      'aws-export',
      'Export the template',
      () => showAwsDialog({ kind: 'export' }),
      () => isAws() && isReady(),
    ),
    command(
      'aws-prices',
      'Refresh prices',
      () => showAwsDialog({ kind: 'prices' }),
      () => isAws() && isReady(),
    ),
    page('deployment', 'Show the deployment'),
    page('drive', 'Drive the deployment'),
    page('compare', 'Observe and compare'),
    page('calibrate', 'Calibrate the simulation'),
    page('left', 'Show what was left behind'),
  ]);
}

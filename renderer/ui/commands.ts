/** Everything that can be done, once: keys, menus and the command palette are views of this list. */
import { useAws } from '#renderer/aws/aws-store.ts';
import { openMenuOfSelection } from '#renderer/canvas/canvas-menu.ts';
import { useLinking } from '#renderer/canvas/linking.ts';
import { openDesign } from '#renderer/inspector/design-panel.ts';
import { takeDrafts } from '#renderer/inspector/drafts.ts';
import { helpOnField, isInField } from '#renderer/inspector/field-help.ts';
import { layOutSelection } from '#renderer/layout/lay-out.ts';
import { toEnd, toStart } from '#renderer/runs/playhead.ts';
import { playOrPause, runAndPlay, stepBack, stepOn } from '#renderer/runs/run-control.ts';
import { currentResults } from '#renderer/runs/run-results.ts';
import { askOpenRun, askSaveRun, canSaveRun } from '#renderer/runs/saved-runs.ts';
import {
  select,
  setPanelOpen,
  setPreferences,
  setRatePeriod,
  setTab,
  setTheme,
  useApp,
} from '#renderer/state/app-store.ts';
import {
  alignSelection,
  canEdit,
  deleteSelection,
  duplicateSelection,
  groupSelection,
  nudgeSelection,
  selectAll,
  ungroupSelection,
} from '#renderer/state/canvas-commands.ts';
import { copyToClipboard, cutToClipboard, pasteFromClipboard } from '#renderer/state/clipboard.ts';
import { showDialog } from '#renderer/state/dialogs.ts';
import { redo, undo, useDocumentState } from '#renderer/state/document-store.ts';
import { askOpen, askSaveAs, leaveDocument, newFile, saveOrAsk, takeOver } from '#renderer/state/files.ts';
import { viewport } from '#renderer/state/viewport.ts';
import { searchPalette } from './palette-focus.ts';
import { isDark } from './theme.ts';

export interface Command {
  readonly id: string;
  readonly group: 'File' | 'Edit' | 'View' | 'Run' | 'AWS' | 'Help';
  /** As it is now: `Undo delete clicks`. */
  readonly title: () => string;
  /** As it is always, for the list of keys. */
  readonly name: string;
  readonly keys: readonly string[];
  readonly isEnabled?: () => boolean;
  readonly run: () => void;
  /** Of use by its key only. */
  readonly isHidden?: boolean;
}

const state = useDocumentState.getState;
const isOpen = (): boolean => state().document !== undefined;
const hasResults = (): boolean => currentResults().recording !== undefined;
const isConnected = (): boolean => useApp.getState().connection === 'open';
/** In the other position of the switch there is no run to see. */
const canRun = (): boolean => isOpen() && isConnected() && useAws.getState().mode === 'simulate';
const selectedNodes = (): number => useApp.getState().selected.nodes.length;
const hasNodes = (): boolean => canEdit() && selectedNodes() > 0;
const hasSeveral = (): boolean => canEdit() && selectedNodes() > 1;
const hasAny = (): boolean => canEdit() && selectedNodes() + useApp.getState().selected.edges.length > 0;

/** Of commands whose title changes. */
const NAMES: Readonly<Record<string, string>> = {
  undo: 'Undo',
  redo: 'Redo',
  layOut: 'Lay out the design, or what is selected',
  inspector: 'Open or close the inspector',
  rates: 'Show rates per second or per day',
};

function command(
  id: string,
  group: Command['group'],
  title: string | (() => string),
  keys: readonly string[],
  run: () => unknown,
  isEnabled: () => boolean = () => true,
): Command {
  return {
    id,
    group,
    title: typeof title === 'string' ? () => title : title,
    name: typeof title === 'string' ? title : (NAMES[id] ?? id),
    keys,
    isEnabled,
    run: () => void run(),
  };
}

const file: readonly Command[] = [
  command('new', 'File', 'New document', ['Ctrl+Alt+N', 'Ctrl+N'], () => leaveDocument(newFile), isConnected),
  command('open', 'File', 'Open a document', ['Ctrl+O'], askOpen, isConnected),
  command(
    'scenarios',
    'File',
    'Open a reference architecture',
    [],
    () => showDialog({ kind: 'scenarios' }),
    isConnected,
  ),
  command('save', 'File', 'Save', ['Ctrl+S'], saveOrAsk, () => isConnected() && canEdit()),
  command('saveAs', 'File', 'Save as', ['Ctrl+Shift+S'], askSaveAs, () => isConnected() && canEdit()),
  command('openRun', 'File', 'Open a saved run', [], askOpenRun, isConnected),
  command('saveRun', 'File', 'Save the run', [], askSaveRun, canSaveRun),
  command('takeOver', 'File', 'Take over editing from the other window', [], takeOver, () => state().isReadOnly),
];

const editing: readonly Command[] = [
  command(
    'undo',
    'Edit',
    () => verb('Undo', state().undoLabel),
    ['Ctrl+Z'],
    undo,
    () => canEdit() && state().canUndo,
  ),
  command(
    'redo',
    'Edit',
    () => verb('Redo', state().redoLabel),
    ['Ctrl+Shift+Z', 'Ctrl+Y'],
    redo,
    () => canEdit() && state().canRedo,
  ),
  command('cut', 'Edit', 'Cut', ['Ctrl+X'], cutToClipboard, hasNodes),
  command('copy', 'Edit', 'Copy', ['Ctrl+C'], copyToClipboard, () => selectedNodes() > 0),
  command('paste', 'Edit', 'Paste', ['Ctrl+V'], pasteFromClipboard, canEdit),
  command('duplicate', 'Edit', 'Duplicate', ['Ctrl+D'], duplicateSelection, hasNodes),
  command('delete', 'Edit', 'Delete', ['Delete', 'Backspace'], deleteSelection, hasAny),
  command('selectAll', 'Edit', 'Select all', ['Ctrl+A'], selectAll, isOpen),
  command(
    'connect',
    'Edit',
    'Link the selected node to another',
    ['C'],
    connect,
    () => hasNodes() && selectedNodes() === 1,
  ),
  command('layOut', 'Edit', layOutTitle, ['L'], layOutSelection, canEdit),
  command('group', 'Edit', 'Group the selected nodes', ['G'], groupSelection, hasNodes),
  command('ungroup', 'Edit', 'Take the group of the selected nodes away', ['Shift+G'], ungroupSelection, hasNodes),
  ...(['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const).map((line) =>
    command(`align-${line}`, 'Edit', `Align ${line}`, [], () => alignSelection(line), hasSeveral),
  ),
];

const views: readonly Command[] = [
  command('commands', 'View', 'Search commands and components', ['Ctrl+K'], () => showDialog({ kind: 'commands' })),
  command(
    'canvasMenu',
    'View',
    'Open the menu of what is selected',
    ['Shift+F10', 'ContextMenu'],
    openMenuOfSelection,
    isOpen,
  ),
  command('searchPalette', 'View', 'Add a component', ['/'], searchPalette, canEdit),
  command('fit', 'View', 'Fit the design into view', ['F'], () => viewport()?.fit(), isOpen),
  command('fullSize', 'View', 'Zoom to 100 %', ['1'], () => viewport()?.zoomToFullSize(), isOpen),
  command('inspector', 'View', inspectorTitle, ['I'], toggleInspector, isOpen),
  command(
    'design',
    'View',
    'Design settings: name, Region, loads, faults, objectives',
    ['D'],
    () => openDesign(),
    isOpen,
  ),
  command('palette', 'View', 'Fold or unfold the palette', [], togglePalette, isOpen),
  command('results', 'View', 'Fold or unfold the results', [], toggleResults, isOpen),
  command('events', 'View', 'Show the event log', ['E'], showEvents, isOpen),
  command('rates', 'View', ratesTitle, [], toggleRates),
  command('theme', 'View', 'Change between the light and the dark theme', [], () =>
    setTheme(isDark() ? 'light' : 'dark'),
  ),
];

const running: readonly Command[] = [
  command('play', 'Run', 'Play or pause', ['Space'], playOrPause, canRun),
  command('run', 'Run', 'Run again', ['R'], runAndPlay, canRun),
  command('step', 'Run', 'One step on', ['.'], stepOn, hasResults),
  command('step-back', 'Run', 'One step back', [','], stepBack, hasResults),
  command('to-start', 'Run', 'Playhead to the start', ['Home'], toStart, hasResults),
  command('to-end', 'Run', 'Playhead to the end', ['End'], toEnd, hasResults),
];

const help: readonly Command[] = [
  command('fieldHelp', 'Help', 'Help on the field', ['F1'], helpOnField, isInField),
  command('keys', 'Help', 'Show the keys', ['?', 'F1'], () => showDialog({ kind: 'keys' })),
];

const arrows: readonly Command[] = (
  [
    ['ArrowLeft', -1, 0],
    ['ArrowRight', 1, 0],
    ['ArrowUp', 0, -1],
    ['ArrowDown', 0, 1],
  ] as const
).flatMap(([key, x, y]) => [
  { ...command(`nudge-${key}`, 'Edit', 'Move', [key], () => nudgeSelection(x, y, false), hasNodes), isHidden: true },
  {
    ...command(`nudge-far-${key}`, 'Edit', 'Move far', [`Shift+${key}`], () => nudgeSelection(x, y, true), hasNodes),
    isHidden: true,
  },
]);

const escape: Command = {
  // What lies over the canvas closes first.
  ...command(
    'deselect',
    'Edit',
    'Select nothing',
    ['Escape'],
    () => select(undefined),
    () => useLinking.getState().note === undefined,
  ),
  isHidden: true,
};

const extra: Command[] = [];

/** Commands of other parts of the window: the playhead, exports. Later ones with the same key go before earlier ones. */
export function addCommands(commands: readonly Command[]): void {
  for (const added of commands) {
    const known = extra.findIndex(({ id }) => id === added.id);
    if (known < 0) extra.push(added);
    else extra[known] = added;
  }
}

export function allCommands(): readonly Command[] {
  const own = [...running, ...file, ...editing, ...views, ...help, ...arrows, escape];
  const replaced = new Set(extra.map(({ id }) => id));
  return [...extra, ...own.filter(({ id }) => !replaced.has(id))];
}

export function commandOf(key: string): Command | undefined {
  return allCommands().find((candidate) => candidate.keys.includes(key) && candidate.isEnabled?.() !== false);
}

export function runCommand(id: string): void {
  takeDrafts();
  const found = allCommands().find((candidate) => candidate.id === id);
  if (found !== undefined && found.isEnabled?.() !== false) found.run();
}

function verb(word: string, label: string): string {
  return label === '' ? word : `${word} ${label}`;
}

function layOutTitle(): string {
  return selectedNodes() >= 2 ? 'Lay out the selected nodes' : 'Lay out the design';
}

function connect(): void {
  const [node] = useApp.getState().selected.nodes;
  if (node !== undefined) showDialog({ kind: 'connect', node });
}

function inspectorTitle(): string {
  return useApp.getState().preferences.isInspectorOpen ? 'Close the inspector' : 'Open the inspector';
}

function toggleInspector(): void {
  setPreferences({ isInspectorOpen: !useApp.getState().preferences.isInspectorOpen });
}

function ratesTitle(): string {
  return useApp.getState().preferences.ratePeriod === 'second' ? 'Show rates per day' : 'Show rates per second';
}

function toggleRates(): void {
  setRatePeriod(useApp.getState().preferences.ratePeriod === 'second' ? 'day' : 'second');
}

function togglePalette(): void {
  setPreferences({ isPaletteOpen: !useApp.getState().preferences.isPaletteOpen });
}

function toggleResults(): void {
  setPanelOpen(!useApp.getState().preferences.isPanelOpen);
}

function showEvents(): void {
  setTab('events');
  setPanelOpen(true);
}

/** Faults over the timeline: bands across the charts, and marks that are dragged by their middle or their ends. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo } from 'react';
import { type FaultPlace, faultPlaces } from '#drawing/fault-lanes.ts';
import { faultWords } from '#drawing/node-badges.ts';
import { clockText, durationText } from '#drawing/quantities.ts';
import { placeName } from '#renderer/runs/place-name.ts';
import { stepSeconds } from '#renderer/runs/speeds.ts';
import { select } from '#renderer/state/app-store.ts';
import {
  beginGesture,
  cancelGesture,
  edit,
  endGesture,
  useDocument,
  useDocumentState,
} from '#renderer/state/document-store.ts';
import type { FaultSpec } from '#schema/faults.ts';
import { draggedFault, type FaultGrip, withoutFault } from './fault-edits.ts';

/** Pixels of a mark with its words. */
const MARK_WIDTH = 92;
const MOST_LANES = 3;

function useFaultPlaces(width: number): readonly FaultPlace[] {
  const faults = useDocument((document) => document.faults);
  const horizonSeconds = useDocument(({ run }) => run.horizonSeconds);
  return useMemo(
    () => faultPlaces(faults, horizonSeconds, MARK_WIDTH / Math.max(1, width), MOST_LANES),
    [faults, horizonSeconds, width],
  );
}

export function FaultBands(): ReactNode {
  return useFaultPlaces(1).map(({ fault, fromRatio, toRatio }) => (
    <div
      key={fault.id}
      className="fault-band"
      style={{ left: `${fromRatio * 100}%`, width: `${(toRatio - fromRatio) * 100}%` }}
    />
  ));
}

export function FaultMarks({ width }: { readonly width: number }): ReactNode {
  const places = useFaultPlaces(width);
  if (places.length === 0) return null;
  const lanes = Math.max(...places.map(({ lane }) => lane)) + 1;
  return (
    <div className="fault-lanes" style={{ height: lanes * 20 }} role="group" aria-label="Faults">
      {places.map((place) => (
        <FaultMark key={place.fault.id} place={place} width={width} />
      ))}
    </div>
  );
}

function FaultMark({ place, width }: { readonly place: FaultPlace; readonly width: number }): ReactNode {
  const { fault, fromRatio, toRatio, lane } = place;
  const startsAt = useDocument(({ account }) => account.startsAt);
  const horizonSeconds = useDocument(({ run }) => run.horizonSeconds);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const name = useDocument((document) => placeName(document, fault.node));
  const words = `${faultWords[fault.kind]} at ${name}, ${clockText(startsAt, fault.startSeconds)} for ${durationText(fault.durationSeconds)}`;
  const isLate = fromRatio > 1 - MARK_WIDTH / Math.max(1, width);
  return (
    <div
      className={isLate ? 'fault-mark fault-mark-late' : 'fault-mark'}
      role="button"
      tabIndex={0}
      data-fault={fault.id}
      data-takes-keys
      aria-label={`Fault ${fault.id}: ${words}`}
      aria-description="Arrow keys move it, with Shift they stretch it, Delete removes it."
      title={`${words}. Drag to move, drag an end to stretch, Delete to remove.`}
      style={{
        top: lane * 20,
        ...(isLate ? { right: `${(1 - toRatio) * 100}%` } : { left: `${fromRatio * 100}%` }),
        minWidth: (toRatio - fromRatio) * width,
      }}
      onKeyDown={(event) => changeByKey(event, fault, horizonSeconds)}
      {...(isReadOnly ? {} : dragging(fault, horizonSeconds / Math.max(1, width)))}
    >
      <span className="fault-grip" data-grip="start" />
      <span className="fault-name">
        {faultWords[fault.kind]} · {name}
      </span>
      <span className="fault-grip fault-grip-end" data-grip="end" />
    </div>
  );
}

type Dragging = Record<
  'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel',
  (event: PointerEvent<HTMLDivElement>) => void
>;

interface Drag {
  readonly pointer: number;
  readonly from: number;
  readonly grip: FaultGrip;
  readonly original: FaultSpec;
  hasMoved: boolean;
}

/** The one drag that goes on: marks are redrawn while it does. */
let drag: Drag | undefined;

function dragging(fault: FaultSpec, secondsPerPixel: number): Dragging {
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      const grip = ((event.target as HTMLElement).dataset['grip'] ?? 'whole') as FaultGrip;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag = { pointer: event.pointerId, from: event.clientX, grip, original: fault, hasMoved: false };
      beginGesture(`${grip === 'whole' ? 'move' : 'stretch'} the fault ${fault.id}`);
    },
    onPointerMove: (event) => {
      if (drag?.pointer !== event.pointerId) return;
      const { from, original, grip } = drag;
      if (Math.abs(event.clientX - from) >= 2) drag.hasMoved = true;
      if (!drag.hasMoved) return;
      edit('drag a fault', (document) =>
        draggedFault(document, original, grip, (event.clientX - from) * secondsPerPixel),
      );
    },
    onPointerUp: (event) => {
      if (drag?.pointer !== event.pointerId) return;
      if (!drag.hasMoved) select({ kind: 'node', id: fault.node });
      drag = undefined;
      endGesture();
    },
    onPointerCancel: () => {
      drag = undefined;
      cancelGesture();
    },
  };
}

function changeByKey(event: KeyboardEvent, fault: FaultSpec, horizonSeconds: number): void {
  if (event.key === 'Escape' && drag !== undefined) {
    drag = undefined;
    cancelGesture();
    event.stopPropagation();
    return;
  }
  if (event.key === 'Delete' || event.key === 'Backspace') {
    event.preventDefault();
    event.stopPropagation();
    edit(`remove the fault ${fault.id}`, (document) => withoutFault(document, fault.id));
    return;
  }
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  event.preventDefault();
  event.stopPropagation();
  const by = stepSeconds(horizonSeconds) * (event.key === 'ArrowLeft' ? -1 : 1);
  const grip = event.shiftKey ? 'end' : 'whole';
  const words = grip === 'end' ? 'stretch' : 'move';
  edit(
    `${words} the fault ${fault.id}`,
    (document) => draggedFault(document, fault, grip, by),
    `${words} fault ${fault.id}`,
  );
}

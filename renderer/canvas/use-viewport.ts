/** The view of the canvas: fitted until the user takes it, and at the service of commands. */
import { type ReactFlowInstance, useReactFlow, useStoreApi } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Place } from '#drawing/layered-layout.ts';
import { setViewport, type Viewport } from '#renderer/state/viewport.ts';
import { isInView, middleOf } from './view-geometry.ts';

export const FIT = { padding: 0.05, maxZoom: 1.15, minZoom: 0.05 } as const;
/** The panels have settled when the size has not changed for this long. */
const SETTLED_MS = 60;
const MOTION = { duration: 200 } as const;
/** Closest zoom out at which something is gone to. */
const NEAR_ENOUGH = 0.5;
const UNSNAPPED = { snapToGrid: false } as const;

export interface CanvasView {
  /** True from the moment the user moves the view: it is not fitted by itself any more. */
  readonly hold: (isHeld: boolean) => void;
  readonly toCanvas: (screen: Place) => Place;
}

export function useViewport(frame: RefObject<HTMLDivElement | null>): CanvasView {
  const flow = useReactFlow();
  const store = useStoreApi();
  const isHeld = useRef(false);
  const pointer = useRef<Place>(undefined);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const size = (): { width: number; height: number } => store.getState();
    setViewport(viewportOf(flow, element, size, isHeld, pointer));
    return () => setViewport(undefined);
  }, [flow, frame, store]);
  usePointer(frame, pointer);
  useFitting(frame, isHeld);
  return {
    hold: useCallback((held) => {
      isHeld.current = held;
    }, []),
    toCanvas: (screen) => flow.screenToFlowPosition(screen, UNSNAPPED),
  };
}

function viewportOf(
  flow: ReactFlowInstance,
  element: HTMLElement,
  size: () => { readonly width: number; readonly height: number },
  isHeld: RefObject<boolean>,
  pointer: RefObject<Place | undefined>,
): Viewport {
  const motion = matchMedia('(prefers-reduced-motion: reduce)').matches ? {} : MOTION;
  const toCanvas = (screen: Place): Place => flow.screenToFlowPosition(screen, UNSNAPPED);
  const screenMiddle = (): Place => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  };
  const reveal = (ids: readonly string[]): void => {
    const { width, height } = size();
    const view = { ...flow.getViewport(), width, height };
    const places = ids.map((id) => flow.getNode(id)?.position).filter((place) => place !== undefined);
    if (places.every((place) => isInView(place, view))) return;
    // A view that shows everything goes on to do so.
    if (!isHeld.current) return void flow.fitView({ ...FIT, ...motion });
    const { x, y } = middleOf(places);
    void flow.setCenter(x, y, { zoom: Math.max(view.zoom, NEAR_ENOUGH), ...motion });
  };
  return {
    middle: () => toCanvas(screenMiddle()),
    screenMiddle,
    toCanvas,
    size,
    // What was just changed is drawn first.
    fit: () => {
      isHeld.current = false;
      requestAnimationFrame(() => void flow.fitView({ ...FIT, ...motion }));
    },
    begin: () => {
      isHeld.current = false;
      requestAnimationFrame(() => void flow.fitView(FIT));
    },
    reveal: (ids) => void requestAnimationFrame(() => reveal(ids)),
    zoomToFullSize: () => {
      isHeld.current = true;
      void flow.zoomTo(1, motion);
    },
    focus: (node) => element.querySelector<HTMLElement>(`.react-flow__node[data-id="${node}"]`)?.focus(),
    pointer: () => pointer.current && flow.screenToFlowPosition(pointer.current, UNSNAPPED),
  };
}

/** Where the pointer is while it is over the canvas. */
function usePointer(frame: RefObject<HTMLDivElement | null>, pointer: RefObject<Place | undefined>): void {
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const follow = (event: PointerEvent): void => {
      pointer.current = { x: event.clientX, y: event.clientY };
    };
    const forget = (): void => {
      pointer.current = undefined;
    };
    element.addEventListener('pointermove', follow);
    element.addEventListener('pointerleave', forget);
    return () => {
      element.removeEventListener('pointermove', follow);
      element.removeEventListener('pointerleave', forget);
    };
  }, [frame, pointer]);
}

/**
 * Fits the view whenever the panels around have settled, unless the user holds it where it is. Not under a pressed pointer:
 * what is being dragged must not slip away.
 */
function useFitting(frame: RefObject<HTMLDivElement | null>, isHeld: RefObject<boolean>): void {
  const { fitView } = useReactFlow();
  useEffect(() => {
    if (frame.current === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isPressed = false;
    let isDue = false;
    const fit = (): void => {
      isDue = isPressed;
      if (!isPressed && !isHeld.current) void fitView(FIT);
    };
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(fit, SETTLED_MS);
    };
    const press = (): void => {
      isPressed = true;
    };
    const release = (): void => {
      isPressed = false;
      if (isDue) soon();
    };
    const observer = new ResizeObserver(soon);
    observer.observe(frame.current);
    window.addEventListener('pointerdown', press, true);
    window.addEventListener('pointerup', release, true);
    window.addEventListener('pointercancel', release, true);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      window.removeEventListener('pointerdown', press, true);
      window.removeEventListener('pointerup', release, true);
      window.removeEventListener('pointercancel', release, true);
    };
  }, [fitView, frame, isHeld]);
}

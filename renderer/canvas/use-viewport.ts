/** The view of the canvas: fitted until the user takes it, and at the service of commands. */
import { useReactFlow, useStoreApi, type XYPosition } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Place } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';
import { setViewport } from '#renderer/state/viewport.ts';

export const FIT = { padding: 0.1, maxZoom: 1.15, minZoom: 0.1 } as const;
/** The panels have settled when the size has not changed for this long. */
const SETTLED_MS = 60;
const MOTION = { duration: 200 } as const;
/** Pixels kept between a card that is brought into view and the border. */
const MARGIN = 24;

export interface CanvasView {
  /** True from the moment the user moves something: the view is not fitted by itself any more. */
  readonly hold: (isHeld: boolean) => void;
  readonly toCanvas: (screen: Place) => Place;
}

export function useViewport(frame: RefObject<HTMLDivElement | null>): CanvasView {
  const { fitView, screenToFlowPosition, setCenter, zoomTo, getNode, getViewport } = useReactFlow();
  const flow = useStoreApi();
  const isHeld = useRef(false);
  const pointer = useRef<Place>(undefined);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const motion = matchMedia('(prefers-reduced-motion: reduce)').matches ? {} : MOTION;
    const placesOf = (ids: readonly string[]): XYPosition[] =>
      ids.map((id) => getNode(id)?.position).filter((place) => place !== undefined);
    const isVisible = ({ x, y }: XYPosition): boolean => {
      const { x: left, y: top, zoom } = getViewport();
      const { width, height } = flow.getState();
      const at = { x: x * zoom + left, y: y * zoom + top };
      return (
        at.x >= MARGIN &&
        at.y >= MARGIN &&
        at.x + cardSize.width * zoom <= width - MARGIN &&
        at.y + cardSize.height * zoom <= height - MARGIN
      );
    };
    const centreOn = (places: readonly XYPosition[]): void => {
      const xs = places.map(({ x }) => x);
      const ys = places.map(({ y }) => y);
      const x = (Math.min(...xs) + Math.max(...xs) + cardSize.width) / 2;
      const y = (Math.min(...ys) + Math.max(...ys) + cardSize.height) / 2;
      void setCenter(x, y, { zoom: Math.max(getViewport().zoom, 0.5), ...motion });
    };
    setViewport({
      middle: () => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return screenToFlowPosition({ x: left + width / 2, y: top + height / 2 }, { snapToGrid: false });
      },
      fit: (nodes) => {
        if (nodes === undefined) isHeld.current = false;
        // What was just changed is drawn first.
        requestAnimationFrame(
          () =>
            void fitView({ ...FIT, ...motion, ...(nodes === undefined ? {} : { nodes: nodes.map((id) => ({ id })) }) }),
        );
      },
      reveal: (nodes) => {
        requestAnimationFrame(() => {
          const places = placesOf(nodes);
          if (places.length === 0 || places.every(isVisible)) return;
          // A view that shows everything goes on to do so.
          if (isHeld.current) centreOn(places);
          else void fitView({ ...FIT, ...motion });
        });
      },
      zoomToFullSize: () => {
        isHeld.current = true;
        void zoomTo(1, motion);
      },
      focus: (node) => element.querySelector<HTMLElement>(`.react-flow__node[data-id="${node}"]`)?.focus(),
      pointer: () => pointer.current && screenToFlowPosition(pointer.current, { snapToGrid: false }),
    });
    const follow = (event: PointerEvent): void => {
      pointer.current = { x: event.clientX, y: event.clientY };
    };
    const forget = (): void => {
      pointer.current = undefined;
    };
    element.addEventListener('pointermove', follow);
    element.addEventListener('pointerleave', forget);
    return () => {
      setViewport(undefined);
      element.removeEventListener('pointermove', follow);
      element.removeEventListener('pointerleave', forget);
    };
  }, [fitView, flow, frame, getNode, getViewport, screenToFlowPosition, setCenter, zoomTo]);
  useFitting(frame, isHeld);
  return {
    hold: useCallback((held) => {
      isHeld.current = held;
    }, []),
    toCanvas: (screen) => screenToFlowPosition(screen, { snapToGrid: false }),
  };
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

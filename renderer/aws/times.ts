/** Moments of AWS as a person reads them. */
import { useEffect, useState } from 'react';
import { durationText } from '#drawing/quantities.ts';

const MINUTE_MS = 60_000;

/** This machine's clock, to the half minute: what counts down must not stand still. */
export function useNowMs(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), MINUTE_MS / 2);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

/** `expires in 7 h 58 min`; whole minutes, of long times whole hours. */
export function expiryText(expiresAt: string | undefined, nowMs: number): string {
  if (expiresAt === undefined) return 'never expires';
  const minutes = Math.floor((Date.parse(expiresAt) - nowMs) / MINUTE_MS);
  if (minutes < 1) return 'expires now';
  const shown = minutes >= 24 * 60 ? Math.floor(minutes / 60) * 60 : minutes;
  return `expires in ${durationText(shown * 60)}`;
}

/** As this machine's settings write it. */
export function momentText(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? iso : moment.toLocaleString();
}

export function clockTime(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? iso : moment.toLocaleTimeString();
}

/** Lengths of time as people write them: `24 h`, `90 min`, `1 h 30 min`, `45`. */

const SECONDS = { d: 86_400, h: 3600, min: 60, m: 60, s: 1 } as const;

/** Seconds; undefined where the text is no length of time. A number alone is seconds. */
export function secondsOfText(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(d|h|min|m|s)(?![a-z])\s*/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== trimmed) return undefined;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * SECONDS[unit as keyof typeof SECONDS], 0);
}

/** A progress bar on standard error, where that is a terminal; silent otherwise. */
import cliProgress from 'cli-progress';
import type { Output } from './output.ts';

export interface ProgressBar {
  /** Share done, 0..1, and what is being done. */
  update(ratio: number, label: string): void;
  stop(): void;
}

const SILENT: ProgressBar = { update: () => undefined, stop: () => undefined };

export function progressBar(output: Output): ProgressBar {
  if (!output.isTerminal) return SILENT;
  const bar = new cliProgress.SingleBar(
    {
      format: '{label} [{bar}] {percentage} %',
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
      fps: 10,
    },
    cliProgress.Presets.legacy,
  );
  bar.start(1000, 0, { label: 'starting' });
  return {
    update: (ratio, label) => bar.update(Math.round(1000 * Math.max(0, Math.min(1, ratio))), { label }),
    stop: () => bar.stop(),
  };
}

/** One simulation from request to output; used by the dedicated worker and by the pool. */
import { buildModel } from './model.ts';
import { control, type RunOutput, type RunRequest, type WorkerMessage } from '#schema/worker-messages.ts';
import { PlaybackRecorder } from './playback.ts';
import { collect, limitColumnsOf, runModel } from './run.ts';

const SECOND_US = 1_000_000;
/** Wall milliseconds between two progress messages, and between two partial results at least. */
const PROGRESS_MS = 100;
const PARTIAL_MS = 250;
/** Partial results of a large design come less often: making them may take this share of the time. */
const PARTIAL_SHARE = 0.05;

/** Runs the request in the calling thread. `post` receives progress and partial results. */
export function simulate(request: RunRequest, post: (message: WorkerMessage) => void): RunOutput {
  const { document, options } = request;
  const word = new Int32Array(request.control);
  const started = performance.now();
  const model = buildModel(document, options);
  let lastProgress = started;
  let nextPartial = started + PARTIAL_MS;
  const playback = new PlaybackRecorder(model);
  const { cancelled } = runModel(
    model,
    (nowUs) => {
      if (word[0] === control.pause) Atomics.wait(word, 0, control.pause);
      const now = performance.now();
      if (now - lastProgress >= PROGRESS_MS) {
        lastProgress = now;
        post({
          kind: 'progress',
          simulatedSeconds: nowUs / SECOND_US,
          horizonSeconds: options.horizonSeconds,
          events: model.kernel.eventCount,
          wallSeconds: (now - started) / 1000,
        });
      }
      if (request.wantsPartials === true && nowUs > 0 && now >= nextPartial) {
        const simulatedSeconds = nowUs / SECOND_US;
        post({ kind: 'partial', simulatedSeconds, result: collect(model, false), playback: playback.read() });
        const done = performance.now();
        nextPartial = done + Math.max(PARTIAL_MS, (done - now) / PARTIAL_SHARE);
      }
      return word[0] !== control.cancel;
    },
    playback,
  );
  if (options.fidelity === 'auto' && !model.flow.runs.hasAny) model.recorder.warn('fidelity/auto-runs-exact');
  const result = collect(model, cancelled);
  const wallSeconds = (performance.now() - started) / 1000;
  const events = model.kernel.eventCount;
  return {
    result,
    limitColumns: limitColumnsOf(model),
    playback: playback.read(),
    measurement: { wallSeconds, events, eventsPerSecond: events / wallSeconds, peakRssBytes: peakRss() },
  };
}

/** Largest resident set of the process so far, bytes. */
function peakRss(): number {
  return process.resourceUsage().maxRSS * 1024;
}

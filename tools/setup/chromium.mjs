/** Finds a Chromium for the end-to-end tests, or brings one: never longer than the time limit. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { run, runScript, step } from './steps.mjs';

const DOWNLOAD_LIMIT_SECONDS = 120;
const APT_LIMIT_SECONDS = 300;

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'chrome.exe',
  'msedge.exe',
];

const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...[process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter(Boolean)
    .flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
];

/** The browser that Playwright downloaded earlier, if it did. */
function downloadedByPlaywright() {
  try {
    return createRequire(import.meta.url)('@playwright/test').chromium.executablePath();
  } catch {
    return undefined; // not installed yet
  }
}

/** Path of a Chromium on this computer, or undefined. `CAUDAL_CHROMIUM` wins. */
export function findChromium() {
  const named = process.env.CAUDAL_CHROMIUM;
  if (named) return named;
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => COMMANDS.map((command) => join(folder, command)));
  return [...onPath, ...PLACES, downloadedByPlaywright()].find((path) => path && existsSync(path));
}

const isRootOnDebian = () =>
  process.platform === 'linux' && process.getuid() === 0 && existsSync('/etc/debian_version');

/** Path of a Chromium, downloaded or installed if there is none; undefined, with the reason shown, if that fails too. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const attempts = [
    {
      title: 'Downloading Chromium for the end-to-end tests (about 150 MB)',
      bring: () =>
        runScript('@playwright/test/cli.js', ['install', 'chromium'], { limitSeconds: DOWNLOAD_LIMIT_SECONDS }),
    },
  ];
  if (isRootOnDebian()) {
    attempts.push({
      title: 'Installing Chromium with apt-get',
      bring: async () => {
        const env = { DEBIAN_FRONTEND: 'noninteractive' };
        await run('apt-get', ['update'], { env, limitSeconds: APT_LIMIT_SECONDS });
        return run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'], {
          env,
          limitSeconds: APT_LIMIT_SECONDS,
        });
      },
    });
  }
  for (const { title, bring } of attempts) {
    try {
      return await step(title, async () => {
        const { output, timedOut } = await bring();
        const path = findChromium();
        if (path) return path;
        const lines = output.trim().split('\n');
        throw new Error(timedOut ? 'took too long' : (lines.find((line) => /error/i.test(line)) ?? lines.at(-1)));
      });
    } catch {
      // The step has shown why; the next attempt follows.
    }
  }
  return undefined;
}

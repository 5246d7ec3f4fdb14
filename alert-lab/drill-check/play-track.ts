import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { startFakeGitHub } from '@aiops-sre/incident-responder/testing/fake-github.ts';
import { withOwnStack } from '@aiops-sre/stack/testing/with-own-stack.ts';
import type { DrillResult } from '../drill/play-drill.ts';
import { playDrill } from '../drill/play-drill.ts';
import { type RunningStack, runningStack } from '../drill/running-stack.ts';
import { writeQuickenedConfiguration } from './quickened-configuration.ts';
import type { Track } from './tracks.ts';

const REPOSITORY = 'drills/standby';
const TOKEN = 'a-token-of-drills-only';
/** Longest that the tail of a drill's incident may take. */
const CALM_TIMEOUT_MS = 900_000;
const ASK_EVERY_MS = 2000;

export interface PlayTrackOptions {
  readonly root: string;
  /** For configuration and token of this track's stack. */
  readonly folder: string;
  readonly track: Track;
  readonly environment: NodeJS.ProcessEnv;
  /** Called once the stack's ports are taken, or will never be. */
  readonly onStarted: () => void;
  readonly onProgress: (line: string) => void;
  readonly onResult: (result: DrillResult) => void;
  readonly signal: AbortSignal;
}

/**
 * Plays the drills of a track on a stack of their own, whose responder takes a fake for GitHub.
 *
 * @returns what was wrong with what GitHub heard; undefined if nothing
 * @throws Error if the stack does not start, or does not calm down after a drill
 */
export async function playTrack(options: PlayTrackOptions): Promise<string | undefined> {
  const { root, folder, track, environment, onStarted, onProgress, onResult, signal } = options;
  mkdirSync(folder, { recursive: true });
  const tokenFile = join(folder, 'github-token');
  writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
  const gitHub = await startFakeGitHub({ repository: REPOSITORY, token: TOKEN });
  const startedWith = {
    ...writeQuickenedConfiguration(root, folder),
    GITHUB_API_URL: gitHub.apiUrl,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_TOKEN_FILE: tokenFile,
  };
  try {
    await withOwnStack({ root, signal, startedWith, prefix: track.drills[0]?.name ?? '' }, async (own) => {
      onStarted();
      const stack = runningStack(root, { ...environment, ...own });
      for (const drill of track.drills) {
        await calm(stack, signal);
        onResult(
          await playDrill({
            drill,
            stack,
            onProgress: (line) => onProgress(`${drill.name}: ${line.trim()}`),
            signal,
          }),
        );
      }
    });
    if (gitHub.violations.length > 0) return `GitHub refused: ${gitHub.violations.join('; ')}`;
    const heard = gitHub.dispatches.map((dispatch) => dispatch.event_type).join(', ');
    const expected = track.dispatches.join(', ');
    return heard === expected ? undefined : `GitHub heard [${heard}], expected [${expected}]`;
  } finally {
    onStarted();
    await gitHub.close();
  }
}

/** Whether the detector found anything unusual in two whole minutes: a start, also that of another stack, can be. */
const UNUSUAL = `max(max_over_time(${METRICS.anomalyActive}[2m])) and max(count_over_time(${METRICS.anomalyActive}[2m])) >= 7`;

/** Nothing of an earlier drill, or of the start, is under way: it would be part of the next drill's incident. */
async function calm(stack: RunningStack, signal: AbortSignal): Promise<void> {
  const deadlineMs = Date.now() + CALM_TIMEOUT_MS;
  const isCalm = async () =>
    (await stack.incidents()).every(({ status }) => status === 'resolved') &&
    (await stack.prometheus.value(UNUSUAL)) === 0;
  while (!(await isCalm().catch(() => false))) {
    if (Date.now() > deadlineMs) throw new Error(`incidents stay open for ${CALM_TIMEOUT_MS / 1000} s`);
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}

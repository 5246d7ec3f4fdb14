import { mkdirSync } from 'node:fs';
import { untilCalm } from '../drill/calm.ts';
import type { DrillResult } from '../drill/play-drill.ts';
import { playDrill } from '../drill/play-drill.ts';
import { writeQuickenedConfiguration } from './quickened-configuration.ts';
import type { Track } from './tracks.ts';
import { withLabStack } from './with-lab-stack.ts';

/** Longest that the tail of a drill's incident may take. */
const CALM_TIMEOUT_MS = 900_000;

export interface PlayTrackOptions {
  readonly root: string;
  /** For configuration of this track's stack. */
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
  const startedWith = writeQuickenedConfiguration(root, folder);
  const prefix = track.drills[0]?.name ?? '';
  try {
    return await withLabStack({ root, environment, signal, prefix, startedWith }, async (stack, gitHub) => {
      onStarted();
      for (const drill of track.drills) {
        // Nothing of an earlier drill, or of the start, is under way.
        if (!(await untilCalm(stack, { timeoutMs: CALM_TIMEOUT_MS, signal })))
          throw new Error(`incidents stay open for ${CALM_TIMEOUT_MS / 1000} s`);
        onResult(
          await playDrill({
            drill,
            stack,
            onProgress: (line) => onProgress(`${drill.name}: ${line.trim()}`),
            signal,
          }),
        );
      }
      if (gitHub.violations.length > 0) return `GitHub refused: ${gitHub.violations.join('; ')}`;
      const heard = gitHub.dispatches.map((dispatch) => dispatch.event_type).join(', ');
      const expected = track.dispatches.join(', ');
      return heard === expected ? undefined : `GitHub heard [${heard}], expected [${expected}]`;
    });
  } finally {
    onStarted();
  }
}

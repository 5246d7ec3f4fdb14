import { statSync } from 'node:fs';
import { readYamlFile } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import type { Logger } from 'pino';
import { type Roster, rosterSchema } from './roster.ts';

/** What works with a roster; apart, since zones take memory that nobody without a roster shall pay for. */
export type Scheduling = typeof import('./schedule.ts') &
  typeof import('./roster-check.ts') &
  typeof import('./calendar.ts');

export interface KnownRoster {
  /** The latest that was whole; undefined where there never was one. */
  readonly roster: Roster | undefined;
  readonly scheduling: Scheduling | undefined;
  /** What is wrong with the file as it is now. */
  readonly problem: string | undefined;
}

export interface RosterSource {
  current(): KnownRoster;
  /** Reads the file where it is another than before. A broken one leaves the latest whole one in force. */
  refresh(): Promise<void>;
}

/** @param file undefined: nobody is ever on call */
export function createRosterSource({
  file,
  log,
}: {
  readonly file: string | undefined;
  readonly log: Logger;
}): RosterSource {
  let known: KnownRoster = { roster: undefined, scheduling: undefined, problem: undefined };
  let version = '';
  return {
    current: () => known,
    async refresh() {
      if (file === undefined) return;
      const found = statSync(file, { throwIfNoEntry: false });
      const now = found === undefined ? 'none' : `${found.mtimeMs} ${found.size} ${found.ino}`;
      if (now === version) return;
      version = now;
      if (found === undefined) {
        known = { roster: undefined, scheduling: undefined, problem: undefined };
        return;
      }
      try {
        const roster = readYamlFile(file, rosterSchema);
        const scheduling = known.scheduling ?? {
          ...(await import('./schedule.ts')),
          ...(await import('./roster-check.ts')),
          ...(await import('./calendar.ts')),
        };
        known = { roster, scheduling, problem: undefined };
        log.info({ people: Object.keys(roster.people).length }, 'on-call roster read');
      } catch (error) {
        known = { ...known, problem: (error as Error).message };
        log.error({ reason: known.problem }, 'on-call roster is broken, the latest whole one stays in force');
      }
    },
  };
}

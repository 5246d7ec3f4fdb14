import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSessions } from '@aiops-sre/incident-responder/console/session/session-cookie.ts';
import type { Mission } from '../read-missions.ts';
import { startSchool } from '../serve/start-school.ts';
import { madeMission, madeStack, OPERATOR_TOKEN } from './made-stack.ts';

/** For tests: the school on a made stack of a mission, which is flown in seconds, and somebody who is logged in. */
export async function startMadeSchool(missions: readonly Mission[], mission: Mission) {
  const dataDir = mkdtempSync(join(tmpdir(), 'school-'));
  const made = madeStack(mission, { dataDir });
  const errors: string[] = [];
  const results = join(dataDir, 'results.json');
  const school = await startSchool({
    repository: join(import.meta.dirname, '..', '..', '..'),
    stack: made.stack,
    missions: missions.map(madeMission),
    results,
    port: 0,
    pace: { askEveryMs: 100, quietMs: 0, healedForMs: 50 },
    err: (line) => errors.push(line),
  });
  const sessions = createSessions(OPERATOR_TOKEN, { add() {}, has: () => false });
  const cookie = sessions.open('Ada', Date.now());
  return {
    ...{ made, school, errors, results, cookie },
    url: school.url,
    csrf: sessions.read(`responder_session=${cookie}`, Date.now())!.csrfToken,
    async close() {
      await school.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type Session } from '../browser/session.ts';
import { browserSettings } from '../browser/settings.ts';
import { SETTLED_TIMEOUT_MS } from '../browser/settled.ts';
import { HOPS } from './hops.ts';
import { AGES, findIncident, type Incident } from './incidents.ts';
import { Visitor } from './visitor.ts';

const HOP_TIMEOUT_MS = 600_000;

/** Needs a Grafana in which requests of the storefront failed at both times, see README.md. */
describe('in a browser, from an incident on', () => {
  const outcomes = new Map<string, string[]>(HOPS.map(({ name }) => [name, []]));
  const settings = browserSettings(process.env);
  let session: Session;

  beforeAll(async () => {
    session = await openSession(settings);
    session.context.setDefaultTimeout(SETTLED_TIMEOUT_MS);
  });
  afterAll(async () => {
    await session?.close();
    const width = Math.max(...HOPS.map(({ name }) => name.length));
    const rows = [
      ['hop', ...AGES.map(({ name }) => name)],
      ...[...outcomes].map(([name, each]) => [name, ...each]),
    ];
    console.log(rows.map(([hop, ...each]) => `${hop!.padEnd(width)} | ${each.join(' | ')}`).join('\n'));
  });

  describe.each(AGES)('of $name', (age) => {
    let incident: Incident | undefined;

    beforeAll(async () => {
      incident = await findIncident(session.context.request, settings.grafanaUrl, age);
    });

    it.each(HOPS)('$name', { timeout: HOP_TIMEOUT_MS }, async (hop) => {
      expect(
        incident,
        `an incident between ${age.oldestMinutes} and ${age.newestMinutes} minutes ago`,
      ).toBeDefined();
      const visitor = new Visitor(session.context, settings.grafanaUrl, incident!);
      let outcome = 'fails';
      try {
        await hop.go(visitor);
        outcome = 'works';
      } finally {
        outcomes.get(hop.name)!.push(outcome);
        await visitor.close();
      }
    });
  });
});

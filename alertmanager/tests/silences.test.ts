import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { MAINTENANCE_INTERVAL } from '../maintenance-interval.ts';
import { type RunningAlertmanager, startAlertmanager } from '../testing/running-alertmanager.ts';

const binary = process.env.ALERTMANAGER;
const root = join(import.meta.dirname, '..', '..');

it.each(['docker-compose.yml', 'docker-compose.expose.yml'])(
  '%s writes silences as often as the native engine',
  (file) => {
    const compose = readFileSync(join(root, file), 'utf8');
    expect(/--data\.maintenance-interval=(\w+)/.exec(compose)?.[1]).toBe(MAINTENANCE_INTERVAL);
  },
);

describe.skipIf(!binary)(
  `silences${binary ? '' : ' (skipped: ALERTMANAGER is not set)'}`,
  { timeout: 60_000 },
  () => {
    let alertmanager: RunningAlertmanager;
    afterEach(() => alertmanager.stop());
    const started = async (maintenanceInterval?: string) => {
      alertmanager = await startAlertmanager({
        binary: binary as string,
        webhookUrl: 'http://127.0.0.1:9/',
        webhookToken: 'unused',
        ...(maintenanceInterval === undefined ? {} : { maintenanceInterval }),
      });
      return createAlertmanagerClient({ url: alertmanager.url, timeoutMs: 5_000 });
    };
    const silence = (comment: string) => ({
      matchers: { alertname: 'Noise' },
      startsAtMs: Date.now(),
      endsAtMs: Date.now() + 600_000,
      createdBy: 'a test',
      comment,
    });

    it('that were confirmed are kept, and so are their ends, however soon Alertmanager is killed', async () => {
      const client = await started();
      const [kept, ended] = await Promise.all(
        ['kept', 'ended'].map((comment) => client.silence(silence(comment))),
      );
      await alertmanager.killAndRestart();
      expect(await client.silencesWithComment('kept')).toEqual([kept]);
      expect(await client.silencesWithComment('ended')).toEqual([ended]);
      await client.expireSilence(ended as string);
      await alertmanager.killAndRestart();
      expect(await client.silencesWithComment('kept')).toEqual([kept]);
      expect(await client.silencesWithComment('ended')).toEqual([]);
    });

    it('are not confirmed by an Alertmanager that is killed before it wrote them', async () => {
      const client = await started('1h');
      const confirmed = expect(client.silence(silence('lost'), AbortSignal.timeout(3_000))).rejects.toThrow();
      await confirmed;
      await alertmanager.killAndRestart();
      expect(await client.silencesWithComment('lost')).toEqual([]);
    });
  },
);

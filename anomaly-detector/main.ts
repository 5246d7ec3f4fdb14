import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createAlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { readBackendLogin } from '@aiops-sre/service-kit/backends/backend-login.ts';
import { createWriteCheck } from '@aiops-sre/service-kit/files/write-check.ts';
import { homeFolder } from '@aiops-sre/service-kit/home/home.ts';
import { listen } from '@aiops-sre/service-kit/http/http-server.ts';
import { stopOnSignal } from '@aiops-sre/service-kit/lifecycle/stop-on-signal.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import pino from 'pino';
import { watchCalendars } from './calendar/calendar-watch.ts';
import { createDetector } from './detector.ts';
import { createRoutes } from './http/routes.ts';
import { verdictAccess } from './http/verdict-route.ts';
import { openAnomalyJournal } from './journal/anomaly-journal.ts';
import { openVerdictFile } from './journal/verdict-file.ts';
import { loadRules } from './rules/load-rules.ts';
import { readSettings } from './settings.ts';
import { createRuleSnapshots } from './state/rule-snapshots.ts';
import { QUERY_LIMITS } from './watch/query-limits.ts';
import type { Clock } from './watch/rule-loop.ts';
import { parseShard } from './watch/shard.ts';

const ROOT = dirname(import.meta.dirname);
const ALERTMANAGER_TIMEOUT_MS = 5000;
/** After SIGTERM: longer than a snapshot takes, shorter than Docker's and the supervisor's patience of 10 s. */
const STOP_DEADLINE_MS = 9_000;

const clock: Clock = {
  nowSeconds: () => Date.now() / 1000,
  elapsedSeconds: () => performance.now() / 1000,
  sleep: (seconds, signal) => delay(Math.max(0, seconds) * 1000, undefined, { signal }).catch(() => {}),
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { shard: { type: 'string' }, check: { type: 'boolean' } } });
  const environment = readSettings(process.env);
  const login = readBackendLogin(environment);
  const rules = loadRules(environment.CONFIG_FILE);
  const shard = parseShard(values.shard ?? environment.SHARD);
  if (values.check) {
    print(`${environment.CONFIG_FILE}: ${rules.length} rules, no problem found`);
    return;
  }

  const log = pino({ level: environment.LOG_LEVEL, base: { service: 'anomaly-detector' } });
  const calendar = await watchCalendars({
    paths: environment.CALENDARS ?? [join(homeFolder(ROOT, process.env), 'calendars')],
    timeZone: environment.TIME_ZONE,
    holidaysAre: environment.HOLIDAYS_ARE,
    onChange(events, problems) {
      log.info({ events }, 'calendars read');
      for (const problem of problems) log.warn({ problem }, 'calendar cannot be used as it is');
    },
  });
  const detector = createDetector({
    rules,
    calendar,
    prometheus: createPrometheusClient({
      url: environment.PROMETHEUS_URL,
      timeoutMs: environment.QUERY_TIMEOUT_MS,
      login,
      ...QUERY_LIMITS,
    }),
    replicas: environment.ALERTMANAGER_URLS.map((url) =>
      createAlertmanagerClient({ url, timeoutMs: ALERTMANAGER_TIMEOUT_MS, login }),
    ),
    snapshots: createRuleSnapshots({
      directory: environment.STATE_DIR,
      timeZone: environment.TIME_ZONE,
      shard,
      onUnusable: (rule, reason) => log.warn({ rule: rule.name }, reason),
    }),
    journal: await openAnomalyJournal({
      file: join(environment.STATE_DIR, 'anomalies.json'),
      onUnreadable: (reason) => log.warn({ reason }, 'journal of anomalies is unreadable and begins anew'),
    }),
    verdicts: await openVerdictFile({
      file: join(environment.STATE_DIR, 'verdicts.jsonl'),
      onUnreadable: (line) => log.warn({ line }, 'a line of the verdicts is unreadable and does not count'),
    }),
    cluster: environment.KUBERNETES_CLUSTER,
    links: {
      runbookBaseUrl: environment.RUNBOOK_BASE_URL,
      dashboardBaseUrl: environment.DASHBOARD_BASE_URL,
    },
    timeZone: environment.TIME_ZONE,
    shard,
    evaluationDelaySeconds: environment.EVALUATION_DELAY_SECONDS,
    snapshotIntervalSeconds: environment.SNAPSHOT_INTERVAL_SECONDS,
    checkState: createWriteCheck({ folder: environment.STATE_DIR }),
    clock,
    random: Math.random,
    log,
  });
  const server = await listen({
    handler: createRoutes(
      { ...detector, onError: (err) => log.error({ err }, 'request failed') },
      verdictAccess(environment.HOST, environment.VERDICTS_TOKEN),
    ),
    host: environment.HOST,
    port: environment.PORT,
    names: environment.ALLOWED_HOSTS,
  });
  log.info({ host: environment.HOST, port: server.port, rules: rules.length, shard }, 'listening');
  await detector.start();

  stopOnSignal({
    deadlineMs: STOP_DEADLINE_MS,
    async stop(signal) {
      log.info({ signal }, 'stopping');
      await Promise.all([detector.stop(), server.close()]);
    },
  });
}

main().catch((error: unknown) => {
  printError(error instanceof Error ? error.message : String(error));
  process.exit(1);
});

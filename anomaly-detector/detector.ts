import type { AlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { BackendError } from '@aiops-sre/service-kit/backends/backend-error.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { Logger } from 'pino';
import { type AlertDelivery, createAlertDelivery } from './alerts/alert-delivery.ts';
import type { Links } from './alerts/anomaly-alert.ts';
import { type Report, reportOf } from './alerts/current-alerts.ts';
import type { CalendarWatch } from './calendar/calendar-watch.ts';
import type { Subject } from './explain/movement.ts';
import { type AnomalyJournal, journalEntry } from './journal/anomaly-journal.ts';
import type { VerdictBody } from './journal/verdict.ts';
import type { VerdictFile } from './journal/verdict-file.ts';
import { exposeBreaches } from './metrics/breach-exposition.ts';
import { freshWatches } from './metrics/fresh-watches.ts';
import { createOwnMetrics, type ErrorKind } from './metrics/own-metrics.ts';
import { exposeSeries } from './metrics/series-exposition.ts';
import { setStateGauges } from './metrics/state-gauges.ts';
import { type Readiness, readinessOf, staleAfterSeconds } from './readiness.ts';
import type { Rule } from './rules/rule.ts';
import type { RuleSnapshots } from './state/rule-snapshots.ts';
import { createEvaluationAges } from './watch/evaluation-age.ts';
import { type Clock, runRule } from './watch/rule-loop.ts';
import { createRuleWatch, type RuleWatch } from './watch/rule-watch.ts';
import type { Shard } from './watch/shard.ts';
import { type WatchedService, watchedServices } from './watched-services.ts';

export type Detector = {
  /** Loads what was learnt and begins to poll. */
  start(): Promise<void>;
  /** Ends polling and writes a last snapshot. */
  stop(): Promise<void>;
  readiness(): Promise<Readiness>;
  /** Everything in Prometheus' text format. */
  metrics(): Promise<string>;
  /** What its templates have found. */
  services(): readonly WatchedService[];
  /** What was alerted on in the last weeks, newest first, with the verdicts on it. */
  anomalies(): unknown;
  /** Holidays and maintenance of now and of the next weeks, and what is wrong with the calendars. */
  calendar(): ReturnType<CalendarWatch['state']>;
  judge(verdict: VerdictBody): Promise<'stored' | 'unknown-anomaly'>;
};

/** How often the calendars are looked at for changes. */
const CALENDAR_SECONDS = 30;
/** How often the delivery looks whether something is due. */
const DELIVERY_TICK_SECONDS = 5;

export function createDetector(options: {
  rules: readonly Rule[];
  calendar: CalendarWatch;
  prometheus: Pick<PrometheusClient, 'queryRange'>;
  replicas: readonly AlertmanagerClient[];
  /** The one it is in, where several have one Alertmanager. */
  cluster?: string | undefined;
  snapshots: RuleSnapshots;
  journal: AnomalyJournal;
  verdicts: VerdictFile;
  links: Links;
  timeZone: string;
  shard: Shard;
  evaluationDelaySeconds: number;
  snapshotIntervalSeconds: number;
  /** What keeps the state from being written, if anything. */
  checkState: () => Promise<string | undefined>;
  clock: Clock;
  random: () => number;
  log: Logger;
}): Detector {
  const { rules, calendar, clock, log, snapshots, journal, verdicts } = options;
  const own = createOwnMetrics({
    rules: rules.map(({ name }) => name),
    replicas: options.replicas.map(({ url }) => url),
  });
  const stopping = new AbortController();
  const ages = createEvaluationAges(clock);
  const running: Promise<unknown>[] = [];
  const delivering = new Set<Promise<void>>();
  let report: Report = { movements: [], alerts: [] };
  const leavingOut = new Set<string>();
  const lastFailure = new Map<string, string>();
  let watches: readonly RuleWatch[] = [];
  const { replicas, cluster } = options;
  const delivery: AlertDelivery = createAlertDelivery({ replicas, cluster });

  /** Only rules that have read their history: half of it says nothing. */
  function renewReport(): void {
    const all = watches
      .filter(({ evaluatedUntilSeconds }) => evaluatedUntilSeconds !== undefined)
      .flatMap(({ rule, series }) => [...series.values()].map((one): Subject => ({ rule, series: one })));
    report = reportOf(all, clock.nowSeconds(), options);
  }

  function countError(kind: ErrorKind) {
    own.errors.inc({ kind });
  }

  /** Tells Alertmanager and the journal. Called after each poll and every few seconds: most of the time nothing is due. */
  async function deliver(): Promise<void> {
    const nowSeconds = clock.nowSeconds();
    const { movements, alerts } = report;
    for (const { url, alerts: sent, error } of await delivery.deliver(alerts, nowSeconds)) {
      own.alertsSent.inc({ alertmanager: url, outcome: error ? 'failure' : 'success' }, sent);
      if (error === undefined) continue;
      countError('alertmanager');
      log.warn({ alertmanager: url, reason: error.message }, 'alerts could not be sent, trying again');
    }
    try {
      const begun = await journal.note(movements.map(journalEntry), nowSeconds);
      for (const { rule, anomalyId, severity, summary } of begun) {
        own.anomalies.inc({ rule });
        log.info({ rule, anomalyId, severity }, summary);
      }
    } catch (error) {
      countError('journal');
      log.error({ reason: (error as Error).message }, 'journal of anomalies could not be written');
    }
  }

  /** Not awaited by polls: a replica that hangs must not hold them up. */
  function deliverInBackground(): void {
    const done = deliver().finally(() => delivering.delete(done));
    delivering.add(done);
  }

  async function saveSnapshot(watch: RuleWatch): Promise<void> {
    const state = watch.save();
    if (state === undefined) return;
    try {
      await snapshots.save(watch.rule, state);
    } catch (error) {
      countError('snapshot');
      log.error({ rule: watch.rule.name, reason: (error as Error).message }, 'snapshot could not be written');
    }
  }

  /** Once each time that it begins. */
  function warnOfLeftOut({ rule: { name, maxSeries }, leftOut }: RuleWatch): void {
    if (leftOut === 0) leavingOut.delete(name);
    else if (!leavingOut.has(name)) {
      leavingOut.add(name);
      log.warn(
        { rule: name, leftOut, maxSeries },
        'more series than max_series of the rule: some are not watched',
      );
    }
  }

  async function watchRule(watch: RuleWatch): Promise<void> {
    const { name } = watch.rule;
    let savedAt = watch.evaluatedUntilSeconds === undefined ? 0 : clock.nowSeconds();
    await runRule({
      watch,
      clock,
      random: options.random,
      delaySeconds: options.evaluationDelaySeconds,
      signal: stopping.signal,
      async onPoll({ moments, warnings }, durationSeconds) {
        ages.polled(watch);
        own.polls.inc({ rule: name, outcome: 'success' });
        own.pollDuration.observe(durationSeconds);
        if (lastFailure.delete(name)) log.info({ rule: name, moments }, 'polls succeed again');
        if (warnings.length > 0) {
          countError('partial_answer');
          log.warn({ rule: name, warnings: warnings.slice(0, 3) }, 'Prometheus answered in part');
        }
        warnOfLeftOut(watch);
        renewReport();
        deliverInBackground();
        if (clock.nowSeconds() - savedAt < options.snapshotIntervalSeconds) return;
        savedAt = clock.nowSeconds();
        await saveSnapshot(watch);
      },
      onFailure(error, failuresInARow) {
        const kind = error instanceof BackendError ? error.kind : 'internal';
        own.polls.inc({ rule: name, outcome: 'failure' });
        countError(kind);
        lastFailure.set(name, error.message);
        if (kind === 'internal') log.error({ rule: name, failuresInARow, err: error }, 'poll failed');
        else log.warn({ rule: name, failuresInARow, kind, reason: error.message }, 'poll failed');
      },
    });
  }

  async function deliverRegularly(): Promise<void> {
    while (!stopping.signal.aborted) {
      deliverInBackground();
      await clock.sleep(DELIVERY_TICK_SECONDS, stopping.signal);
    }
  }

  async function renewCalendar(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(CALENDAR_SECONDS, stopping.signal);
      await calendar.refresh();
    }
  }

  async function restored(rule: Rule): Promise<RuleWatch> {
    const settings = {
      rule,
      prometheus: options.prometheus,
      timeZone: options.timeZone,
      shard: options.shard,
      calendar,
      onSkipped: (reason: string, samples: number) => own.skipped.inc({ rule: rule.name, reason }, samples),
    };
    const watch = await snapshots.load(rule, (saved) => createRuleWatch({ ...settings, saved }));
    return watch ?? createRuleWatch(settings);
  }

  const readiness = async () =>
    readinessOf(watches, lastFailure, ages.ageSeconds, await options.checkState(), clock.nowSeconds());

  return {
    async start() {
      watches = await Promise.all(rules.map(restored));
      running.push(...watches.map(watchRule), deliverRegularly(), renewCalendar());
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
      await Promise.all(delivering);
      await Promise.all(watches.map(saveSnapshot));
    },
    readiness,
    async metrics() {
      const nowSeconds = clock.nowSeconds();
      setStateGauges(own, {
        watches,
        journal: [...journal.entries.values()],
        verdicts: verdicts.all,
        calendar: calendar.state(nowSeconds),
        ready: (await readiness()).ready,
        nowSeconds,
        ageSeconds: ages.ageSeconds,
      });
      const fresh = freshWatches(watches, ages.ageSeconds, staleAfterSeconds);
      return `${await own.registry.metrics()}\n${exposeSeries(fresh)}${exposeBreaches(fresh)}`;
    },
    services: () => watchedServices(watches, clock.nowSeconds()),
    anomalies() {
      const verdictOn = new Map(verdicts.all.map(({ anomalyId, verdict }) => [anomalyId, verdict]));
      return [...journal.entries.values()]
        .sort((a, b) => b.startsAtSeconds - a.startsAtSeconds)
        .map((entry) => ({ ...entry, verdict: verdictOn.get(entry.anomalyId) }));
    },
    calendar: () => calendar.state(clock.nowSeconds()),
    async judge({ anomaly_id: anomalyId, verdict, note }) {
      const known = journal.entries.get(anomalyId);
      if (known === undefined) return 'unknown-anomaly';
      const givenAtSeconds = Math.round(clock.nowSeconds());
      await verdicts.add({ anomalyId, rule: known.rule, verdict, note, givenAtSeconds });
      return 'stored';
    },
  };
}

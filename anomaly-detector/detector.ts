import type { Logger } from 'pino';
import { createAlertDelivery } from './alerts/alert-delivery.ts';
import type { AlertmanagerClient } from './alerts/alertmanager-client.ts';
import { anomalyAlert, anomalyId, type Links } from './alerts/anomaly-alert.ts';
import { createOwnMetrics, type ErrorKind } from './metrics/own-metrics.ts';
import { exposeSeries } from './metrics/series-exposition.ts';
import { type PrometheusClient, QueryError } from './prometheus/prometheus-client.ts';
import { type Readiness, readinessOf, staleAfterSeconds } from './readiness.ts';
import type { Rule } from './rules/rule.ts';
import type { RuleSnapshots } from './state/rule-snapshots.ts';
import { type Clock, runRule } from './watch/rule-loop.ts';
import { createRuleWatch, type RuleWatch } from './watch/rule-watch.ts';
import type { Shard } from './watch/shard.ts';

export type Detector = {
  /** Loads what was learnt and starts to poll. Resolves as soon as polling has begun. */
  start(): Promise<void>;
  /** Ends polling and writes a last snapshot. */
  stop(): Promise<void>;
  readiness(): Readiness;
  metrics(): Promise<string>;
  anomalies(): unknown;
};

/** How often the delivery looks whether something is due. */
const DELIVERY_TICK_SECONDS = 5;

export function createDetector(options: {
  rules: readonly Rule[];
  prometheus: PrometheusClient;
  replicas: readonly AlertmanagerClient[];
  snapshots: RuleSnapshots;
  links: Links;
  timeZone: string;
  shard: Shard;
  evaluationDelaySeconds: number;
  snapshotIntervalSeconds: number;
  clock: Clock;
  random: () => number;
  log: Logger;
}): Detector {
  const { rules, clock, log, snapshots } = options;
  const own = createOwnMetrics({
    rules: rules.map(({ name }) => name),
    replicas: options.replicas.map(({ url }) => url),
  });
  const stopping = new AbortController();
  const running: Promise<unknown>[] = [];
  const lastFailure = new Map<string, string>();
  let watches: readonly RuleWatch[] = [];

  const delivery = createAlertDelivery({ replicas: options.replicas, alerts: currentAlerts });

  function currentAlerts() {
    return watches.flatMap(({ rule, series }) =>
      [...series.values()].flatMap((one) =>
        [one.episode, one.endedEpisode]
          .filter((episode) => episode !== undefined)
          .map((episode) => anomalyAlert(rule, one, episode, options.links)),
      ),
    );
  }

  function countError(kind: ErrorKind) {
    own.errors.inc({ kind });
  }

  async function deliver() {
    for (const { url, alerts, error } of await delivery.deliver(clock.nowSeconds())) {
      own.alertsSent.inc({ alertmanager: url, outcome: error ? 'failure' : 'success' }, alerts);
      if (error === undefined) continue;
      countError('alertmanager');
      log.warn({ alertmanager: url, reason: error.message }, 'alerts could not be sent, trying again');
    }
  }

  async function saveSnapshot(watch: RuleWatch) {
    const state = watch.save();
    if (state === undefined) return;
    try {
      await snapshots.save(watch.rule, state);
    } catch (error) {
      countError('snapshot');
      log.error({ rule: watch.rule.name, reason: (error as Error).message }, 'snapshot could not be written');
    }
  }

  async function watchRule(watch: RuleWatch): Promise<void> {
    const { rule } = watch;
    let savedAt = clock.nowSeconds();
    await runRule({
      watch,
      clock,
      random: options.random,
      delaySeconds: options.evaluationDelaySeconds,
      signal: stopping.signal,
      async onPoll({ moments, warnings }, durationSeconds) {
        own.polls.inc({ rule: rule.name, outcome: 'success' });
        own.pollDuration.observe(durationSeconds);
        if (lastFailure.delete(rule.name)) log.info({ rule: rule.name, moments }, 'polls succeed again');
        if (warnings.length > 0) {
          countError('partial_answer');
          log.warn({ rule: rule.name, warnings: warnings.slice(0, 3) }, 'Prometheus answered in part');
        }
        await deliver();
        if (clock.nowSeconds() - savedAt < options.snapshotIntervalSeconds) return;
        savedAt = clock.nowSeconds();
        await saveSnapshot(watch);
      },
      onFailure(error, failuresInARow) {
        own.polls.inc({ rule: rule.name, outcome: 'failure' });
        const kind = error instanceof QueryError ? error.kind : 'internal';
        countError(kind);
        lastFailure.set(rule.name, error.message);
        const level = kind === 'internal' ? 'error' : 'warn';
        log[level](
          {
            rule: rule.name,
            kind,
            failuresInARow,
            ...(kind === 'internal' ? { err: error } : { reason: error.message }),
          },
          'poll failed',
        );
      },
    });
  }

  async function deliverRegularly(): Promise<void> {
    while (!stopping.signal.aborted) {
      await deliver();
      await clock.sleep(DELIVERY_TICK_SECONDS, stopping.signal);
    }
  }

  async function restoredWatch(rule: Rule): Promise<RuleWatch> {
    const settings = {
      rule,
      prometheus: options.prometheus,
      timeZone: options.timeZone,
      shard: options.shard,
      onSkipped: (reason: string, samples: number) => own.skipped.inc({ rule: rule.name, reason }, samples),
    };
    const saved = await snapshots.load(rule);
    try {
      return createRuleWatch(saved ? { ...settings, saved } : settings);
    } catch (error) {
      countError('snapshot');
      log.error(
        { rule: rule.name, reason: (error as Error).message },
        'snapshot unusable, history is read anew',
      );
      return createRuleWatch(settings);
    }
  }

  return {
    async start() {
      watches = await Promise.all(rules.map(restoredWatch));
      for (const watch of watches) running.push(watchRule(watch));
      running.push(deliverRegularly());
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
      await Promise.all(watches.map(saveSnapshot));
    },
    readiness: () => readinessOf(watches, lastFailure, clock.nowSeconds()),
    async metrics() {
      const nowSeconds = clock.nowSeconds();
      own.series.reset();
      for (const { rule, series, evaluatedUntilSeconds } of watches) {
        if (evaluatedUntilSeconds !== undefined)
          own.lag.set({ rule: rule.name }, nowSeconds - evaluatedUntilSeconds);
        for (const { latest, episode } of series.values())
          own.series.inc({
            rule: rule.name,
            state: episode?.direction === 'missing' ? 'vanished' : latest.observation.kind,
          });
      }
      own.ready.set(readinessOf(watches, lastFailure, nowSeconds).ready ? 1 : 0);
      return `${await own.registry.metrics()}\n${exposeSeries(watches, nowSeconds, staleAfterSeconds)}`;
    },
    anomalies() {
      return watches.flatMap(({ rule, series }) =>
        [...series.values()].flatMap((one) =>
          [one.episode, one.endedEpisode]
            .filter((episode) => episode !== undefined)
            .map((episode) => ({
              anomaly_id: anomalyId(rule, one.labels, episode.startsAtSeconds),
              ...anomalyAlert(rule, one, episode, options.links),
            })),
        ),
      );
    },
  };
}

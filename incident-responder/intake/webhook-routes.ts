import { bearerTokenCheck } from '@aiops-sre/service-kit/http/bearer-token.ts';
import { type ErrorRequestHandler, json, type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { type Notification, parseAlertmanagerPayload } from './alertmanager-payload.ts';
import type { Intake, Receipt } from './intake.ts';
import { timeProblemOf } from './plausible-times.ts';
import type { WebhookFailureReason, WebhookMetrics } from './webhook-metrics.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export interface WebhookRoutesOptions {
  readonly intake: Intake;
  readonly metrics: WebhookMetrics;
  readonly log: Logger;
  /** Undefined: whoever reaches the port may deliver. */
  readonly webhookToken: string | undefined;
}

/**
 * `POST /alertmanager` and `POST /watchdog`, the same intake under two names. Alertmanager tries again after a 5xx only:
 * what is wrong with the request itself gets a 4xx, a store that fails a 503.
 */
export function webhookRoutes({ intake, metrics, log, webhookToken }: WebhookRoutesOptions): Router {
  const isAuthorized = webhookToken === undefined ? () => true : bearerTokenCheck(webhookToken);

  const refuse = (reason: WebhookFailureReason, detail: string) => {
    metrics.failures.inc({ reason });
    log.warn({ reason, detail }, 'webhook refused');
    return { error: detail };
  };

  const authenticate: RequestHandler = (request, response, next) => {
    if (isAuthorized(request.get('authorization'))) return next();
    // Without `close` a stranger could go on sending a body of any length.
    response.status(401).set({ 'WWW-Authenticate': 'Bearer', Connection: 'close' });
    response.json(refuse('unauthenticated', 'a valid bearer token is required'));
  };

  const requireJson: RequestHandler = (request, response, next) => {
    if (request.is('application/json')) return next();
    response.status(415).set('Connection', 'close');
    response.json(refuse('unsupported', 'content type: expected application/json'));
  };

  const deliver: RequestHandler = async (request, response) => {
    let notification: Notification;
    try {
      notification = parseAlertmanagerPayload(request.body);
    } catch (error) {
      response.status(400).json(refuse('invalid', (error as Error).message));
      return;
    }
    const atMs = Date.now();
    let receipt: Receipt;
    try {
      receipt = await intake.accept(notification, atMs);
    } catch (error) {
      metrics.failures.inc({ reason: 'storage' });
      log.error({ err: error }, 'notification could not be stored; Alertmanager will deliver it again');
      response.status(503).json({ error: 'the notification could not be stored' });
      return;
    }
    if (receipt.outcome === 'replayed') {
      response
        .status(409)
        .json(refuse('replayed', 'this notification was sent before and has been overtaken'));
      return;
    }
    metrics.count(notification, receipt);
    tellProblems(notification, atMs);
    const { receiver, status, alerts } = notification;
    const alertnames = [...new Set(alerts.map((alert) => alert.labels.alertname))].slice(0, 10);
    const level = receipt.outcome === 'stored' ? 'info' : 'debug';
    log[level]({ receiver, status, alertnames, alerts: alerts.length, ...receipt }, 'notification');
    response.json(
      notification.refused.length === 0
        ? receipt
        : { ...receipt, refused: notification.refused.slice(0, 10) },
    );
  };

  function tellProblems({ receiver, alerts, refused }: Notification, atMs: number): void {
    metrics.refusedAlerts.inc(refused.length);
    if (refused.length > 0)
      log.warn({ receiver, alerts: refused.length, problems: refused.slice(0, 10) }, 'alerts left out');
    for (const alert of alerts) {
      const problem = timeProblemOf(alert, atMs);
      if (problem === undefined) continue;
      metrics.implausibleTimes.inc({ problem });
      const { fingerprint, labels } = alert;
      log.warn({ problem, fingerprint, alertname: labels.alertname }, 'times of an alert not believed');
    }
  }

  const refuseUnreadable: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    const status = (error as { status?: number }).status;
    if (response.headersSent || status === undefined || status >= 500) return next(error);
    response.status(status).set('Connection', 'close');
    if (status === 413) response.json(refuse('too-large', `body: expected at most ${MAX_BODY_BYTES} bytes`));
    else if (status === 415) response.json(refuse('unsupported', 'body: expected plain UTF-8 JSON'));
    else response.json(refuse('malformed', 'body: expected JSON'));
  };

  // Not inflated: a compressed body could be a thousand times what it seems.
  const readBody = json({ limit: MAX_BODY_BYTES, inflate: false });
  const router = Router();
  router.post(['/alertmanager', '/watchdog'], authenticate, requireJson, readBody, deliver);
  router.use(refuseUnreadable);
  return router;
}

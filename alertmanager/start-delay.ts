/**
 * How long a started Alertmanager waits before it notifies anybody (`--dispatch.start-delay`): Prometheus sends what fires
 * again once a minute (its `--rules.alert.resend-delay`) with the next evaluation, after 15 s at most for what pages. Without it, an alert that is
 * older than its group's wait is notified at once, before that which holds it back is known again.
 *
 * Its price: a page that comes within this time of a start waits for the rest of it. docker-compose.yml has the same value.
 */
export const DISPATCH_START_DELAY = '80s';

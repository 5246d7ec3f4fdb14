/**
 * Load for the storefront, run by k6: ordinary fast requests, and slow ones: documents, which take identity and fulfillment, and checkouts. It exits
 * with 99 when the storefront missed one of its SLOs meanwhile.
 *
 *   docker compose --profile k6 run --rm k6      npm run -s load      k6 run demo-app/load/storefront.ts
 */
import { check } from 'k6';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import type { Options } from 'k6/options';
import { LATENCY_QUANTILE, THRESHOLDS } from './objectives.ts';
import { arrivals, REQUEST_TIMEOUT_SECONDS, readPlan } from './plan.ts';
import { describeReport, type RunData, reportOf } from './report.ts';

const plan = readPlan(__ENV);

// As the SLO has it: 4xx is the client's fault, and no answer at all is a failure.
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 499 }));

export const options: Options = {
  scenarios: {
    fast: arrivals(plan.fastPerSecond, plan, 'read'),
    slow: arrivals(plan.slowPerSecond, plan, 'order'),
  },
  thresholds: {
    ...THRESHOLDS,
    // Without an expression: only so that k6 keeps the figures of each scenario.
    'http_req_failed{scenario:fast}': [],
    'http_req_failed{scenario:slow}': [],
    'http_req_duration{scenario:fast}': [],
    'http_req_duration{scenario:slow}': [],
  },
  summaryTrendStats: ['count', 'med', LATENCY_QUANTILE, 'max'],
  discardResponseBodies: true,
  maxRedirects: 0,
};

const parameters = (name: string, headers: Record<string, string> = {}) => ({
  timeout: `${REQUEST_TIMEOUT_SECONDS}s`,
  tags: { name },
  headers: { Authorization: 'Bearer demo-load', 'Content-Type': 'application/json', ...headers },
});

const oneTo = (count: number) => 1 + Math.floor(Math.random() * count);

function expectStatus(response: RefinedResponse<ResponseType>, expected: number): void {
  check(response, {
    'the request is one the storefront takes': ({ status }) =>
      status === expected || status === 0 || status >= 500,
  });
}

export function read(): void {
  const [route, path] = [
    ['/api/products', '/api/products'],
    ['/api/users/:id', `/api/users/user-${oneTo(20)}`],
    ['/api/orders/:id', `/api/orders/order-${oneTo(20)}`],
  ][oneTo(3) - 1] as [string, string];
  expectStatus(http.get(`${plan.storefrontUrl}${path}`, parameters(`GET ${route}`)), 200);
}

/** Half of them documents, half checkouts. */
export function order(): void {
  if (Math.random() < 0.5) orderDocument();
  else checkOut();
}

function checkOut(): void {
  const items = [{ productId: `product-${oneTo(1000)}`, quantity: 1 }];
  const body = JSON.stringify({ userId: `user-${oneTo(20)}`, items });
  const key = { 'Idempotency-Key': crypto.randomUUID() };
  const response = http.post(
    `${plan.storefrontUrl}/api/checkouts`,
    body,
    parameters('POST /api/checkouts', key),
  );
  expectStatus(response, 202);
}

function orderDocument(): void {
  const body = JSON.stringify({ kind: 'invoice', pages: oneTo(10) });
  const response = http.post(`${plan.storefrontUrl}/api/documents`, body, parameters('POST /api/documents'));
  expectStatus(response, 201);
}

export function handleSummary(data: RunData): Record<string, string> {
  const report = reportOf(data, plan);
  return { stdout: plan.report === 'json' ? `${JSON.stringify(report)}\n` : describeReport(report) };
}

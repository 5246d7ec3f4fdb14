import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { servedInTrace, TRACE_RESPONSE_HEADER } from '@aiops-sre/conventions/probe.ts';
import { planRequest } from '@aiops-sre/demo-app/traffic/planned-request.ts';
import { visitorToken } from '@aiops-sre/demo-app/traffic/visitors.ts';

/** One request of a visitor, as the visitor saw it. */
interface Visit {
  /** `GET /api/products`. */
  readonly route: string;
  /** 0 without an answer. */
  readonly status: number;
  /** From the moment it was due: what a late sender or a full server adds is in it. */
  readonly ms: number;
  readonly traceId: string | undefined;
}

interface VisitsOptions {
  readonly storefrontUrl: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Visitors of every kind at a constant rate, however slow the answers are; with Node's bare client, which costs the machine least. */
export async function visits(options: VisitsOptions): Promise<readonly Visit[]> {
  const { storefrontUrl, perSecond, seconds, timeoutMs, signal } = options;
  const agent = new Agent({ keepAlive: true });
  const startedAt = performance.now();
  const running: Promise<Visit>[] = [];
  try {
    for (let sent = 0; sent < seconds * perSecond; sent += 1) {
      const dueAt = startedAt + (sent * 1000) / perSecond;
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal });
      running.push(visit(storefrontUrl, agent, timeoutMs, dueAt));
    }
    return await Promise.all(running);
  } finally {
    agent.destroy();
  }
}

function visit(storefrontUrl: string, agent: Agent, timeoutMs: number, dueAt: number): Promise<Visit> {
  const { entry, path, body } = planRequest(Math.random);
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve) => {
    const ended = (status: number, traceId?: string) =>
      resolve({ route: `${entry.method} ${entry.route}`, status, ms: performance.now() - dueAt, traceId });
    const asked = request(
      `${storefrontUrl}${path}`,
      {
        agent,
        method: entry.method,
        timeout: timeoutMs,
        headers: {
          authorization: `Bearer ${visitorToken(Math.random)}`,
          ...(payload && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(payload),
            'idempotency-key': randomUUID(),
          }),
        },
      },
      (answer) => {
        const trace = answer.headers[TRACE_RESPONSE_HEADER];
        answer.resume();
        answer.once('error', () => ended(0));
        answer.once('end', () => ended(answer.statusCode ?? 0, servedInTrace(trace)));
      },
    );
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => ended(0));
    asked.end(payload);
  });
}

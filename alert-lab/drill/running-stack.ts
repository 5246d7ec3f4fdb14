import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { endpoint, type PortName } from '@aiops-sre/service-kit/platform/ports.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { layout } from '@aiops-sre/stack/native/layout.ts';
import { SupervisorClient } from '@aiops-sre/stack/native/supervisor/client.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { readState } from '@aiops-sre/stack/state.ts';
import { z } from 'zod';

const REQUEST_TIMEOUT_MS = 10_000;

const hypothesisSchema = z.object({
  cause: z.string(),
  service: z.string(),
  instance: z.string().nullable(),
  summary: z.string(),
  confidence: z.number(),
});
const incidentSchema = z.object({
  id: z.number(),
  title: z.string(),
  severity: z.string(),
  status: z.enum(['open', 'mitigated', 'resolved']),
  startedAt: z.string(),
  detectedAt: z.string(),
  lastAlertAt: z.string(),
  acknowledgedAt: z.string().nullable(),
  acknowledgedBy: z.string().nullable(),
  services: z.array(z.string()),
  hypotheses: z.array(hypothesisSchema),
});
const runSchema = z.object({
  id: z.number(),
  incidentId: z.number(),
  action: z.string(),
  state: z.string(),
  reason: z.string(),
  command: z.string(),
  confidence: z.number(),
  createdAt: z.string(),
  dueAt: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
const ruleSchema = z.object({
  name: z.string(),
  duration: z.number().optional(),
  keepFiringFor: z.number().optional(),
});
const rulesSchema = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(ruleSchema) })) }),
});
const auditEntrySchema = z.object({
  sequence: z.number(),
  at: z.string(),
  actor: z.string(),
  event: z.string(),
  incidentId: z.number().nullable(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
const verdictSchema = z.object({
  intact: z.boolean(),
  entries: z.number().optional(),
  problem: z.string().optional(),
});
const alertSchema = z.object({
  status: z.string(),
  labels: z.record(z.string(), z.string()),
  startsAt: z.string(),
});

const notificationsSchema = z.object({
  notifications: z.array(
    z.object({ id: z.number(), receivedAt: z.string(), receiver: z.string(), alerts: z.array(alertSchema) }),
  ),
  next: z.number().nullable(),
});

const flagDocumentSchema = z.object({
  flags: z.record(
    z.string(),
    z.object({ defaultVariant: z.string(), variants: z.record(z.string(), z.unknown()) }),
  ),
});

export type IncidentView = z.infer<typeof incidentSchema>;
export type ActionRunView = z.infer<typeof runSchema>;
export type AuditEntryView = z.infer<typeof auditEntrySchema>;

/** The stack that runs, as a drill sees it: over HTTP, and through the supervisor where it breaks something. */
export function runningStack(root: string, environment: NodeJS.ProcessEnv) {
  const settings = readSettings(root, environment);
  const paths = layout(settings);
  const isCompose = readState(paths.stateFile)?.engine === 'compose';
  const flagsFile = isCompose ? join(root, 'demo-app', 'flags', 'demo.flagd.json') : paths.flagsFile;
  const url = (name: PortName, path = '') => `${endpoint(settings, name)}${path}`;
  const secret = (name: string, variable: string) =>
    isCompose ? (environment[variable] ?? '') : readFileSync(join(paths.secretsDir, name), 'utf8').trim();
  const adminToken = () => secret('admin-token', 'ADMIN_TOKEN');
  const operatorToken = () => secret('operator-token', 'OPERATOR_TOKEN');

  async function request(name: PortName, path: string, init: RequestInit = {}): Promise<unknown> {
    const response = await fetch(url(name, path), {
      ...init,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`${url(name, path)}: HTTP ${response.status}`);
    return await response.json();
  }
  const responder = (path: string) => request('incidentResponder', path);
  const readFlags = () =>
    Object.entries(flagDocumentSchema.parse(JSON.parse(readFileSync(flagsFile, 'utf8'))).flags);

  const prometheus = createPrometheusClient({ url: url('prometheus'), timeoutMs: REQUEST_TIMEOUT_MS });

  return {
    url,
    /** Where the stack keeps what is its own. */
    dataDir: settings.dataDir,
    /** When `npm start` started it. */
    startedAt: () => readState(paths.stateFile)?.startedAt,
    prometheus,
    operatorToken,
    /** With which a push over OTLP is believed. */
    otlpKey: () => secret('otlp-key', 'OTLP_KEY'),
    supervisor: new SupervisorClient(paths.socketPath),

    /** @throws Error saying what is not there */
    async requireRunning(): Promise<void> {
      try {
        await responder('/api/incidents?limit=1');
        await prometheus.targets();
      } catch (cause) {
        throw new Error('Drills play on the running stack: npm start', { cause });
      }
    },

    /** Makes a variant of a flag the default. @returns the one before */
    setFlag(flag: string, variant: string): string {
      const document = JSON.parse(readFileSync(flagsFile, 'utf8'));
      const before = document.flags[flag].defaultVariant as string;
      document.flags[flag].defaultVariant = variant;
      writeFileSync(flagsFile, `${JSON.stringify(document, undefined, 2)}\n`);
      return before;
    },
    flag: (flag: string): string => JSON.parse(readFileSync(flagsFile, 'utf8')).flags[flag].defaultVariant,
    /** The variant of each flag. */
    flags: (): ReadonlyMap<string, string> =>
      new Map(readFlags().map(([flag, { defaultVariant }]) => [flag, defaultVariant])),
    /** What each flag can be. */
    flagVariants: (): ReadonlyMap<string, readonly string[]> =>
      new Map(readFlags().map(([flag, { variants }]) => [flag, Object.keys(variants)])),

    async setFaults(name: PortName, faults: object): Promise<void> {
      await request(name, '/admin/faults', {
        method: 'PUT',
        headers: { authorization: `Bearer ${adminToken()}`, 'content-type': 'application/json' },
        body: JSON.stringify(faults),
      });
    },
    async clearFaults(name: PortName): Promise<void> {
      await request(name, '/admin/faults', {
        method: 'DELETE',
        headers: { authorization: `Bearer ${adminToken()}` },
      });
    },

    /** How patient an alert is, seconds: how long its condition has to last, and how long it fires on afterwards. */
    async alertRule(name: string): Promise<{ forSeconds: number; keepFiringSeconds: number }> {
      const { data } = rulesSchema.parse(await request('prometheus', '/api/v1/rules?type=alert'));
      const rule = data.groups.flatMap(({ rules }) => rules).find((each) => each.name === name);
      if (rule === undefined) throw new Error(`Prometheus has no alert ${name}`);
      return { forSeconds: rule.duration ?? 0, keepFiringSeconds: rule.keepFiringFor ?? 0 };
    },

    /** As the operator whose token the stack made. */
    async approve(runId: number, note: string): Promise<void> {
      await request('incidentResponder', `/api/actions/${runId}/approve`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${operatorToken()}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ note }),
      });
    },

    /** As the operator. */
    async acknowledge(incidentId: number): Promise<void> {
      await request('incidentResponder', `/api/incidents/${incidentId}/acknowledge`, {
        method: 'POST',
        headers: { authorization: `Bearer ${operatorToken()}` },
      });
    },

    /** Says, as a drill that knows, whether a probable root or an action was right. */
    async judge(what: 'incidents' | 'actions', id: number, verdict: 'right' | 'wrong'): Promise<void> {
      await request('incidentResponder', `/api/${what}/${id}/verdict`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${operatorToken()}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ verdict, source: 'drill' }),
      });
    },

    /** Newest first. */
    incidents: async () =>
      z.object({ incidents: z.array(incidentSchema) }).parse(await responder('/api/incidents')).incidents,
    incident: async (id: number) =>
      z
        .object({ incident: incidentSchema.extend({ alerts: z.array(alertSchema) }) })
        .parse(await responder(`/api/incidents/${id}`)).incident,
    /** How the shop logs in at its database. */
    database: () => ({
      host: '127.0.0.1',
      port: settings.ports.postgres,
      user: 'shop',
      database: 'shop',
      password: secret('database-password', 'DATABASE_PASSWORD'),
    }),

    /** Runs a command of this checkout on this stack. @returns what it printed, once it has ended */
    async run(script: string, args: readonly string[]): Promise<{ exitCode: number | null; output: string }> {
      const child = spawn(process.execPath, [join(root, script), ...args], {
        cwd: root,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const output = [text(child.stdout), text(child.stderr)];
      const [exitCode] = (await once(child, 'close')) as [number | null];
      return { exitCode, output: (await Promise.all(output)).join('').trim() };
    },

    /** What Alertmanager sent, newest first. */
    async notifications(sinceMs: number) {
      const all: z.infer<typeof notificationsSchema>['notifications'] = [];
      for (let before = ''; ; ) {
        const { notifications, next } = notificationsSchema.parse(
          await responder(`/api/notifications?since=${Math.floor(sinceMs)}&limit=200${before}`),
        );
        all.push(...notifications);
        if (next === null) return all;
        before = `&before=${next}`;
      }
    },
    /** Newest first. */
    actionRuns: async (incidentId: number) =>
      z.object({ actions: z.array(runSchema) }).parse(await responder(`/api/actions?incident=${incidentId}`))
        .actions,
    /** Oldest first. */
    auditEntries: async (incidentId: number) =>
      z
        .object({ entries: z.array(auditEntrySchema) })
        .parse(await responder(`/api/audit?incident=${incidentId}&limit=200`))
        .entries.reverse(),
    auditVerdict: async () => verdictSchema.parse(await responder('/api/audit/verify')),
    async postmortem(incidentId: number): Promise<string | undefined> {
      const response = await fetch(url('incidentResponder', `/api/incidents/${incidentId}/postmortem`), {
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      return response.ok ? await response.text() : undefined;
    },
  };
}

export type RunningStack = ReturnType<typeof runningStack>;

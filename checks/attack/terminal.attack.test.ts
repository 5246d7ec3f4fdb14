import { randomBytes } from 'node:crypto';
import { execa } from 'execa';
import { beforeAll, expect } from 'vitest';
import { eventually, ROOT, stackUnderTest } from '../testing/stack-under-test.ts';
import { attack } from './testing/attack.ts';

const stack = stackUnderTest();

/** Sets the window's title, clears the screen in two ways, turns the direction of writing, and begins a line of its own. */
const HOSTILE = 'evil\u001b]0;owned\u0007\u001b[2J\u009b2J\u202e\rAll is well\nAll is well';
const SERVICE = 'hostile-sender';
/** What does more than write, line ends apart. */
const ACTIVE = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u;

const asOtlp = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
const resource = { attributes: asOtlp({ 'service.name': SERVICE }) };
const nowNano = () => `${Date.now()}000000`;

async function pushSpans(): Promise<void> {
  const spans = Array.from({ length: 40 }, (_, index) => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: `GET /${HOSTILE}`,
    kind: 2,
    startTimeUnixNano: nowNano(),
    endTimeUnixNano: nowNano(),
    ...(index % 2 === 0 && { status: { code: 2 } }),
    attributes: asOtlp({ 'http.route': '/evil', ...(index % 2 === 0 && { tenant: HOSTILE }) }),
  }));
  await stack.http.post(stack.url('otlpHttp', '/v1/traces'), {
    resourceSpans: [{ resource, scopeSpans: [{ spans }] }],
  });
}

async function pushLines(): Promise<void> {
  const logRecords = Array.from({ length: 200 }, (_, index) => ({
    timeUnixNano: nowNano(),
    severityText: 'ERROR',
    body: { stringValue: `payment ${index} failed ${HOSTILE}` },
  }));
  await stack.http.post(stack.url('otlpHttp', '/v1/logs'), {
    resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }],
  });
}

beforeAll(async () => {
  await Promise.all([
    pushSpans(),
    pushLines(),
    stack.alertmanager.post([
      {
        labels: { alertname: 'Hostile', severity: 'page', service: `payments${HOSTILE}`, slo: 'none' },
        annotations: { summary: HOSTILE, description: HOSTILE },
      },
    ]),
    stack.alertmanager.silence({
      matchers: { alertname: 'Quiet' },
      startsAtMs: Date.now(),
      endsAtMs: Date.now() + 600_000,
      createdBy: HOSTILE,
      comment: HOSTILE,
    }),
  ]);
});

/** What a command wrote to the terminal, once `shown` is in it. */
function written(command: string, args: readonly string[], shown: RegExp): Promise<string> {
  return eventually(`"${shown.source}" in what npm run ${command} says`, 150_000, async () => {
    const { all } = await execa('npm', ['run', '--silent', command, '--', ...args], {
      cwd: ROOT,
      env: stack.environment,
      all: true,
      reject: false,
      timeout: 60_000,
    });
    return shown.test(all) && all;
  });
}

const COMMANDS: readonly [string, readonly string[], RegExp][] = [
  ['diagnose', ['--service', SERVICE, '--since', '30m'], /␛\]0;owned/],
  ['diagnose', ['--service', SERVICE, '--since', '30m', '--json'], /owned/],
  ['logs', ['templates', '--service', SERVICE, '--minutes', '10'], /failed evil/],
  ['alerts', ['explain', 'alertname=Quiet', 'severity=page', `service=${HOSTILE}`], /SILENCED .*␛\]0;owned/],
  ['diagnose', ['--alert', 'Hostile'], /ok +evil␛\]0;owned/],
  ['status', [], /␛\]0;owned/],
];
for (const [command, args, shown] of COMMANDS)
  attack(
    'escape sequences',
    `in telemetry, alerts and silences: npm run ${command} ${args.filter((each) => each !== HOSTILE && !each.includes(HOSTILE)).join(' ')}`,
    async () => {
      const text = await written(command, args, shown);
      expect(text).not.toMatch(ACTIVE);
      expect(text.split('\n')).not.toContainEqual(expect.stringMatching(/^All is well/));
      return 'they stand there as ␛ and do nothing';
    },
    240_000,
  );

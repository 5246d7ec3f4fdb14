import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { RunningStack } from '../../drill/running-stack.ts';
import type { Mission } from '../read-missions.ts';
import { actOf, type Step } from '../step.ts';

const INCIDENT = 7;
export const OPERATOR_TOKEN = 'an-operator-token-for-tests';
export const PROCESSES = [
  'otel-collector',
  'checkout',
  'payments',
  'postgres',
  'storefront',
  'identity',
  'fulfillment-1',
  'fulfillment-2',
  'fulfillment-3',
  'fulfillment-4',
];

/** The first is the one of before. */
const VARIANTS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'experimental-identity-provider': ['off', 'on'],
  'accounts-one-by-one': ['off', 'on'],
  'shed-load': ['none', 'half'],
  'traffic-rate-factor': ['normal', 'third', 'none'],
};

/**
 * For tests: a stack on which a mission's fault hurts from its first deed on until all that its expert does has been done,
 * one alert tells of it, and `act` is somebody with another tool.
 */
export function madeStack(mission: Mission, { isTakenOn = false, dataDir = '' } = {}) {
  const needed = new Set(mission.expert.flatMap((step: Step) => actOf(step) ?? []));
  const done: string[] = [];
  const flags = new Map(Object.entries(VARIANTS).map(([flag, [first]]) => [flag, first]));
  const starts = new Map(PROCESSES.map((name) => [name, 1]));
  let beganMs: number | undefined;
  let acknowledgedAt: string | null = isTakenOn ? new Date().toISOString() : null;
  let isAnswering = true;
  let startedAt = 'today';
  let isSupervised = true;
  const begin = () => {
    beganMs ??= Date.now();
  };
  const act = (what: string) => {
    if (beganMs === undefined) return;
    done.push(what);
    needed.delete(what);
  };
  const hurts = () => beganMs !== undefined && needed.size > 0;
  const answer = () => {
    if (!isAnswering) throw new Error('ECONNREFUSED');
  };
  const { expect } = mission.fault;
  const labels = expect.alerts[0] ?? {};
  const hypothesis = {
    cause: mission.fault.truth.cause[0]!,
    service: mission.fault.truth.service[0]!,
    instance: mission.fault.truth.instance ?? null,
    summary: '',
    confidence: 0.9,
  };
  const stack = {
    dataDir,
    operatorToken: () => OPERATOR_TOKEN,
    requireRunning: async () => {},
    url: (_name: string, path: string) => `http://stack${path}`,
    supervisor: {
      async processes() {
        if (!isSupervised) return undefined;
        return [...starts].map(([name, startedAtMs]) => ({ name, startedAtMs, pid: undefined }));
      },
      async act(name: string, action: string) {
        if (action === 'stop') begin();
        else {
          starts.set(name, (starts.get(name) ?? 0) + 1);
          act(`restart ${name}`);
        }
      },
    },
    startedAt: () => startedAt,
    flags: () => new Map(flags),
    flagVariants: () => new Map(Object.entries(VARIANTS)),
    flag: (flag: string) => flags.get(flag),
    setFlag(flag: string, variant: string) {
      const before = flags.get(flag)!;
      flags.set(flag, variant);
      if (mission.fault.begin.some(({ setFlags }) => setFlags?.[flag] === variant)) begin();
      else act(`flag ${flag} ${variant}`);
      return before;
    },
    setFaults: async () => begin(),
    clearFaults: async () => void done.push('cleared'),
    prometheus: {
      async query() {
        return [{ labels: { slo: 'availability' }, value: beganMs === undefined ? 0.9 : 0.895 }];
      },
      async value(query: string) {
        answer();
        if (query.includes(METRICS.anomalyActive)) return 0;
        const { operator, number } = mission.healed.is;
        if (!hurts()) return operator.startsWith('<') ? number - 1 : number;
        return operator === 'present' ? undefined : number + (operator.startsWith('<') ? 1 : -1);
      },
    },
    async incidents() {
      answer();
      return beganMs === undefined ? [] : [{ id: INCIDENT }];
    },
    incident: async () => ({
      title: 'Something hurts',
      severity: 'SEV2',
      acknowledgedAt,
      acknowledgedBy: acknowledgedAt && 'responder',
      hypotheses: [hypothesis],
      alerts: [
        {
          labels: { alertname: 'ErrorBudgetBurn', ...labels },
          startsAt: new Date(beganMs! + 1).toISOString(),
        },
      ],
    }),
    acknowledge: async () => {
      acknowledgedAt = new Date().toISOString();
    },
    actionRuns: async () => [],
    auditEntries: async () => [],
  };
  return {
    stack: stack as unknown as RunningStack,
    done,
    flags,
    restart: (name: string) => void stack.supervisor.act(name, 'restart'),
    isHurt: hurts,
    goAway: () => {
      isAnswering = false;
    },
    stop: () => {
      isSupervised = false;
    },
    /** As `npm stop` and `npm start` do. */
    startAgain: () => {
      startedAt = 'later';
      for (const name of PROCESSES) starts.set(name, 100);
    },
  };
}

/** As it is flown on a made stack: what waits in it waits for minutes, and no process there could hang. */
export function madeMission(mission: Mission): Mission {
  const last = mission.fault.begin.at(-1)!;
  return {
    ...mission,
    fault: { ...mission.fault, begin: [last.pause ? { after: 0, stop: last.pause } : last] },
  };
}

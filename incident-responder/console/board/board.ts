import type { Labels } from '@aiops-sre/service-kit/prometheus/samples.ts';

/** Equally spaced values of a past, the newest last; null where there is none. */
export type Past = readonly (number | null)[];

export interface BoardSlo {
  readonly name: string;
  readonly service: string;
  /** As `STATE` of the queries has it. */
  readonly state: number;
  /** Shares, 0..1; null where nothing is recorded yet. */
  readonly objective: number | null;
  readonly budgetLeft: number | null;
  /** 1 spends exactly the budget over the period. */
  readonly burnRate: number | null;
  /** Until the budget is spent at the rate of the last hours; null where that is not in sight. */
  readonly exhaustionSeconds: number | null;
  /** Budget left over the last {@link BUDGET_PAST_DAYS} days. */
  readonly budgetPast: Past;
}
export const BUDGET_PAST_DAYS = 30;

export interface BoardService {
  readonly name: string;
  /** Requests a second, the share of them that failed and seconds in which 95 % were answered: the last hour. */
  readonly rate: Past;
  readonly failed: Past;
  readonly p95: Past;
  /** The worst of its SLOs; null without one. */
  readonly state: number | null;
  readonly anomalies: number;
}

export interface BoardAnomaly {
  readonly rule: string;
  readonly service: string;
  /** What tells the series from others of its rule, as labels of the detector's gauges. */
  readonly labels: Labels;
  /** The last hour; each as long as the others. */
  readonly value: Past;
  readonly expected: Past;
  readonly lower: Past;
  readonly upper: Past;
}

export interface BoardCall {
  readonly client: string;
  readonly server: string;
  readonly rate: number;
  readonly failedShare: number;
}

/** What the platform knows of itself and of the services, as of a moment. */
export interface Board {
  /** null: nothing was read yet. */
  readonly atMs: number | null;
  readonly slos: readonly BoardSlo[];
  /** The worst off first. */
  readonly services: readonly BoardService[];
  readonly anomalies: readonly BoardAnomaly[];
  readonly calls: readonly BoardCall[];
  readonly targets: { readonly all: number; readonly down: readonly string[] };
  /** Components that answer and are not ready. */
  readonly notReady: readonly string[];
  /** Whether there is a Grafana to lead to. */
  readonly grafana: boolean;
  /** What could not be asked, a sentence each. */
  readonly missing: readonly string[];
}

export const EMPTY_BOARD: Board = {
  atMs: null,
  slos: [],
  services: [],
  anomalies: [],
  calls: [],
  targets: { all: 0, down: [] },
  notReady: [],
  grafana: false,
  missing: [],
};

export const latestOf = (past: Past): number | null => past.findLast((value) => value !== null) ?? null;

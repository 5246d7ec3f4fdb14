import type { ServiceDeviations } from './service-deviations.ts';

/** A change somebody made. Times in milliseconds since the epoch. */
export interface Change {
  readonly kind: 'flag' | 'deploy';
  /** undefined where a flag does not say whom it touches. */
  readonly service: string | undefined;
  /** Key of the flag; revision of the deploy. */
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  /** Of a flag: whether a targeting rule decides, so that some evaluations may see nothing of the change. */
  readonly byTargeting?: boolean | undefined;
  readonly atMs: number;
}

export interface ServiceHealth {
  readonly service: string;
  /** 0..1: share of its instances that answered Prometheus, when it was lowest since the onset for half a minute. */
  readonly upRatio: number;
}

/** How an instance answered when it was worst since the onset for half a minute. */
export interface InstanceHealth {
  readonly service: string;
  readonly instance: string;
  /** 0..1 */
  readonly failedRatio: number;
  /** The same of each of the three hours before, in the middle one: how the instance is as a rule. 0 of hours unknown. */
  readonly usualFailedRatio: number;
}

export interface AnomalyReading {
  readonly rule: string;
  readonly service: string;
  readonly instance: string | undefined;
  /** 0..1, alarm at 0.5. */
  readonly score: number;
}

/** What is known beside the alerts. Parts that could not be had are empty, and `missing` says why: `PART: REASON`. */
export interface Evidence {
  readonly changes: readonly Change[];
  readonly services: readonly ServiceHealth[];
  /** Each service against itself before the incident. */
  readonly deviations: readonly ServiceDeviations[];
  readonly instances: readonly InstanceHealth[];
  readonly anomalies: readonly AnomalyReading[];
  readonly missing: readonly string[];
}

export const NO_EVIDENCE: Evidence = {
  changes: [],
  services: [],
  deviations: [],
  instances: [],
  anomalies: [],
  missing: [],
};

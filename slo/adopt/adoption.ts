import type { Backtest } from '../backtest/backtest.ts';
import type { AdoptionSource } from './adoption-source.ts';

/** What of a service's telemetry could be its SLOs, from as much data as there is. */
export interface Proposal {
  /** `service.name`, as its telemetry has it. */
  readonly service: string;
  /** Label `service` of rules and alerts: the same, where that is a DNS label. */
  readonly serviceLabel: string;
  /** OpenSLO documents that validate. */
  readonly yaml: string;
  readonly slos: readonly ProposedSlo[];
  /** What was looked at and could not be used, and why. */
  readonly leftOut: readonly string[];
}

export interface ProposedSlo {
  readonly name: string;
  /** Share of good events, as decimal text. */
  readonly objective: string;
  /** What counts, and from which data the objective was chosen, in words. */
  readonly description: string;
  /** Why it is to be looked at again, in words; empty where the past of a week and more stands behind it. */
  readonly provisional: readonly string[];
  readonly events: number;
  readonly dataSeconds: number;
  /** What its alerts would have done over the data there is. */
  readonly backtest: Backtest;
}

export interface ProposeOptions {
  readonly service: string;
  readonly prometheus: AdoptionSource;
  readonly nowSeconds: number;
  /** Alerts reach nobody. */
  readonly burnIn: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface AdoptOptions {
  readonly proposal: Proposal;
  /** The home folder. */
  readonly home: string;
  readonly prometheus: AdoptionSource;
  /** Has the running platform take the home folder in. */
  readonly apply: () => Promise<void>;
  /** Of waiting until rules are evaluated. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Adoption {
  /** Written, in the home folder. */
  readonly file: string;
  readonly slos: readonly string[];
}

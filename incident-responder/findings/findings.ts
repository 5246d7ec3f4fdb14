import type { AffectedUsers } from '@aiops-sre/investigation/affected-users.ts';
import type { FirstError } from '@aiops-sre/investigation/traces/first-errors.ts';
import type { WaterfallLine } from '@aiops-sre/investigation/traces/waterfall.ts';

/** An attribute that is more common among the failing, or the slow, than among the rest. */
interface InCommon {
  /** Whose spans have it. */
  readonly service: string;
  readonly attribute: string;
  readonly value: string;
  /** 0..1 */
  readonly shareOfBad: number;
  readonly shareOfRest: number;
}

/** Where requests spend their time: of the sum of their durations, 0..1. */
interface TimeSpent {
  readonly place: string;
  readonly service: string;
  readonly share: number;
}

/** What traces say of the failing, or of the slow, requests of a service. */
export interface RequestFinding {
  /** Of all in the time, where a metric counted them. */
  readonly counted: { readonly bad: number; readonly all: number } | null;
  /** Traces that were compared. */
  readonly compared: number;
  readonly inCommon: readonly InCommon[];
  readonly firstErrors: readonly FirstError[];
  readonly timeSpent: readonly TimeSpent[];
  /** Loops and retries, a sentence each. */
  readonly patterns: readonly string[];
  readonly example: { readonly traceId: string; readonly lines: readonly WaterfallLine[] } | null;
}

/** A log template that is new or has risen since. */
export interface TemplateFinding {
  readonly service: string;
  readonly level: string;
  readonly template: string;
  readonly change: 'new' | 'rising';
  readonly lines: number;
  readonly before: number;
  /** Of one of its lines. */
  readonly traceId: string | null;
}

/** What traces and logs say of an incident, beside the metrics that it is ranked by. Times in milliseconds since the epoch. */
export interface Findings {
  readonly atMs: number;
  /** Whose requests were compared: of the service whose alert came first. */
  readonly service: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** null where none was. */
  readonly failing: RequestFinding | null;
  readonly slow: RequestFinding | null;
  /** Who was given a failed or slow answer in it; undefined where no request says whose it is. */
  readonly users?: AffectedUsers;
  readonly templates: readonly TemplateFinding[];
  /** Sources that could not be asked: `SOURCE: REASON`. */
  readonly missing: readonly string[];
}

/** Fewer traces are no group. */
const FEW_TRACES = 10;

/** What may be concluded from; undefined where too few traces were compared. */
export const enough = (finding: RequestFinding | null): RequestFinding | undefined =>
  finding !== null && finding.compared >= FEW_TRACES ? finding : undefined;

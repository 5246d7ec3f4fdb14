import type { Episode } from './episodes.ts';
import type { LabSeverity } from './significance.ts';

/** What one severity's alerts did about one incident. */
export interface Outcome {
  readonly scenario: string;
  readonly severity: LabSeverity;
  readonly isSignificant: boolean;
  /** Time of the last good evaluation before it and of its last bad one. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly episodes: readonly Episode[];
  /** When the exact step response would have fired, in seconds after the start; undefined where the shape is no step. */
  readonly tableDetectionSeconds: number | undefined;
}

export interface Spread {
  readonly median: number;
  readonly maximum: number;
}

export interface Quality {
  readonly significant: number;
  readonly insignificant: number;
  readonly episodes: number;
  /** Share of episodes that belong to a significant incident; 1 without any episode. */
  readonly precision: number;
  /** Share of significant incidents that fired; 1 without any. */
  readonly recall: number;
  /** Significant incidents that never fired: left out of the times below. */
  readonly unfired: number;
  readonly detectionSeconds: Spread | undefined;
  /** After the end of the incident; an alert that ends before it counts as 0. */
  readonly resetSeconds: Spread | undefined;
  /** Detection less that of the exact step response, in seconds; negative is earlier. */
  readonly againstTable: { readonly earliestSeconds: number; readonly latestSeconds: number } | undefined;
}

export function qualityOf(outcomes: readonly Outcome[]): Quality {
  const significant = outcomes.filter((outcome) => outcome.isSignificant);
  const fired = significant.filter(({ episodes }) => episodes.length > 0);
  const count = (from: readonly Outcome[]) => from.reduce((sum, { episodes }) => sum + episodes.length, 0);
  const episodes = count(outcomes);
  const deviations = fired.flatMap(({ tableDetectionSeconds, startSeconds, episodes: [first] }) =>
    tableDetectionSeconds === undefined ? [] : [first!.startSeconds - startSeconds - tableDetectionSeconds],
  );
  return {
    significant: significant.length,
    insignificant: outcomes.length - significant.length,
    episodes,
    precision: episodes === 0 ? 1 : count(significant) / episodes,
    recall: significant.length === 0 ? 1 : fired.length / significant.length,
    unfired: significant.length - fired.length,
    detectionSeconds: spread(
      fired.map(({ startSeconds, episodes: [first] }) => first!.startSeconds - startSeconds),
    ),
    resetSeconds: spread(
      fired.map(({ endSeconds, episodes: all }) => Math.max(0, all.at(-1)!.endSeconds - endSeconds)),
    ),
    againstTable:
      deviations.length > 0
        ? { earliestSeconds: Math.min(...deviations), latestSeconds: Math.max(...deviations) }
        : undefined,
  };
}

/** Median of the sorted values (the lower one of an even number) and their maximum. */
function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor((sorted.length - 1) / 2)]!, maximum: sorted.at(-1)! };
}

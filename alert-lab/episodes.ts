/** A time during which an alert fires without a pause. */
export interface Episode {
  /** First firing evaluation. */
  readonly startSeconds: number;
  /** First evaluation that does not fire any more. */
  readonly endSeconds: number;
}

/** Episodes of the evaluations at which an alert fired, in order, `stepSeconds` apart where one follows another. */
export function episodesOf(firingSeconds: readonly number[], stepSeconds: number): Episode[] {
  const episodes: { startSeconds: number; endSeconds: number }[] = [];
  for (const seconds of firingSeconds) {
    const last = episodes.at(-1);
    if (last && seconds <= last.endSeconds) last.endSeconds = seconds + stepSeconds;
    else episodes.push({ startSeconds: seconds, endSeconds: seconds + stepSeconds });
  }
  return episodes;
}

import { z } from 'zod';

/** What a person says about an anomaly: worth knowing, or noise. */
const VERDICTS = ['useful', 'noise'] as const;

/** Identity of an anomaly as in its alert's annotation `anomaly_id` and in GET /anomalies. */
export const anomalyId = z.string().regex(/^[0-9a-f]{16}$/, 'expected an anomaly_id of 16 hex digits');

/** Body of POST /verdicts. */
export const verdictBody = z.strictObject({
  anomaly_id: anomalyId,
  verdict: z.enum(VERDICTS, { error: `expected ${VERDICTS.join(' or ')}` }),
  note: z.string().max(500).optional(),
});

export type VerdictBody = z.output<typeof verdictBody>;

/** A line of the verdict file. */
export const storedVerdict = z.object({
  anomalyId,
  rule: z.string(),
  verdict: z.enum(VERDICTS),
  note: z.string().optional(),
  /** Unix seconds. */
  givenAtSeconds: z.number(),
});
export type StoredVerdict = z.output<typeof storedVerdict>;

/**
 * Share of useful ones among verdicts given since `sinceSeconds`, 0..1, by rule. Of several verdicts on one anomaly the
 * last counts. A rule without any verdict is absent: no verdict is not precision 0.
 */
export function precisionByRule(
  verdicts: readonly StoredVerdict[],
  sinceSeconds: number,
): ReadonlyMap<string, { readonly precision: number; readonly verdicts: number }> {
  const last = new Map(verdicts.map((verdict) => [verdict.anomalyId, verdict]));
  const tally = new Map<string, { useful: number; all: number }>();
  for (const { rule, verdict, givenAtSeconds } of last.values()) {
    if (givenAtSeconds < sinceSeconds) continue;
    const count = tally.get(rule) ?? { useful: 0, all: 0 };
    tally.set(rule, { useful: count.useful + (verdict === 'useful' ? 1 : 0), all: count.all + 1 });
  }
  return new Map(
    [...tally].map(([rule, { useful, all }]) => [rule, { precision: useful / all, verdicts: all }]),
  );
}

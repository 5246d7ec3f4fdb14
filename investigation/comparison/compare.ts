import { fisherExact } from './fisher-exact.ts';

/** One event, such as a request, with the facts that hold for it. */
export interface Observation {
  readonly facts: ReadonlySet<string>;
  /** For how many events it stands. */
  readonly weight: number;
}

/** Numbers of events with and without a fact, where every event was counted. */
export interface ExactCount {
  readonly bad: number;
  readonly rest: number;
}

/** A fact that is more common among the bad than among the rest. */
export interface Difference {
  readonly fact: string;
  /** Further facts that hold for just the same events: which of them is the reason, no comparison can tell. */
  readonly sameEvents: readonly string[];
  /** Share of the bad and of the rest for which it holds, 0..1. */
  readonly shareOfBad: number;
  readonly shareOfRest: number;
  /** How many times as common; Infinity where the rest has none. */
  readonly lift: number;
  /** Probability of this or more by chance, times the number of facts compared (Bonferroni); at most 1. */
  readonly pValue: number;
  /** Whether all events were counted, or sampled ones weighted. */
  readonly counted: boolean;
}

export interface Comparison {
  readonly bad: readonly Observation[];
  readonly rest: readonly Observation[];
  /** True counts of some facts, and of all events; they take the place of the sample's. */
  readonly exact?: {
    readonly total: ExactCount;
    readonly facts: ReadonlyMap<string, ExactCount>;
  };
  /** Order of facts that hold for the same events: the one to name first has the lowest. */
  readonly rank: (fact: string) => number;
}

/** Beyond chance, and large enough to matter to whoever looks for a reason. */
const SIGNIFICANT = { pValue: 0.01, difference: 0.1 } as const;

/**
 * Facts that stand out among the bad events, those with the largest difference of shares first: what the core analysis
 * loop looks for. Sampled events count by their weight; for the test, a weighted group counts as Kish's effective size.
 * @see Majors, Fong-Jones, Miranda, "Observability Engineering" (2022), chapter 8
 * @see Kish, "Survey Sampling" (1965), 11.7
 */
export function differences({ bad, rest, exact, rank }: Comparison): readonly Difference[] {
  const facts = new Set([...bad.flatMap((each) => [...each.facts]), ...(exact?.facts.keys() ?? [])]);
  const badGroup = group(bad);
  const restGroup = group(rest);
  const found: (Difference & { readonly signature: string })[] = [];
  for (const fact of facts) {
    const known = exact?.facts.get(fact);
    const total = exact?.total;
    const counted = known !== undefined && total !== undefined;
    const a = counted ? { share: ratio(known.bad, total.bad), size: total.bad } : badGroup.shareOf(fact);
    const b = counted ? { share: ratio(known.rest, total.rest), size: total.rest } : restGroup.shareOf(fact);
    if (a.size === 0 || b.size === 0 || a.share - b.share < SIGNIFICANT.difference) continue;
    const hits = (of: { share: number; size: number }) => Math.round(of.share * Math.round(of.size));
    const chance = fisherExact(hits(a), Math.round(a.size), hits(b), Math.round(b.size));
    const pValue = Math.min(1, chance * facts.size);
    if (pValue >= SIGNIFICANT.pValue) continue;
    found.push({
      fact,
      sameEvents: [],
      shareOfBad: a.share,
      shareOfRest: b.share,
      lift: b.share === 0 ? Infinity : a.share / b.share,
      pValue,
      counted,
      signature: `${badGroup.members(fact)}|${restGroup.members(fact)}`,
    });
  }
  return [...Map.groupBy(found, ({ signature }) => signature).values()]
    .map((same) => {
      const [{ signature: _, ...first }, ...others] = same.toSorted(
        (x, y) => rank(x.fact) - rank(y.fact),
      ) as [(typeof same)[number], ...typeof same];
      return { ...first, sameEvents: others.map(({ fact }) => fact) };
    })
    .toSorted(
      (x, y) => y.shareOfBad - y.shareOfRest - (x.shareOfBad - x.shareOfRest) || rank(x.fact) - rank(y.fact),
    );
}

const ratio = (part: number, whole: number) => (whole > 0 ? Math.min(1, part / whole) : 0);

function group(observations: readonly Observation[]) {
  const sum = observations.reduce((total, { weight }) => total + weight, 0);
  const squares = observations.reduce((total, { weight }) => total + weight ** 2, 0);
  const effectiveSize = squares > 0 ? sum ** 2 / squares : 0;
  return {
    shareOf(fact: string) {
      const having = observations.reduce(
        (total, each) => total + (each.facts.has(fact) ? each.weight : 0),
        0,
      );
      return { share: ratio(having, sum), size: effectiveSize };
    },
    /** Which events have it, as a text to compare. */
    members: (fact: string) => observations.map(({ facts }) => (facts.has(fact) ? 1 : 0)).join(''),
  };
}

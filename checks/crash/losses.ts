/** What one kill cost of one kind. */
export interface Loss {
  readonly killed: string;
  readonly kind: string;
  readonly acknowledged: number;
  readonly lost: number;
}

export interface Cell {
  readonly acknowledged: number;
  readonly lost: number;
  /** Whether no more was lost than is stated. */
  readonly passed: boolean;
}

/**
 * What a component is known to lose, by component and kind: the most that one kill may cost, and why. Everything that is
 * not here is kept whole.
 */
export type Stated = Readonly<Record<string, Readonly<Record<string, { atMostAKill: number; why: string }>>>>;

/** Sums over the rounds, by component and kind. A kind of which nothing was acknowledged shows nothing, and has not passed. */
export function cells(
  losses: readonly Loss[],
  stated: Stated,
): ReadonlyMap<string, ReadonlyMap<string, Cell>> {
  const byComponent = Map.groupBy(losses, ({ killed }) => killed);
  return new Map(
    [...byComponent].map(([killed, ofComponent]) => [
      killed,
      new Map(
        [...Map.groupBy(ofComponent, ({ kind }) => kind)].map(([kind, rounds]) => {
          const most = stated[killed]?.[kind]?.atMostAKill ?? 0;
          const acknowledged = rounds.reduce((sum, each) => sum + each.acknowledged, 0);
          return [
            kind,
            {
              acknowledged,
              lost: rounds.reduce((sum, { lost }) => sum + lost, 0),
              passed: acknowledged > 0 && rounds.every(({ lost }) => lost <= most),
            },
          ];
        }),
      ),
    ]),
  );
}

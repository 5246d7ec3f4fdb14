import type { Slo } from '../model/slo.ts';
import { overWindow, summed } from '../promql/promql.ts';

/** Bad and all events a second over `window`, from the counters that the definition names; each a series without labels. */
export function eventExpressions(
  { indicator: { counts, numerator, total } }: Pick<Slo, 'indicator'>,
  window: string,
): { readonly bad: string; readonly total: string } {
  const totalExpr = summed(overWindow(total, window));
  const numeratorExpr = `${summed(overWindow(numerator, window))} or 0 * ${totalExpr}`;
  return {
    bad: counts === 'bad' ? numeratorExpr : `clamp_min(${totalExpr} - (${numeratorExpr}), 0)`,
    total: totalExpr,
  };
}

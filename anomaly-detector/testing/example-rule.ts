import { parseRules } from '../rules/load-rules.ts';
import type { Rule } from '../rules/rule.ts';

/** A valid rule, with the given settings in place of its own. */
export function exampleRule(settings: Partial<Rule> = {}): Rule {
  const [rule] = parseRules(
    `
version: 1
rules:
  - name: requests
    title: Request rate
    unit: requests/s
    query: sum by (service) (rate(requests_total[$window]))
    step: 1m
    window: 1m
    minimum_relative_deviation: 0.2
    backfill: { history: 2d, step: 5m, window: 5m, recent: 2h }
`,
    'example.yaml',
  );
  return { ...rule!, ...settings };
}

/** A gentle daily wave around 100 with a small fixed ripple: never anomalous. */
export function wave(atSeconds: number): number {
  return 100 + 20 * Math.sin((2 * Math.PI * atSeconds) / 86_400) + 2 * Math.sin(atSeconds / 171);
}
